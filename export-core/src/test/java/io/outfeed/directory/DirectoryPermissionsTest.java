package io.outfeed.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no POSIX permissions")
class DirectoryPermissionsTest {

    @TempDir
    private Path temporary;

    private Path out;
    private Path content;

    @BeforeEach
    void setUp() throws IOException {
        out = Files.createDirectory(temporary.resolve("out"));
        content = Files.write(temporary.resolve("spooled"), new byte[1000]);
    }

    private OutgoingFile file(LongConsumer progress) {
        StagedFile staged = new StagedFile("rows", "", "rows.csv", 1, 1000, "0".repeat(64));
        return new OutgoingFile("job", 41, 97, 1, staged, content, IfExists.REPLACE, progress);
    }

    private static DeliverySession session(Path out, String permissions) {
        return DirectoryDelivery.builder("out", out)
                .permissions(permissions)
                .build()
                .open();
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void should_have_the_permissions_while_it_is_written() throws Exception {
        Set<String> seen = new LinkedHashSet<>();
        OutgoingFile file = file(bytes -> seen.add(permissions(out.resolve(".rows.csv.r41-t97.part"))));
        Files.writeString(out.resolve("rows.csv"), "older, and readable by all");

        try (DeliverySession session = session(out, "rw-------")) {
            session.publish(session.prepare(file), file);
        }

        assertThat(seen).containsExactly("rw-------");
        assertThat(permissions(out.resolve("rows.csv"))).isEqualTo("rw-------");
    }

    /** Who made the file before could still have it open, or have made it readable. */
    @Test
    void should_not_take_over_the_permissions_of_a_planted_file() throws Exception {
        Path part = Files.createFile(out.resolve(".rows.csv.r41-t97.part"));
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-rw-rw-"));

        try (DeliverySession session = session(out, "rw-------")) {
            session.prepare(file(bytes -> {}));
        }

        assertThat(permissions(part)).isEqualTo("rw-------");
    }

    @Test
    void should_leave_the_permissions_to_the_umask_by_default() throws Exception {
        String usual = permissions(Files.createFile(temporary.resolve("usual")));

        try (DeliverySession session = DirectoryDelivery.to("out", out).open()) {
            session.prepare(file(bytes -> {}));
        }

        assertThat(permissions(out.resolve(".rows.csv.r41-t97.part"))).isEqualTo(usual);
    }

    @Test
    void should_fail_if_the_umask_takes_permissions_away() throws Exception {
        String usual = permissions(Files.createFile(temporary.resolve("usual")));
        assumeThat(usual).as("what this umask allows").isNotEqualTo("rw-rw-rw-");

        try (DeliverySession session = session(out, "rw-rw-rw-")) {
            assertThatThrownBy(() -> session.prepare(file(bytes -> {})))
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PERMISSION_DENIED))
                    .hasMessage("a file in " + out + " gets the permissions " + usual + " instead of rw-rw-rw-, and was"
                            + " removed before anything was written: let the umask of this process, and the options of"
                            + " the mount, allow them, or change permissions (job=job, run=41)");
        }

        try (Stream<Path> left = Files.list(out)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void should_refuse_permissions_that_it_can_not_read() {
        assertThatThrownBy(() -> DirectoryDelivery.builder("out", out)
                        .permissions("0640")
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("directory delivery has 1 problem: permissions '0640' are not like rw-r-----");
    }
}
