package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.SftpDelivery.FileTimes;
import io.outfeed.sftp.SftpDelivery.MissingDirectory;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.network.FaultyProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.sftp.common.SftpConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads and publications: options, what the server supports, and connections that break and are reused. */
@Timeout(60)
class TransferTest {

    private static final String AT = " (delivery=lakeside, job=interactions-lakeside, run=41)";
    private static final byte[] LARGE = new byte[6_000_000];

    static {
        new Random(1).nextBytes(LARGE);
    }

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private MinaServer server;
    private Path target;

    @BeforeEach
    void start() throws IOException {
        Files.createDirectory(root.resolve("exports"));
        target = root.resolve("exports/interactions-12.csv");
        server = MinaServer.start(root);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private static boolean retryable(Throwable thrown) {
        return ((DeliveryException) thrown).retryable();
    }

    private DeliveryReceipt deliver(SftpDelivery.Builder delivery, IfExists ifExists, String content) {
        try (SftpSession session = openSession(delivery.build())) {
            OutgoingFile file = OutgoingFiles.file(staging, content, ifExists);
            return session.publish(session.prepare(file), file).orElseThrow();
        }
    }

    private static DeliveryReceipt receipt(Publication publication) {
        return new DeliveryReceipt("/exports/interactions-12.csv", publication);
    }

    @Nested
    class Publishing {

        @ParameterizedTest
        @CsvSource({
            "PROBE,ATOMIC",
            "ATOMIC_RENAME,ATOMIC",
            "RENAME,NOT_ATOMIC",
            "DIRECT,DIRECT",
            "DIRECT_WITH_DONE_FILE,DONE_FILE",
        })
        void should_report_how_an_old_file_was_replaced(SftpPublication publication, Publication reached)
                throws IOException {
            Files.writeString(target, "old");

            assertThat(deliver(server.delivery().publication(publication), IfExists.REPLACE, "a\r\n"))
                    .isEqualTo(receipt(reached));

            assertThat(target).hasContent("a\r\n");
        }

        @Test
        void should_write_nothing_before_it_publishes_directly() {
            try (SftpSession session = openSession(server.delivery()
                    .publication(SftpPublication.DIRECT_WITH_DONE_FILE)
                    .build())) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                PreparedFile prepared = session.prepare(file);
                assertThat(server.files()).isEmpty();

                assertThat(session.publish(prepared, file)).contains(receipt(Publication.DONE_FILE));
                assertThat(session.publish(prepared.toTouched(), file))
                        .as("once more")
                        .contains(receipt(Publication.DONE_FILE));
            }
            assertThat(server.files())
                    .containsExactly("exports/interactions-12.csv", "exports/interactions-12.csv.done");
            assertThat(target).hasContent("a\r\n");
            assertThat(root.resolve("exports/interactions-12.csv.done")).isEmptyFile();
        }

        @Test
        void should_not_overwrite_a_file_before_it_writes_directly() throws IOException {
            Files.writeString(target, "old");

            assertThatThrownBy(() ->
                            deliver(server.delivery().publication(SftpPublication.DIRECT), IfExists.FAIL, "a\r\n"))
                    .hasMessage("/exports/interactions-12.csv exists already: let the receiver take it, or"
                            + " give the file a name that is free: with {sequence}, or,"
                            + " where a new store counts from 1 again, with another text"
                            + " before {sequence}; or choose ifExists(REPLACE)" + AT);
            assertThat(target).hasContent("old");
        }

        @Test
        void should_write_directly_where_there_is_no_rename() {
            server.faults().refuseRenames(SftpConstants.SSH_FX_OP_UNSUPPORTED);

            assertThat(deliver(server.delivery(), IfExists.FAIL, "a\r\n")).isEqualTo(receipt(Publication.DIRECT));

            assertThat(server.files()).containsExactly("exports/interactions-12.csv");
            assertThat(target).hasContent("a\r\n");
        }

        @Test
        void should_not_write_directly_where_a_rename_is_configured() {
            server.faults().refuseRenames(SftpConstants.SSH_FX_OP_UNSUPPORTED);

            assertThatThrownBy(() ->
                            deliver(server.delivery().publication(SftpPublication.RENAME), IfExists.FAIL, "a\r\n"))
                    .hasMessage("127.0.0.1:" + server.port() + " refused to rename /exports/" + OutgoingFiles.TEMPORARY
                            + " to /exports/interactions-12.csv with status OP_UNSUPPORTED: ask its operator why" + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
        }

        @Test
        void should_report_that_a_rename_is_not_permitted() {
            server.faults().refuseRenames(SftpConstants.SSH_FX_PERMISSION_DENIED);

            assertThatThrownBy(() -> deliver(server.delivery(), IfExists.FAIL, "a\r\n"))
                    .hasMessage("127.0.0.1:" + server.port() + " refused to rename /exports/" + OutgoingFiles.TEMPORARY
                            + " to /exports/interactions-12.csv: give user 'outfeed' the permission" + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isFalse());
        }
    }

    @Nested
    class Options {

        @Test
        void should_create_the_directory() {
            deliver(
                    server.delivery().directory("/a/b").missingDirectory(MissingDirectory.CREATE),
                    IfExists.FAIL,
                    "a\r\n");

            assertThat(server.files()).containsExactly("a/b/interactions-12.csv");
        }

        @Test
        void should_set_permissions_and_the_time() throws IOException {
            FileTime staged = FileTime.from(Instant.parse("2026-03-01T06:00:00Z"));
            try (SftpSession session = openSession(server.delivery()
                    .permissions("rw-r-----")
                    .fileTimes(FileTimes.STAGED)
                    .build())) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                Files.setLastModifiedTime(file.content(), staged);
                session.publish(session.prepare(file), file);
            }

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                    .isEqualTo("rw-r-----");
            assertThat(Files.getLastModifiedTime(target)).isEqualTo(staged);
        }

        @Test
        void should_deliver_where_times_can_not_be_set() {
            server.faults().refuseAttributes();

            assertThat(deliver(server.delivery().fileTimes(FileTimes.STAGED), IfExists.FAIL, "a\r\n"))
                    .isEqualTo(receipt(Publication.ATOMIC));
        }

        @Test
        void should_compare_the_hash_where_the_server_computes_one() {
            server.faults().corrupt();

            assertThatThrownBy(() -> deliver(server.delivery(), IfExists.FAIL, "a\r\n"))
                    .hasMessage(
                            "/exports/" + OutgoingFiles.TEMPORARY + " has another content at 127.0.0.1:" + server.port()
                                    + " than what was sent, its SHA-256 is "
                                    + OutgoingFiles.sha256(new byte[] {'a' ^ 1, '\r', '\n'})
                                    + " instead of " + OutgoingFiles.sha256(new byte[] {'a', '\r', '\n'}) + AT)
                    .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
            assertThat(server.files()).isEmpty();
        }
    }

