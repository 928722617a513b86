package io.outfeed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps docs/architecture.md true: what it names is there. */
class ArchitecturePageTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w+)(?:[.#(][^`]*)?`");
    private static final Pattern LINK = Pattern.compile("]\\((?!http)([^)#]+)\\)");
    private static final Pattern INTERNAL_ROOM = Pattern.compile("(?m)^\\| ((?:`[a-z]+`(?:, )?)+) \\|");

    private static String page() throws IOException {
        return Files.readString(ROOT.resolve("docs/architecture.md"));
    }

    private static Set<String> sources(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().contains("src"))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void should_name_classes_that_are_there() throws IOException {
        Set<String> named = found(CLASS, page());
        named.removeAll(Set.of("InterruptedException", "Instant", "Options")); // of the JDK, and nested
        Set<String> sources = sources(".java");

        assertThat(named)
                .hasSizeGreaterThan(80)
                .allSatisfy(name -> assertThat(sources).contains(name + ".java"));
    }

    @Test
    void should_name_every_room_behind_the_engine() throws IOException {
        Set<String> rooms = new TreeSet<>();
        String page = page();
        int from = page.indexOf("Behind the engine");
        int until = page.indexOf("## Rooms of the other modules");
        for (String row : found(INTERNAL_ROOM, page.substring(from, until))) {
            Stream.of(row.replace("`", "").split(", ")).forEach(rooms::add);
        }
        Set<String> packages;
        try (Stream<Path> folders = Files.list(ROOT.resolve("export-core/src/main/java/io/outfeed/internal"))) {
            packages = folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toSet());
        }

        assertThat(rooms).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void should_link_to_what_is_there() throws IOException {
        assertThat(found(LINK, page()))
                .isNotEmpty()
                .allSatisfy(
                        link -> assertThat(ROOT.resolve("docs").resolve(link)).exists());
    }

    @Test
    void should_name_tables_that_are_there() throws IOException {
        Set<String> tables = found(Pattern.compile("`([a-z-]+\\.txt)`"), page());

        assertThat(sources(".txt")).containsAll(tables);
        assertThat(tables).isNotEmpty();
    }
}
