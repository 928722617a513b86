package io.outfeed.ftp.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ftp.fixture.Certificates;
import io.outfeed.ftp.fixture.ScriptedFtpServer;
import io.outfeed.ftp.fixture.ScriptedFtpServer.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed in the middle of a delivery: the next one delivers the file once, and leaves nothing else. */
@Tag("slow")
class KillTest {

    @TempDir
    private Path directory;

    @TempDir
    private Path exports;

    private Certificates certificates;

    @BeforeEach
    void makeCertificate() {
        certificates = Certificates.create(directory);
    }

    private Process export(ScriptedFtpServer server) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExportingHost.class.getName(),
                        directory.resolve("engine").toString(),
                        Integer.toString(server.port()),
                        certificates.pem().toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    private void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Exports with another process, and returns how the file was published. */
    private String exportToTheEnd(ScriptedFtpServer server) throws IOException, InterruptedException {
        server.obey();
        int exit = export(server).waitFor();
        String output = Files.readString(directory.resolve("output"), StandardCharsets.UTF_8);
        assertThat(exit).as(output).isZero();
        return output.lines().reduce("", (before, line) -> line);
    }

    private void assertDeliveredOnce() throws IOException {
        assertThat(exports)
                .isDirectoryContaining("glob:**/rows-1.csv")
                .isDirectoryNotContaining("glob:**.part")
                .isDirectoryNotContaining("glob:**/rows-2.csv");
        assertThat(Files.readAllLines(exports.resolve("rows-1.csv"))).hasSize(ExportingHost.ROWS + 1);
    }

    @Test
    void should_upload_again_what_was_uploaded_in_part() throws Exception {
        try (ScriptedFtpServer server = ScriptedFtpServer.startTls(exports, certificates, null, false)) {
            server.takes(300_000, "");
            Process process = export(server);
            server.awaitTaken();
            kill(process);

            assertThat(exportToTheEnd(server)).isEqualTo("1 ATOMIC");

            assertDeliveredOnce();
        }
    }

    @Test
    void should_find_that_the_file_was_renamed() throws Exception {
        try (ScriptedFtpServer server = ScriptedFtpServer.startTls(exports, certificates, null, false)) {
            server.fault("RNTO", Fault.SILENT);
            Process process = export(server);
            server.awaitUnanswered();
            kill(process);

            assertThat(exportToTheEnd(server)).isEqualTo("1 INFERRED");

            assertDeliveredOnce();
            assertThat(server.commands())
                    .filteredOn(command -> command.startsWith("STOR"))
                    .hasSize(1);
        }
    }

    @Test
    void should_rename_what_was_not_renamed() throws Exception {
        try (ScriptedFtpServer server = ScriptedFtpServer.startTls(exports, certificates, null, false)) {
            server.fault("RNTO", Fault.IGNORED);
            Process process = export(server);
            server.awaitUnanswered();
            kill(process);

            assertThat(exportToTheEnd(server)).isEqualTo("1 ATOMIC");

            assertDeliveredOnce();
            assertThat(server.commands())
                    .filteredOn(command -> command.startsWith("STOR"))
                    .hasSize(1);
        }
    }
}
