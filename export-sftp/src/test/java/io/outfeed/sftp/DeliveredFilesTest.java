package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.error.DeliveryException;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.FileRemoval;
import io.outfeed.run.file.WatchState;
import io.outfeed.sftp.fixture.Interactions;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.ProftpdServer;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inspection and deletion of files that were delivered before. */
class DeliveredFilesTest {

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");

    @TempDir
    private Path root;

    @TempDir
    private Path work;

    @Nested
    class WithMina {

        @Test
        void should_inspect_and_delete() throws Exception {
            Path exports = Files.createDirectory(root.resolve("exports"));
            try (MinaServer server = MinaServer.start(root);
                    DeliverySession session = server.delivery().build().open()) {
                assertLooksAndDeletes(session, exports, "/exports");
            }
        }

        @Test
        void should_report_that_no_answer_came() throws Exception {
            Files.createDirectory(root.resolve("exports"));
            MinaServer server = MinaServer.start(root);
            try (DeliverySession session = server.delivery().build().open()) {
                stop(server);

                assertThatThrownBy(() -> session.inspect("/exports/a.csv"))
                        .isInstanceOfSatisfying(
                                DeliveryException.class,
                                e -> assertThat(e.retryable()).isTrue())
                        .hasMessageEndingWith(", to look at /exports/a.csv failed: check the server and the network"
                                + " (delivery=lakeside)");
            }
        }

        @Test
        void should_copy_a_vanished_file_again_and_delete_it_when_its_retention_ends() throws Exception {
            Path file = Files.createDirectory(root.resolve("exports")).resolve("interactions-1.csv");
            SettableClock clock = SettableClock.at(SEVEN);
            ManualScheduler scheduler = new ManualScheduler(clock);
            try (MinaServer server = MinaServer.start(root);
                    ExportEngine engine = ExportEngine.builder()
                            .directory(work)
                            .clock(clock)
                            .scheduler(scheduler)
                            .build()) {
                engine.start();
                engine.add(ExportJob.builder(
                                "interactions-lakeside", Interactions.writtenAt(SEVEN.minus(Duration.ofHours(2))))
                        .deliverTo(server.delivery().build())
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .retention(Duration.ofDays(90))
                        .build());
                engine.job("interactions-lakeside").runNow();
                Files.delete(file);

                scheduler.advance(Duration.ofMinutes(10));
                assertThat(file).hasContent("interaction_id\r\ni-1\r\n");
                scheduler.advance(Duration.ofMinutes(10));
                assertThat(step(engine).watch().orElseThrow().state()).isEqualTo(WatchState.SEEN);
                assertThat(step(engine).watch().orElseThrow().recopied()).isEqualTo(1);
                assertThat(server.files()).containsExactly("exports/interactions-1.csv");

                clock.advance(Duration.ofDays(90)); // not inspection by inspection
                scheduler.runDue();
                assertThat(file).doesNotExist();
                assertThat(step(engine).removal())
                        .map(FileRemoval::outcome)
                        .isEqualTo(Optional.of(FileRemoval.Outcome.DELETED));
            }
        }

        private static void stop(MinaServer server) throws IOException {
            server.close();
        }

        private static FileDelivery step(ExportEngine engine) {
            return engine.run(1).run().deliveries().get(0);
        }
    }

    @Nested
    class WithOpenSsh {

        @Test
        void should_inspect_and_delete() throws Exception {
            try (OpenSshServer server = OpenSshServer.start(root);
                    DeliverySession session = open(server)) {
                assertLooksAndDeletes(
                        session, server.exports(), server.exports().toString());
            }
        }

        @Test
        void should_not_treat_a_denied_inspection_as_a_loss() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(root, "stat,lstat");
                    DeliverySession session = open(server)) {
                Path file = Files.writeString(server.exports().resolve("a.csv"), "a\r\n");

                assertThat(session.inspect(file.toString())).isEqualTo(Inspection.notSaid());
                assertThat(session.delete(file.toString(), 3)).isEqualTo(Deletion.NOT_SAID);
                assertThat(file).exists();
            }
        }

        @Test
        void should_report_a_denied_deletion() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(root, "remove");
                    DeliverySession session = open(server)) {
                Path file = Files.writeString(server.exports().resolve("a.csv"), "a\r\n");

                assertThat(session.delete(file.toString(), 3)).isEqualTo(Deletion.NOT_SAID);
                assertThat(file).exists();
            }
        }

        private static DeliverySession open(OpenSshServer server) throws Exception {
            return server.withLogin().build().open();
        }
    }

    @Nested
    class WithProftpd {

        @Test
        void should_inspect_and_delete() throws Exception {
            try (ProftpdServer server = ProftpdServer.start(root);
                    DeliverySession session = server.delivery().build().open()) {
                assertLooksAndDeletes(
                        session, server.exports(), server.exports().toString());
            }
        }
    }

    /** Files in a directory, which the server shows by another name. */
    private static void assertLooksAndDeletes(DeliverySession session, Path exports, String shown) throws Exception {
        Path file = Files.writeString(exports.resolve("a.csv"), "a\r\n");
        Files.createDirectory(exports.resolve("folder"));
        Files.createSymbolicLink(exports.resolve("link.csv"), Path.of("a.csv"));

        assertThat(session.inspect(shown + "/a.csv").bytes()).isEqualTo(3);
        assertThat(session.inspect(shown + "/b.csv")).isEqualTo(Inspection.missing());
        assertThat(session.inspect(shown + "/2026/b.csv")).isEqualTo(Inspection.directoryMissing());
        assertThat(session.inspect(shown + "/folder")).isEqualTo(Inspection.other());
        assertThat(session.inspect(shown + "/link.csv")).isEqualTo(Inspection.other());

        assertThat(session.delete(shown + "/a.csv", 4)).isEqualTo(Deletion.DIFFERENT);
        assertThat(session.delete(shown + "/link.csv", 3)).isEqualTo(Deletion.DIFFERENT);
        assertThat(session.delete(shown + "/folder", 3)).isEqualTo(Deletion.DIFFERENT);
        assertThat(session.delete(shown + "/2026/b.csv", 3)).isEqualTo(Deletion.NOT_SAID);
        assertThat(file).exists();
        assertThat(session.delete(shown + "/a.csv", 3)).isEqualTo(Deletion.DELETED);
        assertThat(session.delete(shown + "/a.csv", 3)).isEqualTo(Deletion.NOT_THERE);
        assertThat(names(exports)).containsExactlyInAnyOrder("folder", "link.csv");
    }

    private static String[] names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toArray(String[]::new);
        }
    }
}
