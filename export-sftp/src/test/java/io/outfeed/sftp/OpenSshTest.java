package io.outfeed.sftp;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.internal.transfer.SftpSession;
import io.outfeed.sftp.network.FaultyProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries to a real OpenSSH server. */
class OpenSshTest {

    @TempDir
    private Path staging;

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static DeliveryException failure(Throwable thrown) {
        return (DeliveryException) thrown;
    }

    private static SftpSession farAway(OpenSshServer server, FaultyProxy network) {
        network.delayServer();
        return openSession(server.withLogin().port(network.port()).build());
    }

    private static void assertDirectoryGone(OpenSshServer server, ThrowingCallable publish) {
        assertThatThrownBy(publish)
                .hasMessage("the directory " + server.exports() + " is gone from 127.0.0.1:" + server.port()
                        + ": make it again (delivery=lakeside, job=interactions-lakeside, run=41)")
                .satisfies(thrown -> assertThat(failure(thrown).code()).isEqualTo(FailureCode.DESTINATION_MISSING));
    }

    @Nested
    class WithAllRequests {

        @TempDir
        private Path home;

        private OpenSshServer server;
        private SftpDelivery delivery;
        private Path target;

        @BeforeEach
        void start() {
            server = OpenSshServer.start(home);
            delivery = server.withLogin().build();
            target = server.exports().resolve("interactions-12.csv");
        }

        @AfterEach
        void stop() {
            if (server != null) {
                server.close();
            }
        }

        @Test
        void should_not_retry_a_rejected_key() throws Exception {
            Path key = server.newLogin("ecdsa", "256", "");
            Files.writeString(home.resolve("authorized_keys"), "");

            assertThatThrownBy(server.delivery().privateKey(key).build()::open)
                    .hasMessage("127.0.0.1:" + server.port() + " refused the login of user '" + OpenSshServer.user()
                            + "' with private key (it allows publickey): check the user and what it logs in "
                            + "with (delivery=lakeside)")
                    .satisfies(thrown -> assertThat(failure(thrown).code()).isEqualTo(FailureCode.LOGIN_REFUSED));
        }

        @ParameterizedTest
        @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
        void should_trust_a_pin_of_any_key_of_the_server(String type) throws Exception {
            SftpDelivery pinned = SftpDelivery.builder("lakeside", "127.0.0.1")
                    .port(server.port())
                    .user(OpenSshServer.user())
                    .privateKey(home.resolve("login_ed25519"))
                    .hostKey(server.fingerprint(type))
                    .directory(server.exports().toString())
                    .build();

            deliver(pinned, IfExists.FAIL, "a\r\n");
            deliver(pinned, IfExists.REPLACE, "b\r\n");

            assertThat(target).hasContent("b\r\n");
        }

        @Test
        void should_upload_under_a_hidden_name_and_then_rename() throws Exception {
            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);

                PreparedFile prepared = session.prepare(file);
                assertThat(names(server.exports())).containsExactly(OutgoingFiles.TEMPORARY);

