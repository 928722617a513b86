package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.RunStatus;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import io.outfeed.sftp.fixture.ProftpdServer;
import io.outfeed.sftp.network.FaultyProxy;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.sshd.sftp.common.SftpConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A temporary file is created: nothing that exists is used instead. */
@Timeout(60)
class TemporaryNameTest {

    private static final int NEW =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_EXCL;
    private static final int TRUNCATE =
            SftpConstants.SSH_FXF_WRITE | SftpConstants.SSH_FXF_CREAT | SftpConstants.SSH_FXF_TRUNC;

    private static final byte[] LARGE = new byte[6_000_000];

    static {
        new Random(1).nextBytes(LARGE);
    }

    @TempDir
    private Path home;

    @TempDir
    private Path staging;

    /** What has the temporary name. */
    private enum Found {
        FILE,
        LINK_TO_A_FILE,
        LINK_TO_NOTHING,
        DIRECTORY
    }

    private Path place(Found found) throws IOException {
        Path exports = Files.createDirectories(home.resolve("exports"));
        Path temporary = exports.resolve(OutgoingFiles.TEMPORARY);
        Path other = Files.writeString(home.resolve("other.csv"), "of others");
        return switch (found) {
            case FILE -> Files.writeString(temporary, "of others");
            case LINK_TO_A_FILE -> Files.createSymbolicLink(temporary, other);
            case LINK_TO_NOTHING -> Files.createSymbolicLink(temporary, home.resolve("nothing"));
            case DIRECTORY -> Files.createDirectory(temporary);
        };
    }

    private OutgoingFile file(String content) {
        return OutgoingFiles.file(staging, content, IfExists.REPLACE);
    }

    /** Nothing is written, and nothing is removed. */
    private void assertRefused(SftpDelivery delivery, Found found, String location, int port) throws IOException {
        Path temporary = place(found);

        try (SftpSession session = openSession(delivery)) {
            assertThatThrownBy(() -> session.prepare(file("a\r\n")))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            e -> assertThat(e.code()).isEqualTo(FailureCode.DESTINATION_REFUSED))
                    .hasMessage("something has the temporary name " + location + "/" + OutgoingFiles.TEMPORARY
                            + " at 127.0.0.1:" + port + ", which only this upload uses: nothing was written, and no"
                            + " link is followed. Find out what has made it there"
                            + " (delivery=lakeside, job=interactions-lakeside, run=41)");
            session.discard(file("a\r\n")); // as the next attempt does
        }

