package io.outfeed.blackbox;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** JUnit and AssertJ are optional: without them everything but the contract tests works. */
class WithoutTestFrameworkTest {

    /** What the module with the fakes needs on the module path: less than the tests of this module have. */
    private static final Set<String> NEEDED = Set.of(
            "io.outfeed.core",
            "io.outfeed.testing",
            "org.apache.commons.codec",
            "org.apache.commons.csv",
            "org.apache.commons.io",
            "org.slf4j");

    @Test
    void should_work_on_the_module_path() throws Exception {
        String modulePath = ModuleLayer.boot().configuration().modules().stream()
                .filter(module -> NEEDED.contains(module.name()))
                .map(ResolvedModule::reference)
                .map(ModuleReference::location)
                .flatMap(Optional::stream)
                .map(location -> Path.of(location).toString())
                .collect(joining(File.pathSeparator));

        assertThat(run(
                        "--module-path",
                        modulePath,
                        "--add-modules",
                        "io.outfeed.testing",
                        "--class-path",
                        Path.of("target", "test-classes").toString(),
                        WithoutTestFramework.class.getName()))
                .endsWith("[id, 1]")
                .contains("[io.outfeed.core, io.outfeed.testing, org.apache.commons.")
                .doesNotContain("junit", "assertj", "Exception");
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:TieredStopAtLevel=1"),
                                List.of(arguments).stream())
                        .toList())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }
}
