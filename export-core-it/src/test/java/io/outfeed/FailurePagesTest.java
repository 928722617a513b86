package io.outfeed;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keeps docs/guide/errors complete: each code of a failure has a page that says what it is and what to do. */
class FailurePagesTest {

    private static final Path PAGES =
            Path.of("../docs/guide/errors").toAbsolutePath().normalize();

    private static final Pattern LINK = Pattern.compile("- \\[([A-Z_]+)]\\(([^)]+)\\)");

    private static String page(FailureCode code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".md";
    }

    private static List<String> lines(FailureCode code) throws IOException {
        return Files.readAllLines(PAGES.resolve(page(code)));
    }

    @Test
    void should_have_a_page_for_each_code_and_no_other() throws IOException {
        List<String> pages;
        try (Stream<Path> files = Files.list(PAGES)) {
            pages = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("README.md"))
                    .toList();
        }

        assertThat(pages)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FailureCode.values())
                        .map(FailurePagesTest::page)
                        .toList());
    }

    @Test
    void should_link_to_each_page_from_the_index() throws IOException {
        List<String> links = LINK.matcher(Files.readString(PAGES.resolve("README.md")))
                .results()
                .map((MatchResult link) -> link.group(1) + " " + link.group(2))
                .toList();

        assertThat(links)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(FailureCode.values())
                        .map(code -> code + " " + page(code))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void should_say_what_it_means_what_the_library_does_and_what_to_do(FailureCode code) throws IOException {
        assertThat(lines(code))
                .startsWith("# " + code)
                .containsSubsequence("## What it means for the data", "## What Outfeed does", "## What to do")
                .filteredOn(line -> line.startsWith("## "))
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void should_say_when_it_is_tried_again(FailureCode code) throws IOException {
        String when = switch (code.remedy()) {
            case TIME -> "at growing intervals";
            case PERSON -> "once an hour";
            case CHANGED_JOB, DECISION -> "no";
        };

        assertThat(lines(code))
                .filteredOn(line -> line.startsWith("Tried again:"))
                .containsExactly("Tried again: " + when);
    }
}