        assertThat(home.resolve("other.csv")).hasContent("of others");
        assertThat(home.resolve("nothing")).doesNotExist();
        assertThat(Files.isSymbolicLink(temporary)).isEqualTo(found.name().startsWith("LINK"));
        if (found == Found.FILE) {
            assertThat(temporary).hasContent("of others");
        } else if (found == Found.DIRECTORY) {
            assertThat(temporary).isDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_not_use_what_openssh_has(Found found) throws Exception {
        try (OpenSshServer server = OpenSshServer.start(home)) {
            assertRefused(server.withLogin().build(), found, server.exports().toString(), server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_not_use_what_mina_has(Found found) throws Exception {
        try (MinaServer server = MinaServer.start(home)) {
            assertRefused(server.delivery().build(), found, "/exports", server.port());
        }
    }

    /** It refuses a link to nothing too, but shows each link as what it leads to. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LINK_TO_NOTHING")
    void should_not_use_what_proftpd_has(Found found) throws Exception {
        try (ProftpdServer server = ProftpdServer.start(home)) {
            assertRefused(server.delivery().build(), found, server.exports().toString(), server.port());
        }
    }

    /** The permissions do not matter: a file that the server created and refused is removed, no other one. */
    @ParameterizedTest
    @EnumSource
    void should_not_remove_what_is_there_where_permissions_are_set(Found found) throws Exception {
        try (MinaServer server = MinaServer.start(home)) {
            server.faults().refuseAttributes();

            assertRefused(server.delivery().permissions("rw-------").build(), found, "/exports", server.port());
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_not_use_what_is_there_where_the_server_has_no_exclusion(Found found) throws Exception {
        try (MinaServer server = MinaServer.start(home)) {
            server.faults().refuseExclusion();

            assertRefused(server.delivery().build(), found, "/exports", server.port());
            assertThat(server.faults().openModes()).containsExactly(NEW);
        }
    }

    @Test
    void should_create_the_file_exclusively() throws Exception {
        Files.createDirectory(home.resolve("exports"));
        try (MinaServer server = MinaServer.start(home);
                SftpSession session = openSession(server.delivery().build())) {
            assertThat(session.publish(session.prepare(file("a\r\n")), file("a\r\n")))
                    .isPresent();

            assertThat(server.faults().openModes()).containsExactly(NEW);
        }
    }

    /** The server is asked once in a session. */
    @Test
    void should_create_the_file_otherwise_where_the_server_has_no_exclusion() throws Exception {
        Files.createDirectory(home.resolve("exports"));
        try (MinaServer server = MinaServer.start(home);
                SftpSession session = openSession(server.delivery().build())) {
            server.faults().refuseExclusion();

            for (String content : new String[] {"a\r\n", "b\r\n"}) {
                assertThat(session.publish(session.prepare(file(content)), file(content)))
                        .isPresent();
                assertThat(home.resolve("exports/interactions-12.csv")).hasContent(content);
            }

            assertThat(server.faults().openModes()).containsExactly(NEW, TRUNCATE, TRUNCATE);
        }
    }

    /** A drop box says nothing about files; of one that can't be created exclusively nothing is known. */
    @Test
    void should_create_the_file_where_the_server_says_nothing_of_files() throws Exception {
        Files.createDirectory(home.resolve("exports"));
        try (MinaServer server = MinaServer.start(home);
                SftpSession session = openSession(server.delivery().build())) {
            server.faults().denyAttributes();

            assertThat(session.publish(session.prepare(file("a\r\n")), file("a\r\n")))
                    .isPresent();

            assertThat(server.faults().openModes().get(0)).isEqualTo(NEW);
        }
    }

    @Test
    void should_replace_what_an_earlier_try_has_left() throws Exception {
        Files.createDirectory(home.resolve("exports"));
        try (MinaServer server = MinaServer.start(home)) {
            SftpDelivery delivery = server.delivery().build();
            prepare(delivery, "long before\r\n");
            prepare(delivery, "a\r\n");

            assertThat(home.resolve("exports").resolve(OutgoingFiles.TEMPORARY)).hasContent("a\r\n");
            assertThat(server.faults().openModes()).containsExactly(NEW, NEW);
        }
    }

    @Test
    void should_overwrite_what_an_earlier_try_has_left_where_the_server_removes_nothing() throws Exception {
        try (OpenSshServer server = OpenSshServer.startDenying(home, "remove")) {
            SftpDelivery delivery = server.withLogin().build();
            prepare(delivery, "long before\r\n");
            prepare(delivery, "a\r\n");

            assertThat(server.exports().resolve(OutgoingFiles.TEMPORARY)).hasContent("a\r\n");
        }
    }

    private void prepare(SftpDelivery delivery, String content) {
        try (SftpSession session = openSession(delivery)) {
            assertThat(session.prepare(file(content)).temporary()).isPresent();
        }
    }

    /** The name is this upload's, and what was there is gone: a link is not followed to resume. */
    @Test
    void should_not_resume_through_a_link() throws Exception {
        Files.createDirectory(home.resolve("exports"));
        Path other = Files.write(home.resolve("other.csv"), new byte[LARGE.length]);
        try (MinaServer server = MinaServer.start(home);
                FaultyProxy proxy = FaultyProxy.to(server.port())) {
            SftpDelivery delivery = server.delivery()
                    .port(proxy.port())
                    .idleTimeout(Duration.ZERO)
                    .build();
            OutgoingFile file = OutgoingFiles.file(staging, "", LARGE, IfExists.FAIL);
            try (SftpSession session = openSession(delivery)) {
                proxy.cutAfter(4_000_000);
                assertThatThrownBy(() -> session.prepare(file)).isInstanceOf(DeliveryException.class);
            }
            proxy.stopCutting();
            server.faults().awaitRest();
            Path temporary = home.resolve("exports").resolve(OutgoingFiles.TEMPORARY);
            Files.delete(temporary);
            Files.createSymbolicLink(temporary, other);

            try (SftpSession session = openSession(delivery)) {
                assertThat(session.publish(session.prepare(file), file)).isPresent();
            }

            assertThat(other).hasBinaryContent(new byte[LARGE.length]);
            assertThat(home.resolve("exports/interactions-12.csv"))
                    .isRegularFile()
                    .hasBinaryContent(LARGE);
        }
    }

    /** Each attempt has a temporary name of its own. */
    @Test
    void should_take_another_name_at_the_next_attempt() throws Exception {
        Path exports = Files.createDirectory(home.resolve("exports"));
        SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T07:00:00Z"));
        ManualScheduler scheduler = new ManualScheduler(clock);
        ExportDefinition<Integer> numbers = ExportDefinition.builder("numbers", Integer.class)
                .source(RecordSource.of(window -> Stream.of(7)))
                .recordKey(number -> number)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("number", number -> number))
                .file(f -> f.name("numbers.csv"))
                .build();
        try (MinaServer server = MinaServer.start(home);
                ExportEngine engine = ExportEngine.builder()
                        .directory(staging)
                        .clock(clock)
                        .scheduler(scheduler)
                        .build()) {
            engine.start();
            server.faults().overtakeOpen();
            JobHandle job = engine.add(ExportJob.builder("numbers", numbers)
                    .deliverTo(server.delivery().build())
                    .build());

            assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
            assertThat(engine.run(1).run().status()).isEqualTo(RunStatus.WAITING);
            assertThat(server.files()).hasSize(1);
            String foreign = server.files().get(0);
            scheduler.advance(Duration.ofHours(2));

            assertThat(engine.run(1).run().status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(exports.resolve("numbers.csv")).hasContent("number\r\n7\r\n");
            assertThat(server.files()).containsExactly(foreign, "exports/numbers.csv");
            assertThat(home.resolve(foreign)).hasContent("of others");
        }
    }

    /** An old file under the final name stays if it can't be opened. */
    @Test
    void should_not_remove_a_final_file_that_it_can_not_open() throws Exception {
        try (OpenSshServer server = OpenSshServer.start(home)) {
            Path old = Files.writeString(server.exports().resolve("interactions-12.csv"), "old");
            Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("r--r--r--"));
            Files.setPosixFilePermissions(server.exports(), PosixFilePermissions.fromString("rwxrwxrwx"));
            SftpDelivery delivery = server.withLogin()
                    .user(server.loginWithoutPrivileges())
                    .publication(SftpPublication.DIRECT)
                    .build();
            OutgoingFile file = file("a\r\n");

            try (SftpSession session = openSession(delivery)) {
                assertThatThrownBy(() -> session.publish(session.prepare(file), file))
                        .isInstanceOfSatisfying(
                                DeliveryException.class,
                                e -> assertThat(e.code()).isEqualTo(FailureCode.PERMISSION_DENIED));
            }

            assertThat(old).hasContent("old");
        }
    }
}
