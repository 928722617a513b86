package io.outfeed.testing.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the contracts of a delivery share: the delivery that is tested, and files to deliver. */
abstract class DeliveryFixture {

    static final byte[] CONTENT = "id\r\n1\r\n".getBytes(UTF_8);
    static final byte[] OLD = "id,note\r\n1,an old file that is longer\r\n".getBytes(UTF_8);

    Delivery delivery;

    private Path work;
    private int spooled;

    /** The delivery that is tested. */
    abstract TestedDelivery implementation();

    @BeforeEach
    void takeDelivery(@TempDir Path directory) {
        work = directory;
        delivery = implementation().tested();
    }

    void assumeSupported(IfExists ifExists) {
        assumeTrue(
                implementation().supported().contains(ifExists),
                () -> "skipped: this delivery does not support " + ifExists);
    }

    OutgoingFile file(IfExists ifExists) throws IOException {
        return file(41, 97, "visits.csv", CONTENT, ifExists);
    }

    /** The path may have a folder. */
    OutgoingFile file(long run, long token, String path, byte[] content, IfExists ifExists) throws IOException {
        return file(run, token, path, content, content.length, ifExists);
    }

    OutgoingFile file(long run, long token, String path, byte[] content, long bytes, IfExists ifExists)
            throws IOException {
        int slash = path.lastIndexOf('/');
        StagedFile staged = new StagedFile(
                "visits",
                slash < 0 ? "" : path.substring(0, slash),
                path.substring(slash + 1),
                1,
                bytes,
                sha256(content));
        Path spool = Files.write(work.resolve("spooled-" + ++spooled), content);
        return new OutgoingFile("visits-lakeside", run, token, staged, spool, ifExists);
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every Java has SHA-256", e);
        }
    }

    PreparedFile prepare(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.prepare(file);
        }
    }

    Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.publish(prepared, file);
        }
    }

    void discard(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            session.discard(file);
        }
    }

    /** Returns where the file appeared. */
    String deliver(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.publish(session.prepare(file), file)
                    .map(DeliveryReceipt::location)
                    .orElseThrow(() -> new AssertionError("not published"));
        }
    }

    Deletion delete(String location, long expectedBytes) throws Exception {
        try (DeliverySession session = delivery.open()) {
            Deletion done = session.delete(location, expectedBytes);
            assumeTrue(done != Deletion.NOT_SAID, "skipped: this destination does not delete");
            return done;
        }
    }

    void assertVisible(String path, byte[] expected) throws Exception {
        assertThat(implementation().visible(path))
                .as(path)
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(expected));
    }

    void assertInvisible(String path) throws Exception {
        assertThat(implementation().visible(path)).as(path).isEmpty();
    }

    /** If the test can see them. */
    void assertTemporary(OutgoingFile... files) throws Exception {
        List<String> paths =
                Stream.of(files).map(implementation().names()::path).toList();
        implementation()
                .temporaryNames()
                .ifPresent(found -> assertThat(found).containsExactlyInAnyOrderElementsOf(paths));
    }

    void assertExists(Throwable thrown) {
        assertExists(thrown, "visits.csv");
    }

    void assertExists(Throwable thrown, String name) {
        assertThat(thrown).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.retryable()).as("whether trying again may help").isFalse();
            assertThat(failure.occupied()).as("whether the name is taken").isTrue();
            assertThat(failure.delivery()).isEqualTo(delivery.id());
            assertThat(failure).hasMessageContaining(name);
        });
    }
}
