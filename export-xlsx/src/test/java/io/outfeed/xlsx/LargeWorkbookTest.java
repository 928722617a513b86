package io.outfeed.xlsx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many rows of 20 cells in a heap of 64 MiB, which could not hold them. More: {@code -Doutfeed.rows=1000000}. */
@Tag("slow")
class LargeWorkbookTest {

    private static final long ROWS = Long.getLong("outfeed.rows", 200_000);

    @Test
    void should_export_more_rows_than_the_heap_holds(@TempDir Path home) throws Exception {
        Path log = home.resolve("log");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyRows.class.getName(),
                        Long.toString(ROWS),
                        home.resolve("engine").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();

        System.out.print(Files.readString(log));
        assertThat(exit).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains(ROWS + " rows, ").contains(" MiB");
    }
}
