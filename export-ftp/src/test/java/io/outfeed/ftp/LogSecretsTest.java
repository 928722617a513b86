package io.outfeed.ftp;

import static io.outfeed.ftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.ftp.fixture.CapturedLogs;
import io.outfeed.ftp.fixture.Certificates;
import io.outfeed.ftp.fixture.OutgoingFiles;
import io.outfeed.ftp.fixture.ScriptedFtpServer;
import io.outfeed.ftp.fixture.ScriptedFtpServer.Fault;
import io.outfeed.ftp.internal.transfer.FtpSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No log has a secret, a file's content or what a server says, whatever its level, and no failure has one. */
class LogSecretsTest {

    private static final String WRONG = "wrong-horse-battery";
    private static final String CANARY = "Canary, Clara; grade 4.0";
    private static final String SAID = "clara.canary@lakeside.example";

    @TempDir
    private Path exports;

    @TempDir
    private Path staging;

    @TempDir
    private Path keys;

    private CapturedLogs logs;

    @BeforeEach
    void capture() {
        logs = CapturedLogs.start();
    }

    @AfterEach
    void stop() {
        logs.close();
    }

    /** Uploads, publishes, reads back, inspects and deletes a file. */
    private void deliver(FtpsDelivery delivery) {
        OutgoingFile file = OutgoingFiles.file(staging, CANARY.repeat(1000), IfExists.REPLACE);
        try (FtpSession session = openSession(delivery)) {
            String location =
                    session.publish(session.prepare(file), file).orElseThrow().location();
            assertThat(session.sha256(location)).contains(file.file().sha256());
            assertThat(session.inspect(location).bytes()).isEqualTo(file.file().bytes());
            assertThat(session.delete(location, file.file().bytes())).isNotNull();
        }
    }

    private void fail(FtpsDelivery delivery) {
        Throwable failure = catchThrowable(() -> deliver(delivery));
        assertThat(failure).isInstanceOf(DeliveryException.class);
        logs.log(failure);
    }

    private void assertSecret() {
        logs.log(new IllegalStateException("nothing was logged"));
        for (String secret : List.of(ScriptedFtpServer.PASSWORD, Certificates.PASSWORD, WRONG, CANARY, SAID)) {
            logs.assertNever(secret);
        }
    }

    @Test
    void should_not_log_a_password() {
        Certificates certificates = Certificates.create(keys);
        try (ScriptedFtpServer server = ScriptedFtpServer.startTls(exports, certificates, null, false)) {
            deliver(server.protectedDelivery()
                    .trustStore(certificates.store(), Certificates.PASSWORD::toCharArray)
                    .clientCertificate(certificates.store(), Certificates.PASSWORD::toCharArray)
                    .build());
            fail(server.protectedDelivery()
                    .trustStore(certificates.store(), Certificates.PASSWORD::toCharArray)
                    .password(WRONG)
                    .build());
            fail(server.protectedDelivery()
                    .trustStore(certificates.store(), WRONG::toCharArray)
                    .build());
        }

        assertSecret();
    }

    @Test
    void should_not_log_what_a_supplier_says() {
        try (ScriptedFtpServer server = ScriptedFtpServer.start(exports)) {
            fail(server.delivery()
                    .password(() -> {
                        throw new IllegalStateException("can't decrypt", new IOException(WRONG));
                    })
                    .build());
            fail(server.delivery()
                    .password(() -> {
                        throw new AssertionError(WRONG);
                    })
                    .build());
            fail(server.delivery().password(WRONG + "\n").build());
        }

        assertThat(logs.lines()).anyMatch(line -> line.contains("java.io.IOException (its message is left out"));
        assertSecret();
    }

    /** The text of an answer may quote names and addresses; its code is enough. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "USER", "PASS", "TYPE", "FEAT", "PWD", "SIZE", "RNFR", "CWD", "EPSV", "STOR", "RNTO", "DELE", "RETR"
            })
    void should_not_log_what_a_server_says(String command) {
        for (String answer : List.of("550 " + SAID, "421 " + SAID, "4xx " + SAID, SAID, "229 (" + SAID + ")")) {
            try (ScriptedFtpServer server = ScriptedFtpServer.start(exports)) {
                server.answer(command, answer);
                Throwable failure =
                        catchThrowable(() -> deliver(server.delivery().build()));
                if (failure != null) {
                    logs.log(failure);
                }
            }
        }

        assertSecret();
    }

    @Test
    void should_not_log_what_is_sent_when_the_connection_breaks() {
        for (String command : List.of("PASS", "STOR", "RNTO")) {
            try (ScriptedFtpServer server = ScriptedFtpServer.start(exports)) {
                server.fault(command, Fault.CUT_AFTER);
                fail(server.delivery().build());
            }
        }

        assertSecret();
    }
}