                assertThat(session.publish(prepared, file))
                        .contains(new DeliveryReceipt(target.toString(), Publication.ATOMIC));
                assertThat(names(server.exports())).containsExactly("interactions-12.csv");
                assertThat(session.publish(prepared, file)).as("once more").isEmpty();
            }
        }

        @Test
        void should_upload_many_writes() throws Exception {
            byte[] content = new byte[20_000_001];
            new Random(1).nextBytes(content);
            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "", content, IfExists.FAIL);
                session.publish(session.prepare(file), file);
            }

            assertThat(Files.mismatch(target, staging.resolve("interactions-12.csv")))
                    .isEqualTo(-1);
        }

        @Test
        void should_upload_an_empty_file() throws Exception {
            deliver(delivery, IfExists.FAIL, "");

            assertThat(target).isEmptyFile();
        }

        @Test
        void should_overwrite_a_longer_leftover() throws Exception {
            try (SftpSession session = openSession(delivery)) {
                OutgoingFile longer = OutgoingFiles.file(staging, "a longer one of an attempt before", IfExists.FAIL);
                assertThat(session.prepare(longer).temporary()).isPresent();
            }

            deliver(delivery, IfExists.FAIL, "a\r\n");

            assertThat(target).hasContent("a\r\n");
        }

        @Test
        void should_replace_atomically() throws Exception {
            Files.writeString(target, "old");

            assertThat(deliver(delivery, IfExists.REPLACE, "a\r\n"))
                    .isEqualTo(new DeliveryReceipt(target.toString(), Publication.ATOMIC));
            assertThat(target).hasContent("a\r\n");
        }

        @Test
        void should_not_upload_when_the_name_is_in_use() throws Exception {
            Files.writeString(target, "old");

            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                assertThatThrownBy(() -> session.prepare(file))
                        .hasMessage(target
                                + " exists already: let the receiver take it, or"
                                + " give the file a name that is free: with {sequence}, or,"
                                + " where a new store counts from 1 again, with another text"
                                + " before {sequence}; or choose ifExists(REPLACE)"
                                + " (delivery=lakeside, job=interactions-lakeside, run=41)")
                        .satisfies(thrown -> assertThat(failure(thrown).code()).isEqualTo(FailureCode.NAME_OCCUPIED));
            }
            assertThat(names(server.exports())).containsExactly("interactions-12.csv");
        }

        @Test
        void should_not_publish_when_the_name_was_taken_meanwhile() throws Exception {
            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                PreparedFile prepared = session.prepare(file);
                Files.writeString(target, "old");

                assertThatThrownBy(() -> session.publish(prepared, file))
                        .hasMessage(target
                                + " exists already: let the receiver take it, or"
                                + " give the file a name that is free: with {sequence}, or,"
                                + " where a new store counts from 1 again, with another text"
                                + " before {sequence}; or choose ifExists(REPLACE)"
                                + " (delivery=lakeside, job=interactions-lakeside, run=41)");
            }
            assertThat(target).hasContent("old");
            assertThat(names(server.exports())).containsExactly(OutgoingFiles.TEMPORARY, "interactions-12.csv");
        }

        @Test
        void should_create_folders_but_not_the_directory() throws Exception {
            deliver(delivery, "lakeside/2026", IfExists.FAIL, "a\r\n");
            deliver(delivery, "lakeside/2026", IfExists.REPLACE, "b\r\n");

            assertThat(server.exports().resolve("lakeside/2026/interactions-12.csv"))
                    .hasContent("b\r\n");

            SftpDelivery elsewhere = server.delivery()
                    .privateKey(home.resolve("login_ed25519"))
                    .directory(home + "/nowhere")
                    .build();
            assertThatThrownBy(() -> deliver(elsewhere, "lakeside", IfExists.FAIL, "a\r\n"))
                    .hasMessage("the directory " + home + "/nowhere is not there at 127.0.0.1:" + server.port()
                            + ": make it there, or correct the directory of the delivery (delivery=lakeside, "
                            + "job=interactions-lakeside, run=41)")
                    .satisfies(thrown -> assertThat(failure(thrown).code()).isEqualTo(FailureCode.DESTINATION_MISSING));
            assertThat(home.resolve("nowhere")).doesNotExist();
        }

        @Test
        void should_distinguish_a_missing_directory_from_a_published_file() throws Exception {
            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                PreparedFile prepared = session.prepare(file);
                Files.delete(server.exports().resolve(OutgoingFiles.TEMPORARY));
                Files.delete(server.exports());

                assertDirectoryGone(server, () -> session.publish(prepared, file));
            }
        }

        @Test
        void should_discard_only_the_temporary_file() throws Exception {
            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                session.prepare(file);
                Files.writeString(target, "of others");

                session.discard(file);
                session.discard(file);

                assertThat(names(server.exports())).containsExactly("interactions-12.csv");
            }
        }

        @Test
        void should_not_retry_without_permission() throws Exception {
            String user = server.loginWithoutPrivileges();
            Files.setPosixFilePermissions(server.exports(), PosixFilePermissions.fromString("r-xr-xr-x"));
            SftpDelivery forbidden = server.delivery()
                    .user(user)
                    .privateKey(home.resolve("login_ed25519"))
                    .build();

            assertThatThrownBy(() -> deliver(forbidden, IfExists.FAIL, "a\r\n"))
                    .hasMessage("127.0.0.1:" + server.port() + " refused to upload " + server.exports() + "/"
                            + OutgoingFiles.TEMPORARY + ": give user '" + user
                            + "' the permission (delivery=lakeside, job=interactions-lakeside, run=41)")
                    .satisfies(thrown -> {
                        assertThat(failure(thrown).code()).isEqualTo(FailureCode.PERMISSION_DENIED);
                        assertThat(failure(thrown).status()).contains("SSH_FX_PERMISSION_DENIED");
                    });
            assertThat(names(server.exports())).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"64k, 1000000, false", "6m, 40000000, true"})
        void should_retry_when_the_disk_is_full_and_leave_nothing(String size, int bytes, boolean far)
                throws Exception {
            assumeThat(OpenSshServer.user())
                    .as("skipped: only root may mount a small disk")
                    .isEqualTo("root");
            int mounted = new ProcessBuilder(
                            "mount",
                            "-t",
                            "tmpfs",
                            "-o",
                            "size=" + size,
                            "tmpfs",
                            server.exports().toString())
                    .start()
                    .waitFor();
            assumeThat(mounted)
                    .as("skipped: this machine does not let mount a small disk")
                    .isZero();
            try (FaultyProxy network = FaultyProxy.to(server.port())) {
                if (far) {
                    network.delayServer(); // so that writes are unconfirmed when the server refuses
                }
                SftpDelivery delivery = server.withLogin().port(network.port()).build();
                OutgoingFile file = OutgoingFiles.file(staging, "", new byte[bytes], IfExists.FAIL);
                try (SftpSession session = openSession(delivery)) {
                    assertThatThrownBy(() -> session.prepare(file))
                            .hasMessage("127.0.0.1:" + network.port() + " refused to upload " + server.exports() + "/"
                                    + OutgoingFiles.TEMPORARY + ": check the free space and the quota on the server "
                                    + "(delivery=lakeside, job=interactions-lakeside, run=41)")
                            .satisfies(thrown ->
                                    assertThat(failure(thrown).code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE));
                    assertThat(names(server.exports())).isEmpty();

                    OpenSshServer.run(List.of(
                            "mount", "-o", "remount,size=100m", server.exports().toString()));
                    assertThat(session.publish(session.prepare(file), file))
                            .as("when there is space, by the same connection")
                            .contains(new DeliveryReceipt(target.toString(), Publication.ATOMIC));
                    assertThat(target).hasSize(bytes);
                    assertThat(names(server.exports())).containsExactly("interactions-12.csv");
                }
            } finally {
                OpenSshServer.run(List.of("umount", server.exports().toString()));
            }
        }

        @Test
        void should_report_that_the_server_broke_the_connection() throws Exception {
            try (SftpSession session = openSession(delivery)) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                PreparedFile prepared = session.prepare(file);
                server.close();

                assertThatThrownBy(() -> session.publish(prepared, file))
                        .hasMessage("the connection to 127.0.0.1:" + server.port() + " broke, to rename "
                                + prepared.temporary().orElseThrow() + " to " + target
                                + " failed: check the server and the network (delivery=lakeside, "
                                + "job=interactions-lakeside, run=41)")
                        .satisfies(thrown ->
                                assertThat(failure(thrown).code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE));
            }
        }
    }

    @Nested
    class WithoutSomeRequests {

        @TempDir
        private Path home;

        @Test
        void should_remove_the_old_file_where_there_is_no_posix_rename() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(home, "posix-rename")) {
                SftpDelivery delivery = server.withLogin().build();
                Path target = server.exports().resolve("interactions-12.csv");

                assertThat(deliver(delivery, IfExists.REPLACE, "a\r\n"))
                        .isEqualTo(new DeliveryReceipt(target.toString(), Publication.ATOMIC));
                assertThat(deliver(delivery, IfExists.REPLACE, "b\r\n"))
                        .isEqualTo(new DeliveryReceipt(target.toString(), Publication.NOT_ATOMIC));
                assertThat(target).hasContent("b\r\n");
                assertThat(names(server.exports())).containsExactly("interactions-12.csv");
            }
        }

        @Test
        void should_not_upload_a_file_that_can_not_replace_atomically() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(home, "posix-rename");
                    SftpSession session = openSession(server.withLogin()
                            .publication(SftpPublication.ATOMIC_RENAME)
                            .build())) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.REPLACE);

                assertThatThrownBy(() -> session.prepare(file))
                        .hasMessage(
                                "127.0.0.1:" + server.port() + " does not offer posix-rename@openssh.com, so that an "
                                        + "old file can't be replaced at once: choose another publication, or "
                                        + "another ifExists "
                                        + "(delivery=lakeside, job=interactions-lakeside, run=41)")
                        .satisfies(thrown ->
                                assertThat(failure(thrown).code()).isEqualTo(FailureCode.DESTINATION_REFUSED));
                assertThat(names(server.exports())).isEmpty();
            }
        }

        /** The failure that broke the connection is reported, not one of closing the file. */
        @Test
        void should_report_a_break_while_a_file_is_read_back() throws Exception {
            try (OpenSshServer server = OpenSshServer.start(home);
                    FaultyProxy network = FaultyProxy.to(server.port());
                    SftpSession session = openSession(server.withLogin()
                            .port(network.port())
                            .idleTimeout(Duration.ZERO)
                            .build())) {
                Path file = Files.write(server.exports().resolve("old.csv"), new byte[5_000_000]);
                network.cutAfterServer(1_000_000);

                assertThatThrownBy(() -> session.sha256(file.toString()))
                        .isInstanceOfSatisfying(
                                DeliveryException.class,
                                e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE))
                        .hasMessageStartingWith("the connection to 127.0.0.1:" + network.port() + " broke");
            }
        }

        /** Over a long round trip several channels write one file. */
        @Test
        void should_upload_over_several_channels() throws Exception {
            byte[] content = new byte[40_000_001];
            new Random(1).nextBytes(content);
            try (OpenSshServer server = OpenSshServer.startWith(home, "LogLevel VERBOSE");
                    FaultyProxy network = FaultyProxy.to(server.port());
                    SftpSession session = farAway(server, network)) {
                OutgoingFile file = OutgoingFiles.file(staging, "", content, IfExists.FAIL);
                session.publish(session.prepare(file), file);

                assertThat(server.exports().resolve("interactions-12.csv")).hasBinaryContent(content);
                assertThat(Pattern.compile("Starting session: subsystem 'sftp'")
                                .matcher(server.log())
                                .results())
                        .as("channels")
                        .hasSize(4);
            }
        }

        /** The other channels have written beyond missing bytes, so the size proves nothing. */
        @Tag("slow")
        @Test
        void should_resume_where_the_slowest_of_several_channels_stopped() throws Exception {
            byte[] content = new byte[40_000_001];
            new Random(1).nextBytes(content);
            List<Long> reported = new ArrayList<>();
            try (OpenSshServer server = OpenSshServer.start(home);
                    FaultyProxy network = FaultyProxy.to(server.port())) {
                network.delayServer();
                SftpDelivery delivery = server.withLogin()
                        .port(network.port())
                        .operationTimeout(Duration.ofSeconds(3))
                        .build();
                AtomicReference<@Nullable ProcessHandle> frozen = new AtomicReference<>();
                OutgoingFile file = OutgoingFiles.file(staging, "", content, IfExists.FAIL);
                try (SftpSession session = openSession(delivery)) {
                    assertThatThrownBy(() -> session.prepare(OutgoingFiles.withListener(file, sent -> {
                                reported.add(sent);
                                if (frozen.get() == null && sent > 5_000_000) {
                                    frozen.set(server.freezeTheLastChannel());
                                }
                            })))
                            .isInstanceOf(DeliveryException.class);
                }
                requireNonNull(frozen.get()).destroyForcibly(); // with what it has not read
                long confirmed = reported.get(reported.size() - 1);
                server.awaitRest();
                assertThat(Files.size(server.exports().resolve(OutgoingFiles.TEMPORARY)))
                        .as("what the other channels wrote lies behind what all have confirmed")
                        .isGreaterThan(confirmed + 1_000_000);
                assertThat(confirmed).isGreaterThan(5_000_000);
                reported.clear();

                try (SftpSession session = openSession(delivery)) {
                    session.publish(session.prepare(OutgoingFiles.withListener(file, reported::add)), file);
                }
                assertThat(reported.get(0)).as("it was resumed").isGreaterThanOrEqualTo(confirmed);
                assertThat(server.exports().resolve("interactions-12.csv")).hasBinaryContent(content);
            }
        }

        /** Some hardened servers are configured so. */
        @Test
        void should_upload_over_one_channel_where_the_server_grants_no_more() throws Exception {
            byte[] content = new byte[40_000_001];
            new Random(1).nextBytes(content);
            try (OpenSshServer server = OpenSshServer.startWith(home, "MaxSessions 1");
                    FaultyProxy network = FaultyProxy.to(server.port());
                    SftpSession session = farAway(server, network)) {
                OutgoingFile file = OutgoingFiles.file(staging, "", content, IfExists.FAIL);
                session.publish(session.prepare(file), file);

                assertThat(server.exports().resolve("interactions-12.csv")).hasBinaryContent(content);
            }
        }

        @Test
        void should_find_the_file_published_where_there_is_no_posix_rename() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(home, "posix-rename");
                    SftpSession session = openSession(server.withLogin().build())) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.REPLACE);
                PreparedFile prepared = session.prepare(file);
                session.publish(prepared, file);

                assertThat(session.publish(prepared, file)).isEmpty();
                assertThat(server.exports().resolve("interactions-12.csv")).hasContent("a\r\n");
            }
        }

        @Test
        void should_deliver_to_a_write_only_server() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(home, "stat,lstat,fstat,setstat,fsetstat,opendir");
                    SftpSession session = openSession(server.withLogin().build())) {
                OutgoingFile file = OutgoingFiles.file(staging, "lakeside", "a\r\n", IfExists.FAIL);
                PreparedFile prepared = session.prepare(file);

                assertThat(session.publish(prepared, file))
                        .contains(new DeliveryReceipt(
                                server.exports() + "/lakeside/interactions-12.csv", Publication.ATOMIC));
                assertThat(session.publish(prepared, file)).as("once more").isEmpty();
                assertThat(server.exports().resolve("lakeside/interactions-12.csv"))
                        .hasContent("a\r\n");
            }
        }

        /** A drop box by permissions: a user may write, and inspect files by name, but not list the directory. */
        @Test
        void should_deliver_into_a_drop_box() throws Exception {
            try (OpenSshServer server = OpenSshServer.start(home)) {
                SftpDelivery delivery = server.delivery()
                        .user(server.loginWithoutPrivileges())
                        .privateKey(server.newLogin("ed25519", "", ""))
                        .build();
                Files.setPosixFilePermissions(server.exports(), PosixFilePermissions.fromString("-wx-wx-wx"));
                try (SftpSession session = openSession(delivery)) {
                    OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                    String target = server.exports() + "/interactions-12.csv";
                    PreparedFile prepared = session.prepare(file);

                    assertThat(session.publish(prepared, file))
                            .contains(new DeliveryReceipt(target, Publication.ATOMIC));
                    assertThat(session.publish(prepared, file)).as("once more").isEmpty();
                    assertThat(session.inspect(target).bytes()).isEqualTo(3);
                    assertThat(session.delete(target, 3)).isEqualTo(Deletion.DELETED);
                } finally {
                    Files.setPosixFilePermissions(server.exports(), PosixFilePermissions.fromString("rwxr-xr-x"));
                }
                assertThat(names(server.exports())).isEmpty();
            }
        }

        /** A drop box that denies the attributes of files, too. */
        @ParameterizedTest
        @ValueSource(strings = {"stat,lstat,fstat", "stat,lstat,fstat,opendir"})
        void should_notice_a_missing_directory_where_attributes_are_denied(String denied) throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(home, denied);
                    SftpSession session = openSession(server.withLogin().build())) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                PreparedFile prepared = session.prepare(file);
                Files.delete(server.exports().resolve(OutgoingFiles.TEMPORARY));
                assertThat(session.publish(prepared, file))
                        .as("the directory is there")
                        .isEmpty();
                Files.delete(server.exports());

                assertDirectoryGone(server, () -> session.publish(prepared, file));
            }
        }

        @Test
        void should_report_a_missing_directory_before_a_direct_write_where_attributes_are_denied() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(home, "stat,lstat,fstat");
                    SftpSession session = openSession(server.withLogin()
                            .publication(SftpPublication.DIRECT)
                            .build())) {
                Files.delete(server.exports());

                assertThatThrownBy(() -> session.prepare(OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL)))
                        .hasMessage("the directory " + server.exports() + " is not there at 127.0.0.1:"
                                + server.port() + ": make it there, or correct the directory of the delivery "
                                + "(delivery=lakeside, job=interactions-lakeside, run=41)");
            }
        }

        @Test
        void should_not_overwrite_at_a_write_only_server() throws Exception {
            try (OpenSshServer server = OpenSshServer.startDenying(home, "stat,lstat,fstat");
                    SftpSession session = openSession(server.withLogin().build())) {
                OutgoingFile file = OutgoingFiles.file(staging, "a\r\n", IfExists.FAIL);
                Path target = Files.writeString(server.exports().resolve("interactions-12.csv"), "old");
                PreparedFile prepared = session.prepare(file);

                assertThatThrownBy(() -> session.publish(prepared, file))
                        .hasMessage("127.0.0.1:" + server.port() + " refused to rename "
                                + prepared.temporary().orElseThrow() + " to " + target
                                + ": check whether there is a file of that name (delivery=lakeside, "
                                + "job=interactions-lakeside, run=41)");
                assertThat(target).hasContent("old");
            }
        }
    }

    private DeliveryReceipt deliver(SftpDelivery delivery, IfExists ifExists, String content) throws Exception {
        return deliver(delivery, "", ifExists, content);
    }

    private DeliveryReceipt deliver(SftpDelivery delivery, String folder, IfExists ifExists, String content)
            throws Exception {
        try (SftpSession session = openSession(delivery)) {
            OutgoingFile file = OutgoingFiles.file(staging, folder, content, ifExists);
            return session.publish(session.prepare(file), file).orElseThrow();
        }
    }
}
