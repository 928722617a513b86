package io.outfeed.sftp;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.sftp.SftpDelivery.MissingDirectory;
import io.outfeed.sftp.fixture.Interactions;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.fixture.ProftpdServer;
import io.outfeed.sftp.internal.transfer.SftpSession;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that begin at the login's home. */
@Timeout(60)
class RelativeDirectoryTest {

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private static OpenSshServer openSsh(Path root, String options) {
        return OpenSshServer.startWith(root, "ForceCommand internal-sftp -d " + root + options);
    }

    private DeliveryReceipt deliver(SftpDelivery delivery) {
        OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.REPLACE);
        try (SftpSession session = openSession(delivery)) {
            return session.publish(session.prepare(file), file).orElseThrow();
        }
    }

    private void assertDelivers(SftpDelivery delivery, Path directory, String shown) {
        assertThat(deliver(delivery)).isEqualTo(new DeliveryReceipt(shown + "interactions-12.csv", Publication.ATOMIC));
        assertThat(directory.resolve("interactions-12.csv")).hasContent("a\r\n");
        try (SftpSession session = openSession(delivery)) {
            assertThat(session.inspect(shown + "interactions-12.csv").presence())
                    .isIn(Inspection.Presence.PRESENT, Inspection.Presence.NOT_SAID);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exports", "exports/", "in/exports"})
    void should_begin_at_the_home_of_openssh(String directory) throws Exception {
        Path exports = Files.createDirectories(root.resolve(directory));
        try (OpenSshServer server = openSsh(root, "")) {
            assertDelivers(server.withLogin().directory(directory).build(), exports, exports.toRealPath() + "/");
        }
    }

    @Test
    void should_be_the_home_itself() throws Exception {
        try (OpenSshServer server = openSsh(root, "")) {
            assertDelivers(server.withLogin().directory(".").build(), root, root.toRealPath() + "/");
        }
    }

    /** The real path stays true when the link is changed. */
    @Test
    void should_have_the_real_path_of_a_link() throws Exception {
        Path first = Files.createDirectory(root.resolve("first"));
        Path link = Files.createSymbolicLink(root.resolve("current"), first);
        try (OpenSshServer server = openSsh(root, "")) {
            assertDelivers(server.withLogin().directory("current").build(), first, first.toRealPath() + "/");
            assertThat(link).isSymbolicLink();
        }
    }

    @Test
    void should_create_a_missing_directory() throws Exception {
        try (OpenSshServer server = openSsh(root, "")) {
            SftpDelivery delivery = server.withLogin()
                    .directory("new/exports")
                    .missingDirectory(MissingDirectory.CREATE)
                    .build();

            assertDelivers(delivery, root.resolve("new/exports"), root.toRealPath() + "/new/exports/");
        }
    }

    @Test
    void should_name_the_path_of_a_missing_directory() throws Exception {
        try (OpenSshServer server = openSsh(root, "");
                SftpSession session =
                        openSession(server.withLogin().directory("nowhere").build())) {
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);

            assertThatThrownBy(() -> session.prepare(file))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_MISSING))
                    .hasMessageStartingWith("the directory " + root.toRealPath() + "/nowhere is not there");
        }
    }

    /** A drop box may permit nothing but to open, to write and to rename. */
    @ParameterizedTest
    @CsvSource({
        "exports, exports/, realpath",
        "exports, exports/, 'realpath,stat,lstat,fstat,opendir,readdir,readlink'",
        ".,       '',       'realpath,stat,lstat,fstat,opendir,readdir,readlink'",
    })
    void should_be_used_as_it_is_where_the_server_tells_no_real_path(String directory, String shown, String denied)
            throws Exception {
        try (OpenSshServer server = openSsh(root, " -P " + denied)) {
            assertDelivers(server.withLogin().directory(directory).build(), root.resolve(directory), shown);
        }
    }

    @Test
    void should_begin_at_the_home_of_mina() throws Exception {
        Path exports = Files.createDirectory(root.resolve("exports"));
        try (MinaServer server = MinaServer.start(root)) {
            assertDelivers(server.delivery().directory("exports").build(), exports, "/exports/");
            assertDelivers(server.delivery().directory(".").build(), root, "/");
            assertDelivers(
                    server.delivery()
                            .directory("new/exports")
                            .missingDirectory(MissingDirectory.CREATE)
                            .build(),
                    root.resolve("new/exports"),
                    "/new/exports/");
        }
    }

    @Test
    void should_begin_at_the_home_of_proftpd() throws Exception {
        try (ProftpdServer server = ProftpdServer.start(root)) {
            DeliveryReceipt receipt = deliver(server.delivery()
                    .directory("exports")
                    .missingDirectory(MissingDirectory.CREATE)
                    .build());

            assertThat(Path.of(receipt.location())).isAbsolute().hasContent("a\r\n");
        }
    }

    @Test
    void should_be_one_place_with_its_absolute_path() throws Exception {
        Path exports = Files.createDirectory(root.resolve("exports"));
        try (MinaServer server = MinaServer.start(root)) {
            DeliveryReceipt receipt =
                    deliver(server.delivery().directory("exports").build());

            try (SftpSession session = openSession(server.delivery().build())) {
                assertThat(session.inspect(receipt.location()).bytes()).isEqualTo(3);
                assertThat(session.delete(receipt.location(), 3)).isEqualTo(Deletion.DELETED);
            }
            assertThat(exports).isEmptyDirectory();
        }
    }

    @Test
    void should_be_watched_and_cleared_by_its_real_path() throws Exception {
        Path file = Files.createDirectory(root.resolve("exports")).resolve("interactions-1.csv");
        SettableClock clock = SettableClock.at(SEVEN);
        ManualScheduler scheduler = new ManualScheduler(clock);
        try (MinaServer server = MinaServer.start(root);
                ExportEngine engine = ExportEngine.builder()
                        .directory(staging.resolve("outfeed"))
                        .clock(clock)
                        .scheduler(scheduler)
                        .build()) {
            engine.start();
            engine.add(
                    ExportJob.builder("interactions-lakeside", Interactions.writtenAt(SEVEN.minus(Duration.ofHours(2))))
                            .deliverTo(server.delivery().directory("exports").build())
                            .watch(DeliveredFileWatch.everyTenMinutes())
                            .retention(Duration.ofDays(90))
                            .build());
            engine.job("interactions-lakeside").runNow();
            assertThat(step(engine).receipt())
                    .contains(new DeliveryReceipt("/exports/interactions-1.csv", Publication.ATOMIC));
            delete(file);

            scheduler.advance(Duration.ofMinutes(10));
            assertThat(file).hasContent("interaction_id\r\ni-1\r\n");
            scheduler.advance(Duration.ofMinutes(10));
            assertThat(step(engine).watch().orElseThrow().recopied()).isEqualTo(1);

            clock.advance(Duration.ofDays(90));
            scheduler.runDue();
            assertThat(file).doesNotExist();
            assertThat(step(engine).removal())
                    .map(FileRemoval::outcome)
                    .isEqualTo(Optional.of(FileRemoval.Outcome.DELETED));
        }
    }

    private static void delete(Path file) throws IOException {
        Files.delete(file);
    }

    private static FileDelivery step(ExportEngine engine) {
        return engine.run(1).run().deliveries().get(0);
    }
}
