package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Code in the README and the guide, and where it is compiled. */
final class Readme {

    private static final Path ROOT = Path.of("..");
    private static final Path SOURCES = Path.of("src/test/java/io/outfeed/examples");

    private Readme() {}

    /** The first code below a heading of the README. */
    static String code(String heading) throws IOException {
        return code("README.md", heading);
    }

    /** The first code below a heading. */
    static String code(String document, String heading) throws IOException {
        return block(document, heading, "java");
    }

    /** The first block in a language below a heading. */
    static String block(String document, String heading, String language) throws IOException {
        Path file = ROOT.resolve(document);
        assertThat(file).as(document + " with '" + heading + "'").exists();
        String text = Files.readString(file);
        assertThat(text).as(document).contains(heading + "\n");
        return between(text.substring(text.indexOf(heading + "\n")), "```" + language + "\n", "```");
    }

    /** What lies between two marks of a source file. */
    static String region(String file, String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(file));
        return between(source, "// " + name + ":begin\n", "// " + name + ":end").stripIndent();
    }

    private static String between(String text, String begin, String end) {
        assertThat(text).contains(begin, end);
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