    /** At most 64 writes are unconfirmed at a time. */
    @Nested
    class UnconfirmedWrites {

        @BeforeEach
        void takeLittleAtOnce() {
            server.takeLittleAtOnce();
        }

        private SftpSession connect(Duration operationTimeout) {
            SftpSession session = openSession(server.delivery()
                    .operationTimeout(operationTimeout)
                    .idleTimeout(Duration.ZERO)
                    .build());
            server.packets().pass();
            return session;
        }

        @Test
        void should_limit_the_unconfirmed_writes() {
            server.window(64L << 20);
            server.faults().freezeWrites();
            try (SftpSession session = connect(Duration.ofMillis(700))) {
                assertThatThrownBy(() -> session.prepare(OutgoingFiles.file(staging, "", LARGE, IfExists.FAIL)))
                        .hasMessageContaining("gave no answer within 700 ms to upload");
            }

            assertThat(server.packets().passed()).as("two of each write").isBetween(2 * 64, 2 * 64 + 20);
        }

        /** A started write is completed with zeros, so that the connection stays usable. */
        @Test
        void should_remove_the_upload_of_a_file_that_became_shorter() throws IOException {
            OutgoingFile whole = OutgoingFiles.file(staging, "", LARGE, IfExists.FAIL);
            OutgoingFile shrinking = new OutgoingFile(
                    whole.job(),
                    whole.run(),
                    whole.token(),
                    whole.upload(),
                    whole.file(),
                    whole.content(),
                    whole.ifExists(),
                    sent -> cut(whole.content(), 3_000_000));
            try (SftpSession session = connect(Duration.ofSeconds(10))) {
                assertThatThrownBy(() -> session.prepare(shrinking))
                        .hasMessage("can't read the staged file " + whole.content() + AT)
                        .hasRootCauseMessage("the file has become shorter")
                        .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
                assertThat(server.files()).isEmpty();

                Files.write(whole.content(), LARGE);
                assertThat(session.publish(session.prepare(whole), whole)).isPresent();
            }
            assertThat(target).hasBinaryContent(LARGE);
        }

