package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.jdbc.databases.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file in the spool is larger than the memory of its process. {@code -Doutfeed.spooled=5000000000} for another size
 * than that of the gate.
 */
@Tag("slow")
class LargeSpooledFileTest {

    private static final long BYTES = Long.getLong("outfeed.spooled", 48_000_001);

    @Test
    void should_save_and_read_a_file_that_is_larger_than_the_heap(@TempDir Path directory) throws Exception {
        String address;
        try (Connection connection = TestPostgres.newDatabase().getConnection()) {
            address = connection.getMetaData().getURL();
        }
        Path log = directory.resolve("log");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyBytes.class.getName(),
                        address,
                        Long.toString(BYTES))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains(BYTES + " bytes, the same");
    }
}
