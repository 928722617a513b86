package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of the starter, which has no descriptor that would hide any. A package that is not internal is API. */
class PackagesTest {

    private static final String INTERNAL = "io.outfeed.spring.internal";

    @Test
    void should_have_one_internal_package_and_these_others() throws IOException, URISyntaxException {
        assertThat(packages())
                .containsExactly("io.outfeed.spring", "io.outfeed.spring.actuate", INTERNAL, "io.outfeed.spring.test");
    }

    /** In directories, as Maven compiles them before the tests. */
    private static Set<String> packages() throws IOException, URISyntaxException {
        Path classes = Path.of(OutfeedProperties.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> classes.relativize(file.resolveSibling("")).toString())
                    .map(folder -> folder.replace(File.separatorChar, '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