        private static void cut(Path file, long bytes) {
            try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
                open.truncate(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Test
        void should_wait_for_the_oldest_answer_while_later_ones_have_arrived() {
            server.faults().slowWrites(Duration.ofMillis(2));
            server.faults().answerLate(20);

            OutgoingFile file = OutgoingFiles.file(staging, "", LARGE, IfExists.FAIL);
            try (SftpSession session = connect(Duration.ofSeconds(10))) {
                assertThat(session.publish(session.prepare(file), file)).isPresent();
            }
            assertThat(target).hasBinaryContent(LARGE);
        }
    }

    @Nested
    class Breaking {

        private FaultyProxy proxy;
        private SftpDelivery delivery;
        private OutgoingFile file;

        @BeforeEach
        void connect() throws IOException {
            proxy = FaultyProxy.to(server.port());
            delivery = server.delivery()
                    .port(proxy.port())
                    .operationTimeout(Duration.ofSeconds(5))
                    .idleTimeout(Duration.ZERO)
                    .build();
            file = OutgoingFiles.file(staging, "", LARGE, IfExists.FAIL);
        }

        @AfterEach
        void disconnect() throws IOException {
            proxy.close();
        }

        private void breakAfter(long bytes) {
            try (SftpSession session = openSession(delivery)) {
                proxy.cutAfter(bytes);
                assertThatThrownBy(() -> session.prepare(file))
                        .hasMessage("the connection to 127.0.0.1:" + proxy.port() + " broke, to upload /exports/"
                                + OutgoingFiles.TEMPORARY + " failed: check the server and the network" + AT)
                        .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
            }
            proxy.stopCutting();
            server.faults().awaitRest();
        }

        private void deliverNow(OutgoingFile outgoing) {
            try (SftpSession session = openSession(delivery)) {
                assertThat(session.publish(session.prepare(outgoing), outgoing)).isPresent();
            }
        }

        @Test
        void should_resume_where_a_broken_upload_was_confirmed() throws IOException {
            breakAfter(4_000_000);
            long first = server.faults().written();

            deliverNow(file);

            assertThat(server.faults().written() - first)
                    .as("what was sent again")
                    .isLessThan(LARGE.length - 1_000_000L);
            assertThat(target).hasBinaryContent(LARGE);
        }

        @Test
        void should_restart_where_the_server_has_lost_a_part() throws IOException {
            breakAfter(4_000_000);
            Files.write(root.resolve("exports").resolve(OutgoingFiles.TEMPORARY), new byte[10]);
            long first = server.faults().written();

            deliverNow(file);

            assertThat(server.faults().written() - first).isEqualTo(LARGE.length);
            assertThat(target).hasBinaryContent(LARGE);
        }

        @Test
        void should_restart_where_there_is_more_than_was_sent() throws IOException {
            breakAfter(4_000_000);
            Files.write(root.resolve("exports").resolve(OutgoingFiles.TEMPORARY), new byte[LARGE.length + 1]);

            deliverNow(file);

            assertThat(target).hasBinaryContent(LARGE);
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 1_000, 100_000, 1_000_000, 2_500_000, 5_900_000})
        void should_deliver_the_whole_file_wherever_the_connection_breaks(long bytes) {
            breakAfter(bytes);

            deliverNow(file);

            assertThat(target).hasBinaryContent(LARGE);
            assertThat(server.files()).containsExactly("exports/interactions-12.csv");
        }

        @Test
        void should_remove_what_an_earlier_run_of_the_job_has_left() throws IOException {
            breakAfter(4_000_000);
            Path others = Files.writeString(root.resolve("exports/.other.csv.r40-t1.part"), "of others");
            OutgoingFile next = OutgoingFiles.nextRun(file);

            deliverNow(next);

            assertThat(server.files()).containsExactly("exports/.other.csv.r40-t1.part", "exports/interactions-12.csv");
            assertThat(others).hasContent("of others");
        }

        @ParameterizedTest
        @ValueSource(longs = {0, 20, 500, 1_200, 1_800, 2_300, 2_600})
        void should_give_up_on_a_server_that_falls_silent(long bytes) {
            SftpDelivery quick = server.delivery()
                    .port(proxy.port())
                    .connectTimeout(Duration.ofMillis(700))
                    .operationTimeout(Duration.ofMillis(700))
                    .idleTimeout(Duration.ZERO)
                    .build();
            proxy.fallSilentAfter(bytes);

            assertThatThrownBy(() -> {
                        try (SftpSession session = openSession(quick)) {
                            session.prepare(file);
                        }
                    })
                    .hasMessageStartingWith("127.0.0.1:" + proxy.port() + " gave no answer within 700 ms to ")
                    .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
        }

        @Test
        void should_cut_a_delivery_that_takes_too_long() {
            server.faults().freezeWrites();
            SftpDelivery slow = server.delivery()
                    .operationTimeout(Duration.ofSeconds(30))
                    .deliveryTimeout(Duration.ofSeconds(2))
                    .build();

            try (SftpSession session = openSession(slow)) {
                assertThatThrownBy(() -> session.prepare(file))
                        .hasMessage(
                                "the delivery was not over within 2 s, to upload /exports/" + OutgoingFiles.TEMPORARY
                                        + " at 127.0.0.1:" + server.port()
                                        + " was cut off: check the network's speed, or raise deliveryTimeout" + AT)
                        .satisfies(thrown -> assertThat(retryable(thrown)).isTrue());
            }
        }
    }

