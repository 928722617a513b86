package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The guarantees of each kind of publication in difficult cases. */
class PublicationTest {

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    @Test
    void should_have_no_done_file_while_the_file_is_incomplete() throws IOException {
        Path done = makeExports().resolve("interactions-12.csv.done");
        Files.writeString(done, "of the file before");
        try (MinaServer server = MinaServer.start(root);
                SftpSession session = openSession(server.delivery()
                        .publication(SftpPublication.DIRECT_WITH_DONE_FILE)
                        .build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.REPLACE);
            PreparedFile prepared = session.prepare(file);
            server.faults().corrupt();

            assertThatThrownBy(() -> session.publish(prepared, file))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("has another content");

            assertThat(done).doesNotExist();
        }
    }

    /** A new file replaces none: a plain rename is enough. */
    @Test
    void should_not_require_posix_rename_where_nothing_is_replaced() throws Exception {
        try (OpenSshServer server = OpenSshServer.startDenying(root, "posix-rename");
                SftpSession session = openSession(server.withLogin()
                        .publication(SftpPublication.ATOMIC_RENAME)
                        .build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);

            assertThat(session.publish(session.prepare(file), file))
                    .contains(new DeliveryReceipt(
                            server.exports().resolve("interactions-12.csv").toString(), Publication.ATOMIC));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SftpPublication.class,
            names = {"DIRECT", "DIRECT_WITH_DONE_FILE"})
    void should_report_a_missing_directory_before_it_publishes(SftpPublication publication) throws IOException {
        try (MinaServer server = MinaServer.start(root);
                SftpSession session =
                        openSession(server.delivery().publication(publication).build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);

            assertThatThrownBy(() -> session.prepare(file))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessage("the directory /exports is not there at 127.0.0.1:" + server.port()
                            + ": make it there, or correct the directory of the delivery (delivery=lakeside,"
                            + " job=interactions-lakeside, run=41)");
        }
    }

    private Path makeExports() throws IOException {
        return Files.createDirectory(root.resolve("exports"));
    }
}
