package io.outfeed.sftp.internal.transfer;

import static io.outfeed.sftp.fixture.TestSessions.openSession;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.SftpPublication;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.fixture.OutgoingFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.sshd.sftp.common.SftpConstants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A delivery that breaks at one packet after the other: those of the client before the server has done what they ask,
 * those of the server when it has. Whatever the packet, the next attempt leaves one whole file and nothing else.
 */
@Tag("slow")
@Timeout(120)
class EveryPacketTest {

    private static final byte[] SMALL = {'a', '\r', '\n'};

    /** Several writes. */
    private static final byte[] LARGE = new byte[100_000];

    private static final byte[] OLD = {'o', 'l', 'd'};

    static {
        new Random(1).nextBytes(LARGE);
    }

    /** Other files in the directory. */
    private static final Map<String, byte[]> OTHERS = Map.of(
            ".interactions-12.csv.r40-t96.part", OLD,
            ".interactions-12.csv.r41-t98.part", OLD,
            ".visits-12.csv.r41-t97.part", OLD,
            "interactions-11.csv", OLD,
            "interactions-11.csv.done", OLD);

    @TempDir
    private Path root;

    @TempDir
    private Path staging;

    private MinaServer server;
    private Path exports;
    private Path target;

    @BeforeEach
    void start() throws IOException {
        exports = Files.createDirectory(root.resolve("exports"));
        target = exports.resolve("interactions-12.csv");
        server = MinaServer.start(root);
        server.takeLittleAtOnce();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    // ---- deliveries that are retried

    @Test
    void should_deliver_once_wherever_the_connection_is_cut_before_or_after_the_login() {
        Scenario scenario = new Scenario(server.delivery().idleTimeout(Duration.ZERO), IfExists.FAIL, SMALL, false);

        cutEverywhere(scenario, true, Publication.ATOMIC);
    }

    @ParameterizedTest
    @CsvSource({
        "PROBE, FAIL, false, ATOMIC",
        "PROBE, REPLACE, true, ATOMIC",
        "PROBE, KEEP_BOTH, true, ATOMIC",
        "PROBE, WAIT, false, ATOMIC",
        "ATOMIC_RENAME, FAIL, false, ATOMIC",
        "ATOMIC_RENAME, REPLACE, true, ATOMIC",
        "ATOMIC_RENAME, KEEP_BOTH, true, ATOMIC",
        "ATOMIC_RENAME, WAIT, false, ATOMIC",
        "RENAME, FAIL, false, ATOMIC",
        "RENAME, REPLACE, true, NOT_ATOMIC",
        "RENAME, KEEP_BOTH, true, ATOMIC",
        "RENAME, WAIT, false, ATOMIC",
        "DIRECT, FAIL, false, DIRECT",
        "DIRECT, REPLACE, true, DIRECT",
        "DIRECT, KEEP_BOTH, true, DIRECT",
        "DIRECT, WAIT, false, DIRECT",
        "DIRECT_WITH_DONE_FILE, FAIL, false, DONE_FILE",
        "DIRECT_WITH_DONE_FILE, WAIT, false, DONE_FILE",
        "DIRECT_WITH_DONE_FILE, REPLACE, true, DONE_FILE",
        "DIRECT_WITH_DONE_FILE, KEEP_BOTH, true, DONE_FILE",
    })
    void should_deliver_once_wherever_the_connection_is_cut(
            SftpPublication publication, IfExists ifExists, boolean occupied, Publication reached) {
        cutEverywhere(
                new Scenario(server.delivery().publication(publication), ifExists, SMALL, occupied), false, reached);
    }

    @ParameterizedTest
    @CsvSource({
        "PROBE, FAIL, false, ATOMIC",
        "RENAME, REPLACE, true, NOT_ATOMIC",
        "DIRECT_WITH_DONE_FILE, REPLACE, true, DONE_FILE",
    })
    void should_deliver_several_writes_once_wherever_the_connection_is_cut(
            SftpPublication publication, IfExists ifExists, boolean occupied, Publication reached) {
        cutEverywhere(
                new Scenario(server.delivery().publication(publication), ifExists, LARGE, occupied), false, reached);
    }

    @ParameterizedTest
    @CsvSource({"FAIL, false", "REPLACE, true", "KEEP_BOTH, true", "WAIT, false"})
    void should_deliver_where_there_is_no_rename_wherever_the_connection_is_cut(IfExists ifExists, boolean occupied) {
        server.faults().refuseRenames(SftpConstants.SSH_FX_OP_UNSUPPORTED);

        Scenario scenario = new Scenario(server.delivery(), ifExists, SMALL, occupied);
        scenario.mayLeave = true;

        cutEverywhere(scenario, false, Publication.DIRECT);
    }

    @ParameterizedTest
    @CsvSource({"PROBE, FAIL, false, ATOMIC", "PROBE, REPLACE, true, ATOMIC", "RENAME, REPLACE, true, NOT_ATOMIC"})
    void should_deliver_to_a_write_only_server_wherever_the_connection_is_cut(
            SftpPublication publication, IfExists ifExists, boolean occupied, Publication reached) {
        server.faults().denyAttributes();

        cutEverywhere(
                new Scenario(server.delivery().publication(publication), ifExists, SMALL, occupied), false, reached);
    }

    // ---- deliveries that are given up

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_remove_what_a_broken_upload_has_left_when_the_run_is_given_up(boolean large) {
        Scenario scenario = new Scenario(server.delivery(), IfExists.FAIL, large ? LARGE : SMALL, false);

        cutUploadEverywhere(scenario, () -> {
            try (SftpSession session = openSession(scenario.delivery)) {
                session.discard(scenario.file);
            }
            assertFiles(OTHERS, false);
        });
    }

    /** The server could not be reached when the run was given up. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_remove_what_a_broken_upload_has_left_in_the_next_run(boolean large) {
        Scenario scenario = new Scenario(server.delivery(), IfExists.FAIL, large ? LARGE : SMALL, false);

        cutUploadEverywhere(scenario, () -> {
            removeLeft(scenario);
            assertFiles(OTHERS, false);
        });
    }

    @Test
    void should_remove_leftovers_even_if_the_connection_is_cut_again() {
        Scenario scenario = new Scenario(server.delivery(), IfExists.FAIL, SMALL, false);
        OutgoingFile next = OutgoingFiles.nextRun(scenario.file);
        String faultedAt;
        int packet = 0;
        do {
            arrange(false);
            SftpSession session = openSession(scenario.delivery);
            session.prepare(scenario.file);
            server.packets().cutAt(0);
            assertThatThrownBy(() -> session.discard(scenario.file)).isInstanceOf(DeliveryException.class);
            session.close();
            server.faults().awaitRest();
            assertThat(files()).containsKey(OutgoingFiles.TEMPORARY);

            try (RetryingDelivery attempts = new RetryingDelivery(
                    scenario.delivery, next, () -> server.faults().awaitRest())) {
                attempts.session();
                server.packets().cutAt(packet);
                attempts.prepare();
                faultedAt = server.packets().faultedAt();
                server.packets().pass();
                attempts.session().discard(next);
            }
            assertFiles(OTHERS, false);
            packet++;
        } while (!faultedAt.isEmpty());
    }

    private void cutUploadEverywhere(Scenario scenario, Runnable afterwards) {
        int broken = 0;
        String faultedAt;
        int packet = 0;
        do {
            arrange(false);
            SftpSession session = openSession(scenario.delivery);
            server.packets().cutAt(packet);
            try {
                session.prepare(scenario.file);
                faultedAt = server.packets().faultedAt();
            } catch (DeliveryException e) {
                faultedAt = server.packets().faultedAt();
                assertThat(e.retryable()).isTrue();
                session.close();
                server.faults().awaitRest();
                try {
                    afterwards.run();
                } catch (AssertionError failed) {
                    throw new AssertionError("cut at packet " + packet + ", " + faultedAt, failed);
                }
                broken++;
            }
            server.packets().pass();
            session.close();
            packet++;
        } while (!faultedAt.isEmpty());
        assertThat(broken).as("packets at which the upload failed").isGreaterThan(packet - 4);
    }

    // ---- scenarios

    /** {@code occupied}: an old file has the name. */
    private final class Scenario {

        private final SftpDelivery delivery;
        private final OutgoingFile file;
        private final byte[] content;
        private final boolean occupied;
        private final Path appears;

        /** Whether a useless temporary file may remain until the next run of the job. */
        private boolean mayLeave;

        Scenario(SftpDelivery.Builder delivery, IfExists ifExists, byte[] content, boolean occupied) {
            this.delivery = delivery.operationTimeout(Duration.ofSeconds(20)).build();
            this.file = OutgoingFiles.file(staging, "", content, ifExists);
            this.content = content;
            this.occupied = occupied;
            this.appears = ifExists == IfExists.KEEP_BOTH && occupied
                    ? exports.resolve(file.keptBoth().path())
                    : target;
        }

        boolean replaces() {
            return occupied && appears.equals(target);
        }

        /** The expected files at the end. */
        Map<String, byte[]> delivered(Publication reached) {
            Map<String, byte[]> all = new TreeMap<>(OTHERS);
            if (occupied) {
                all.put("interactions-12.csv", OLD);
            }
            all.put(appears.getFileName().toString(), content);
            if (reached == Publication.DONE_FILE) {
                all.put(appears.getFileName() + ".done", new byte[0]);
            }
            return all;
        }
    }

    private void cutEverywhere(Scenario scenario, boolean fromTheStart, Publication reached) {
        List<String> broken = new ArrayList<>();
        String faultedAt = "";
        int packet = 0;
        do {
            arrange(scenario.occupied);
            AtomicBoolean published = new AtomicBoolean();
            RetryingDelivery attempts = new RetryingDelivery(scenario.delivery, scenario.file, () -> {
                server.faults().awaitRest();
                if (!published.get()) {
                    checkBetween(scenario, reached);
                }
            });
            try (attempts) {
                if (!fromTheStart) {
                    attempts.session();
                }
                server.packets().cutAt(packet);
                DeliveryReceipt receipt = attempts.deliver();
                published.set(true);

                assertThat(receipt.publication()).isIn(reached, inferredIf(reached));
                assertThat(receipt.location()).isEqualTo("/exports/" + scenario.appears.getFileName());
                assertFiles(scenario.delivered(reached), scenario.mayLeave);
                checkAfterwards(attempts, receipt, scenario);
                faultedAt = server.packets().faultedAt();
                server.packets().pass();
                assertThat(attempts.failures()).hasSizeLessThan(2);
                if (!attempts.failures().isEmpty()) {
                    broken.add(faultedAt);
                }
            } catch (DeliveryException | AssertionError e) {
                throw new AssertionError(
                        "cut at packet " + packet + ", " + server.packets().faultedAt(), e);
            }
            if (scenario.mayLeave) {
                removeLeft(scenario);
                assertThat(files()).doesNotContainKey(OutgoingFiles.TEMPORARY);
            }
            packet++;
        } while (!faultedAt.isEmpty());
        assertThat(broken).as("packets at which an attempt failed").hasSizeGreaterThan(packet - 4);
    }

    private static Publication inferredIf(Publication reached) {
        return reached == Publication.ATOMIC || reached == Publication.NOT_ATOMIC ? Publication.INFERRED : reached;
    }

    /** A receiver inspects the directory while the connection is broken. */
    private void checkBetween(Scenario scenario, Publication reached) {
        byte @Nullable [] seen = read(scenario.appears);
        switch (reached) {
            case ATOMIC -> assertThat(seen).isIn(scenario.replaces() ? OLD : null, scenario.content);
            case NOT_ATOMIC -> assertThat(seen).isIn(null, OLD, scenario.content);
            default -> {
                if (Files.exists(exports.resolve(scenario.appears.getFileName() + ".done"))) {
                    assertThat(seen).isEqualTo(scenario.content);
                }
            }
        }
    }

    private void checkAfterwards(RetryingDelivery attempts, DeliveryReceipt receipt, Scenario scenario) {
        boolean inspects = attempts.inspect(receipt.location()).presence() != Inspection.Presence.NOT_SAID;
        if (inspects) {
            assertThat(attempts.inspect(receipt.location()).bytes()).isEqualTo(scenario.content.length);
            assertThat(attempts.delete(receipt.location())).isEqualTo(Deletion.DELETED);
            assertThat(scenario.appears).doesNotExist();
        }
    }

    /** The next run of the job starts, and is given up. */
    private void removeLeft(Scenario scenario) {
        OutgoingFile next = OutgoingFiles.nextRun(scenario.file);
        try (SftpSession session = openSession(scenario.delivery)) {
            session.prepare(next);
            session.discard(next);
        }
    }

    // ---- files

    /** Only the files of others are there, and an old one of this name. */
    private void arrange(boolean occupied) {
        try {
            for (String name : files().keySet()) {
                Files.delete(exports.resolve(name));
            }
            for (Map.Entry<String, byte[]> other : OTHERS.entrySet()) {
                Files.write(exports.resolve(other.getKey()), other.getValue());
            }
            if (occupied) {
                Files.write(target, OLD);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, byte[]> files() {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.list(exports)) {
            paths.sorted(Comparator.naturalOrder())
                    .forEach(path -> files.put(path.getFileName().toString(), requireNonNull(read(path))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private static byte @Nullable [] read(Path path) {
        try {
            return Files.exists(path) ? Files.readAllBytes(path) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertFiles(Map<String, byte[]> expected, boolean mayLeave) {
        Map<String, byte[]> found = files();
        if (mayLeave) {
            found.remove(OutgoingFiles.TEMPORARY);
        }
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        assertThat(found)
                .allSatisfy((name, content) -> assertThat(content).as(name).isEqualTo(expected.get(name)));
    }
}
