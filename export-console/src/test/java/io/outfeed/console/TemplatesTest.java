package io.outfeed.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no template may do, whatever is passed to it. */
class TemplatesTest {

    private static final Path TEMPLATES = Path.of("src/main/jte");

    private static final Path ASSETS = Path.of("src/main/resources/io/outfeed/console/internal");

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void should_escape_all_output() throws IOException {
        assertThat(files(TEMPLATES))
                .hasSizeGreaterThan(15)
                .allSatisfy(file -> assertThat(read(file))
                        .as(file.toString())
                        .doesNotContain("$unsafe", "javascript:")
                        .doesNotContainPattern("(?i)\\son[a-z]+\\s*=")
                        .doesNotContainPattern("(?i)\\sstyle\\s*="));
    }

    @Test
    void should_have_relative_links_only() throws IOException {
        assertThat(files(TEMPLATES))
                .allSatisfy(file -> assertThat(read(file))
                        .as(file.toString())
                        .doesNotContainPattern("(?:href|src|action|data-[a-z]+)=\"(?:/|https?:)"));
    }

    @Test
    void should_have_one_script_and_one_style() throws IOException {
        assertThat(files(TEMPLATES))
                .filteredOn(file -> read(file).contains("<script"))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("frame.jte");
        assertThat(read(TEMPLATES.resolve("frame.jte")))
                .containsOnlyOnce("<script type=\"module\" src=\"console.js\"></script>")
                .containsOnlyOnce("<link rel=\"stylesheet\" href=\"console.css\">");
        assertThat(read(ASSETS.resolve("console.js"))).doesNotContain("innerHTML", "eval(", "http");
    }

    @Test
    void should_send_the_token_with_every_form_that_does_something() throws IOException {
        assertThat(files(TEMPLATES)).allSatisfy(file -> {
            String template = read(file);
            int forms = template.split("method=\"post\"", -1).length;
            int tokens = template.split("@template.token\\(", -1).length;
            assertThat(tokens).as(file.toString()).isEqualTo(forms);
        });
    }
}
