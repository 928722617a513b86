package io.outfeed.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.jdbc.databases.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many rows in a heap of 64 MiB, which could not hold them. More: {@code -Doutfeed.rows=10000000}.
 */
@Tag("slow")
class SmallHeapTest {

    private static final long ROWS = Long.getLong("outfeed.rows", 500_000);

    @Test
    void should_export_more_rows_than_the_heap_holds(@TempDir Path home) throws Exception {
        String address;
        try (Connection connection = TestPostgres.newDatabase().getConnection()) {
            address = connection.getMetaData().getURL();
        }
        Path log = home.resolve("log");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyRows.class.getName(),
                        address,
                        Long.toString(ROWS),
                        home.resolve("engine").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();

        System.out.print(Files.readString(log));
        assertThat(exit).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).startsWith(ROWS + " rows, ").contains(" MiB");
    }
}
