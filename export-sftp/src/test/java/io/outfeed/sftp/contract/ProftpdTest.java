package io.outfeed.sftp.contract;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.fixture.ProftpdServer;
import io.outfeed.sftp.internal.transfer.SftpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract at a real ProFTPD, and its peculiarities. */
class ProftpdTest extends ServerContract {

    private static ProftpdServer server;

    @TempDir
    private Path exports;

    @TempDir
    private Path staging;

    @BeforeAll
    static void start(@TempDir Path home) {
        server = ProftpdServer.start(home);
    }

    @AfterAll
    static void stop() {
        @Nullable ProftpdServer started = server; // null where the tests are skipped
        if (started != null) {
            started.close();
        }
    }

    @Override
    Path exports() {
        return exports;
    }

    @Override
    protected SftpDelivery delivery() {
        return by(SftpPublication.PROBE);
    }

    private SftpDelivery by(SftpPublication publication) {
        return server.delivery()
                .directory(exports.toString())
                .publication(publication)
                .build();
    }

    /** The server stores what was sent, so only a wrong expected hash shows that the hash was compared. */
    @Test
    void should_compare_the_hash_that_the_server_computes() {
        OutgoingFile right = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
        String other = OutgoingFiles.sha256("b\r\n".getBytes(StandardCharsets.UTF_8));
        StagedFile staged = new StagedFile("interactions", "", right.file().name(), 1, 3, other);
        OutgoingFile file =
                new OutgoingFile(right.job(), right.run(), right.token(), staged, right.content(), IfExists.FAIL);
        try (SftpSession session = openSession(delivery())) {
            assertThatThrownBy(() -> session.prepare(file))
                    .hasMessageContaining(OutgoingFiles.TEMPORARY + " has another content at 127.0.0.1:")
                    .hasMessageContaining("its SHA-256 is " + right.file().sha256() + " instead of " + other);
        }
        assertThat(exports).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"PROBE, ATOMIC", "RENAME, NOT_ATOMIC"})
    void should_report_how_an_old_file_was_replaced(SftpPublication publication, Publication reached)
            throws IOException {
        Path target = Files.writeString(exports.resolve("interactions-12.csv"), "old");
        OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.REPLACE);
        try (SftpSession session = openSession(by(publication))) {
            PreparedFile prepared = session.prepare(file);

            assertThat(session.publish(prepared, file)).contains(new DeliveryReceipt(target.toString(), reached));
            assertThat(session.publish(prepared, file)).as("once more").isEmpty();
        }
        assertThat(target).hasContent("a\r\n");
    }

    /** The final name is in use by this very file, which must not be removed to replace it by a missing one. */
    @Test
    void should_keep_a_published_file_where_attributes_are_denied(@TempDir Path home) {
        OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.REPLACE);
        try (ProftpdServer blind = ProftpdServer.startDenying(home, "STAT LSTAT FSTAT");
                SftpSession session = openSession(
                        blind.delivery().publication(SftpPublication.RENAME).build())) {
            PreparedFile prepared = session.prepare(file);
            assertThat(session.publish(prepared, file)).isPresent();

            assertThat(session.publish(prepared, file)).as("once more").isEmpty();
            assertThat(blind.exports().resolve("interactions-12.csv")).hasContent("a\r\n");
        }
    }
}
