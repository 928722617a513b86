package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PermissionsTest {

    private static final String AT = " (delivery=lakeside, job=interactions-lakeside, run=41)";

    @TempDir
    private Path temporary;

    private Path staging;
    private Path home;
    private Path exports;

    @BeforeEach
    void setUp() throws IOException {
        staging = Files.createDirectory(temporary.resolve("staging"));
        home = Files.createDirectory(temporary.resolve("home"));
        exports = Files.createDirectory(home.resolve("exports"));
    }

    private OutgoingFile file() {
        return OutgoingFiles.file(staging, "", new byte[2_000_000], IfExists.REPLACE);
    }

    private static void deliver(SftpDelivery.Builder delivery, OutgoingFile file) {
        try (SftpSession session = openSession(delivery.build())) {
            assertThat(session.publish(session.prepare(file), file)).isPresent();
        }
    }

    private String permissions(String name) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(exports.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PERMISSION_DENIED))
                .hasMessageEndingWith(message + AT);
        assertThat(exports).isEmptyDirectory();
    }

    /** The server takes no permissions but those of the request that opens the file. */
    @Test
    void should_have_the_permissions_while_it_is_written() {
        Set<String> seen = new LinkedHashSet<>();
        OutgoingFile file = OutgoingFiles.withListener(file(), sent -> seen.add(permissions(OutgoingFiles.TEMPORARY)));

        try (OpenSshServer server = OpenSshServer.startDenying(home, "setstat,fsetstat")) {
            deliver(server.withLogin().permissions("rw-------"), file);
        }

        assertThat(seen).containsExactly("rw-------");
        assertThat(permissions("interactions-12.csv")).isEqualTo("rw-------");
    }

    @Test
    void should_give_back_what_the_umask_of_the_server_takes_away() {
        Set<String> seen = new LinkedHashSet<>();
        OutgoingFile file = OutgoingFiles.withListener(file(), sent -> seen.add(permissions(OutgoingFiles.TEMPORARY)));

        try (OpenSshServer server = OpenSshServer.startWith(home, "ForceCommand internal-sftp -u 0077")) {
            deliver(server.withLogin().permissions("rw-rw-r--"), file);
        }

        assertThat(seen).containsExactly("rw-rw-r--");
    }

    @Test
    void should_fail_if_the_umask_takes_away_what_can_not_be_given_back() {
        try (OpenSshServer server = OpenSshServer.startWith(home, "ForceCommand internal-sftp -u 0077 -P fsetstat")) {
            SftpDelivery.Builder delivery = server.withLogin().permissions("rw-rw-r--");

            assertRefused(
                    () -> deliver(delivery, file()),
                    " gives " + exports + "/" + OutgoingFiles.TEMPORARY + " the permissions rw------- instead of"
                            + " rw-rw-r--: nothing was written. Have its operator allow them, or change permissions");
        }
    }

    @Test
    void should_fail_if_the_server_gives_more() throws IOException {
        try (MinaServer server = MinaServer.start(home)) {
            server.faults().ignoreAttributesAtOpening();

            assertRefused(
                    () -> deliver(server.delivery().permissions("rw-------"), file()),
                    " gives /exports/" + OutgoingFiles.TEMPORARY + " the permissions rw-r--r-- instead of rw-------:"
                            + " nothing was written. Have its operator allow them, or change permissions");
            assertThat(server.faults().written()).isZero();
        }
    }

    @Test
    void should_fail_if_the_server_refuses_them() throws IOException {
        try (MinaServer server = MinaServer.start(home)) {
            server.faults().refuseAttributes();

            assertRefused(
                    () -> deliver(server.delivery().permissions("rw-------"), file()),
                    " refused to upload /exports/" + OutgoingFiles.TEMPORARY + ": give user 'outfeed' the permission");
        }
    }

    /** The old file is overwritten, so that its permissions would stay. */
    @Test
    void should_set_them_where_an_old_file_is_overwritten() throws IOException {
        Files.writeString(exports.resolve("interactions-12.csv"), "old");
        try (MinaServer server = MinaServer.start(home)) {
            Set<String> seen = new LinkedHashSet<>();
            OutgoingFile file =
                    OutgoingFiles.withListener(file(), sent -> seen.add(permissions("interactions-12.csv")));

            deliver(server.delivery().publication(SftpPublication.DIRECT).permissions("rw-------"), file);

            assertThat(seen).containsExactly("rw-------");
        }
    }
}