    @Nested
    class Connections {

        private final DeliveryResources shared = new DeliveryResources();

        @AfterEach
        void closeConnections() {
            shared.close();
        }

        @Test
        void should_reuse_a_connection_for_the_next_session() {
            SftpDelivery delivery = server.delivery().build();
            openSession(delivery, shared).close();
            openSession(delivery, shared).close();

            assertThat(server.connections()).isOne();
            assertThat(server.logins()).isOne();
        }

        @Test
        void should_not_reuse_the_connection_of_another_login() {
            openSession(server.delivery().build(), shared).close();
            openSession(server.delivery().build(), shared).close(); // the same password, but of another supplier

            assertThat(server.connections()).isEqualTo(2);
        }

        @Test
        void should_not_keep_a_connection_without_an_idle_timeout() {
            SftpDelivery delivery = server.delivery().idleTimeout(Duration.ZERO).build();
            openSession(delivery, shared).close();
            openSession(delivery, shared).close();

            assertThat(server.connections()).isEqualTo(2);
        }

        @Test
        void should_notice_that_an_idle_connection_is_broken() throws IOException {
            try (FaultyProxy proxy = FaultyProxy.to(server.port())) {
                SftpDelivery delivery = server.delivery().port(proxy.port()).build();
                openSession(delivery, shared).close();
                proxy.cutNow();

                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                try (SftpSession session = openSession(delivery, shared)) {
                    assertThat(session.publish(session.prepare(file), file)).isPresent();
                }

                assertThat(server.connections()).isEqualTo(2);
            }
        }

        @Test
        void should_not_keep_a_connection_that_nothing_shares() {
            SftpDelivery delivery = server.delivery().build();
            openSession(delivery).close();
            openSession(delivery).close();

            assertThat(server.connections()).isEqualTo(2);
        }

        @Test
        void should_not_keep_a_connection_longer_than_what_shares_it() throws Exception {
            SftpDelivery delivery = server.delivery().build();
            SftpSession lent = openSession(delivery, shared);
            OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
            shared.close();

            assertThatThrownBy(() -> lent.prepare(file)).isInstanceOf(DeliveryException.class);
            lent.close();
            assertThatThrownBy(() -> openSession(delivery, shared)).isInstanceOf(IllegalStateException.class);
            assertThat(server.connections()).isOne();
        }

        @Test
        void should_limit_the_connections_to_a_server() throws Exception {
            SftpDelivery delivery = server.delivery()
                    .connections(1)
                    .deliveryTimeout(Duration.ofMillis(300))
                    .build();
            try (SftpSession first = openSession(delivery, shared);
                    SftpSession second = openSession(delivery, shared)) {
                assertThat(second)
                        .as("a thread that has one is not kept waiting")
                        .isNotSameAs(first);
                AtomicReference<Throwable> refused = new AtomicReference<>();
                Thread other = new Thread(() -> {
                    try {
                        openSession(delivery, shared).close();
                    } catch (DeliveryException e) {
                        refused.set(e);
                    }
                });
                other.start();
                other.join();

                assertThat(refused.get())
                        .hasMessage("all 2 connections to 127.0.0.1:" + server.port()
                                + " stayed in use for 300 ms: allow more connections, or spread the schedules "
                                + "(delivery=lakeside)");
            }
        }
    }
}
