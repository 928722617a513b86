package io.outfeed.ftp.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ftp.fixture.ScriptedFtpServer;
import io.outfeed.ftp.internal.tls.TlsVersionHint;
import io.outfeed.internal.connection.Watchdogs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands during an upload: their answers and that of the upload are told apart. */
class KeepAliveTest {

    private static final int PARTS = 5;

    @TempDir
    private Path exports;

    /** The connection of the test sends a command after each part. */
    private static Endpoint endpoint(int port) {
        return new Endpoint(
                "127.0.0.1",
                port,
                "outfeed",
                ScriptedFtpServer.PASSWORD::toCharArray,
                null,
                DataMode.PASSIVE,
                null,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofNanos(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 fine", "500 what?", "450 busy"})
    void should_find_the_answer_of_the_upload(String noop) throws IOException {
        try (ScriptedFtpServer server = ScriptedFtpServer.start(exports);
                Watchdogs watchdogs = new Watchdogs("ftp")) {
            server.answer("NOOP", noop);
            FtpConnection connection =
                    new Connector("lakeside", endpoint(server.port()), new TlsVersionHint(), watchdogs).open();
            int[] left = {PARTS};

            connection.store("/exports/a.csv", 0, into -> left[0]-- > 0 ? 1000 : 0, bytes -> {});

            assertThat(exports.resolve("a.csv")).hasSize(PARTS * 1000);
            assertThat(server.commands()).filteredOn("NOOP"::equals).hasSize(PARTS);
            assertThat(connection.command("PWD", null).lines()).containsExactly("257 \"/\" is it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 fine", "500 what?"})
    void should_find_the_refusal_of_the_upload(String noop) throws IOException {
        try (ScriptedFtpServer server = ScriptedFtpServer.start(exports);
                Watchdogs watchdogs = new Watchdogs("ftp")) {
            server.answer("NOOP", noop).takes(PARTS * 1000, "552 quota");
            FtpConnection connection =
                    new Connector("lakeside", endpoint(server.port()), new TlsVersionHint(), watchdogs).open();
            int[] left = {PARTS};
            IOException refusal = null;
            try {
                connection.store("/exports/a.csv", 0, into -> left[0]-- > 0 ? 1000 : 0, bytes -> {});
            } catch (RefusedException e) {
                refusal = e;
            }

            assertThat(refusal).hasMessage("the server answered 552");
            assertThat(connection.command("PWD", null).lines()).containsExactly("257 \"/\" is it");
        }
    }
}
