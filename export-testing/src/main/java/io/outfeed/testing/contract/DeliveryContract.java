package io.outfeed.testing.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the engine relies on in a {@link Delivery} to a destination that can rename. One that sends when it publishes, such
 * as mail, has no witness and promises less.
 *
 * <pre>{@code
 * class MyDeliveryTest extends DeliveryContract {
 *     @Override
 *     protected Delivery delivery() {
 *         return MyDelivery.to("lakeside", emptyBucket);
 *     }
 *
 *     @Override
 *     protected Optional<byte[]> visible(String path) {
 *         return emptyBucket.read(path);
 *     }
 * }
 * }</pre>
 */
public abstract class DeliveryContract {

    private static final byte[] CONTENT = "id\r\n1\r\n".getBytes(UTF_8);
    private static final byte[] OLD = "id,note\r\n1,an old file that is longer\r\n".getBytes(UTF_8);

    private Path work;
    private Delivery delivery;
    private int spooled;

    /** Made by JUnit, for each test. */
    protected DeliveryContract() {}

    /**
     * Makes a delivery to a destination without files. Called once for each test.
     *
     * @return the delivery
     * @throws Exception if that fails; so does the test
     */
    protected abstract Delivery delivery() throws Exception;

    /**
     * Reads a file as a receiver does.
     *
     * @param path the path below the destination, with {@code /} between folder and name
     * @return its bytes, or empty if a receiver sees no file of that name
     * @throws Exception if that fails; so does the test
     */
    protected abstract Optional<byte[]> visible(String path) throws Exception;

    /**
     * Lists the files that wait to be published. Override it if the test can see them; by default the tests do not look.
     *
     * @return their paths below the destination in any order, or empty if they can't be seen
     * @throws Exception if that fails; so does the test
     */
    protected Optional<List<String>> temporaryNames() throws Exception {
        return Optional.empty();
    }

    /**
     * Returns what the delivery must not show in its {@code toString}, such as its password.
     *
     * @return nothing by default
     */
    protected List<String> secrets() {
        return List.of();
    }

    /**
     * Returns the choices for a name that is taken which the delivery can honour. The tests of others are skipped.
     *
     * @return all by default
     */
    protected Set<IfExists> supported() {
        return EnumSet.allOf(IfExists.class);
    }

    private void assumeSupported(IfExists ifExists) {
        assumeTrue(supported().contains(ifExists), () -> "skipped: this delivery does not support " + ifExists);
    }

    @BeforeEach
    void makeDelivery(@TempDir Path directory) throws Exception {
        work = directory;
        delivery = delivery();
    }

    private OutgoingFile file(IfExists ifExists) throws IOException {
        return file(41, 97, "visits.csv", CONTENT, ifExists);
    }

    /** The path may have a folder. */
    private OutgoingFile file(long run, long token, String path, byte[] content, IfExists ifExists) throws IOException {
        return file(run, token, path, content, content.length, ifExists);
    }

    private OutgoingFile file(long run, long token, String path, byte[] content, long bytes, IfExists ifExists)
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

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every Java has SHA-256", e);
        }
    }

    private PreparedFile prepare(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.prepare(file);
        }
    }

    private Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.publish(prepared, file);
        }
    }

    private void discard(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            session.discard(file);
        }
    }

    /** Returns where the file appeared. */
    private String deliver(OutgoingFile file) throws Exception {
        try (DeliverySession session = delivery.open()) {
            return session.publish(session.prepare(file), file)
                    .map(DeliveryReceipt::location)
                    .orElseThrow(() -> new AssertionError("not published"));
        }
    }

    private Deletion delete(String location, long expectedBytes) throws Exception {
        try (DeliverySession session = delivery.open()) {
            Deletion done = session.delete(location, expectedBytes);
            assumeTrue(done != Deletion.NOT_SAID, "skipped: this destination does not delete");
            return done;
        }
    }

    private void assertVisible(String path, byte[] expected) throws Exception {
        assertThat(visible(path))
                .as(path)
                .hasValueSatisfying(bytes -> assertThat(bytes).isEqualTo(expected));
    }

    private void assertInvisible(String path) throws Exception {
        assertThat(visible(path)).as(path).isEmpty();
    }

    /** If the test can see them. */
    private void assertTemporary(String... names) throws Exception {
        temporaryNames().ifPresent(found -> assertThat(found).containsExactlyInAnyOrder(names));
    }

    private void assertExists(Throwable thrown) {
        assertThat(thrown).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.retryable()).as("whether trying again may help").isFalse();
            assertThat(failure.occupied()).as("whether the name is taken").isTrue();
            assertThat(failure.delivery()).isEqualTo(delivery.id());
            assertThat(failure).hasMessageContaining("visits.csv");
        });
    }

    @Nested
    class Identity {

        @Test
        void should_be_a_safe_name_that_stays() throws Exception {
            String before = delivery.id();
            deliver(file(IfExists.FAIL));

            assertThat(before)
                    .matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}")
                    .doesNotContain("..")
                    .doesNotEndWith(".");
            assertThat(delivery.id()).isEqualTo(before);
        }

        @Test
        void should_be_shown_without_secrets() {
            assertThat(delivery.toString()).contains(delivery.id());
            assertThat(secrets())
                    .allSatisfy(secret -> assertThat(delivery.toString()).doesNotContain(secret));
        }
    }

    @Nested
    class Preparing {

        @Test
        void should_show_nothing() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);

            PreparedFile prepared = prepare(file);

            assertInvisible("visits.csv");
            assertThat(prepared.temporary()).as("the witness").isPresent();
            assertTemporary(file.temporaryName());
        }

        @Test
        void should_write_a_leftover_anew() throws Exception {
            prepare(file(41, 97, "visits.csv", OLD, IfExists.FAIL));
            OutgoingFile again = file(IfExists.FAIL);

            PreparedFile prepared = prepare(again);

            assertInvisible("visits.csv");
            assertTemporary(again.temporaryName());
            assertThat(publish(prepared, again)).isPresent();
            assertVisible("visits.csv", CONTENT);
            assertTemporary();
        }

        @Test
        void should_tell_of_all_bytes_and_no_more_if_it_tells_of_any() throws Exception {
            byte[] content = new byte[1 << 20];
            new Random(1).nextBytes(content);
            OutgoingFile silent = file(41, 97, "visits.csv", content, IfExists.FAIL);
            List<Long> told = Collections.synchronizedList(new ArrayList<>());

            prepare(new OutgoingFile(
                    silent.job(),
                    silent.run(),
                    silent.token(),
                    silent.file(),
                    silent.content(),
                    silent.ifExists(),
                    told::add));

            assertThat(told).allSatisfy(bytes -> assertThat(bytes).isBetween(0L, (long) content.length));
            if (!told.isEmpty()) {
                assertThat(Collections.max(told)).isEqualTo(content.length);
            }
        }

        @Test
        void should_refuse_what_has_another_size() throws Exception {
            for (long wrong : List.of(0L, CONTENT.length - 1L, CONTENT.length + 1L)) {
                OutgoingFile file = file(41, 97, "visits.csv", CONTENT, wrong, IfExists.FAIL);

                assertThatThrownBy(() -> prepare(file)).as(wrong + " bytes").isInstanceOf(Exception.class);

                assertInvisible("visits.csv");
                discard(file);
                assertTemporary();
            }
        }

        @Test
        void should_refuse_what_can_not_be_read() throws Exception {
            OutgoingFile file = file(IfExists.REPLACE);
            Files.delete(file.content());

            assertThatThrownBy(() -> prepare(file)).isInstanceOf(Exception.class);

            assertInvisible("visits.csv");
            discard(file);
            assertTemporary();
        }

        @Test
        void should_leave_an_old_file_alone() throws Exception {
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            prepare(file(IfExists.REPLACE));

            assertVisible("visits.csv", OLD);
        }

        @Test
        void should_refuse_a_name_that_is_taken_at_the_latest_when_it_publishes() throws Exception {
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));
            OutgoingFile file = file(IfExists.FAIL);

            assertThatThrownBy(() -> {
                        try (DeliverySession session = delivery.open()) {
                            Optional<DeliveryReceipt> unexpected = session.publish(session.prepare(file), file);
                            throw new AssertionError("published: " + unexpected);
                        }
                    })
                    .satisfies(DeliveryContract.this::assertExists);

            assertVisible("visits.csv", OLD);
        }
    }

    @Nested
    class Publishing {

        @Test
        void should_show_exactly_the_bytes() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            try (DeliverySession session = delivery.open()) {
                PreparedFile prepared = session.prepare(file);

                Optional<DeliveryReceipt> receipt = session.publish(prepared, file);

                assertThat(receipt.map(DeliveryReceipt::location)).contains(prepared.location());
            }
            assertVisible("visits.csv", CONTENT);
            assertTemporary();
        }

        @Test
        void should_show_an_empty_file() throws Exception {
            deliver(file(41, 97, "visits.csv", new byte[0], IfExists.FAIL));

            assertVisible("visits.csv", new byte[0]);
        }

        @Test
        void should_show_a_large_file() throws Exception {
            byte[] large = new byte[5_000_011]; // no multiple of any buffer
            new Random(1).nextBytes(large);

            deliver(file(41, 97, "visits.csv", large, IfExists.FAIL));

            assertThat(sha256(visible("visits.csv").orElseThrow())).isEqualTo(sha256(large));
        }

        @Test
        void should_show_the_longest_name() throws Exception {
            String name = "v".repeat(116) + ".csv";

            deliver(file(Long.MAX_VALUE, Long.MAX_VALUE, name, CONTENT, IfExists.FAIL));

            assertVisible(name, CONTENT);
        }

        @Test
        void should_make_the_folder() throws Exception {
            OutgoingFile inFolder = file(41, 97, "2026-27/visits.csv", CONTENT, IfExists.FAIL);
            OutgoingFile inOther = file(41, 97, "2027-28/visits.csv", OLD, IfExists.FAIL);
            try (DeliverySession session = delivery.open()) {
                PreparedFile first = session.prepare(inFolder);
                PreparedFile second = session.prepare(inOther);
                assertTemporary("2026-27/" + inFolder.temporaryName(), "2027-28/" + inOther.temporaryName());

                assertThat(session.publish(first, inFolder)).isPresent();
                assertThat(session.publish(second, inOther)).isPresent();
            }

            assertVisible("2026-27/visits.csv", CONTENT);
            assertVisible("2027-28/visits.csv", OLD);
            assertInvisible("visits.csv");
            deliver(file(42, 98, "2026-27/more.csv", CONTENT, IfExists.FAIL)); // into a folder that is there
            assertVisible("2026-27/more.csv", CONTENT);
        }

        @Test
        void should_go_on_in_another_session() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);

            PreparedFile prepared = prepare(file);

            assertThat(publish(prepared, file)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_go_on_when_the_staged_bytes_are_gone() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            Files.delete(file.content());

            assertThat(publish(prepared, file)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_find_the_witness_gone_the_second_time() throws Exception {
            for (IfExists ifExists : supported()) {
                String name = ifExists + ".csv";
                OutgoingFile file = file(41, 97, name, CONTENT, ifExists);
                try (DeliverySession session = delivery.open()) {
                    PreparedFile prepared = session.prepare(file);
                    assertThat(session.publish(prepared, file)).isPresent();

                    assertThat(session.publish(prepared, file)).isEmpty();
                    assertThat(publish(prepared, file)).as("in another session").isEmpty();
                }
                assertVisible(name, CONTENT);
            }
        }

        @Test
        void should_not_publish_what_was_discarded() throws Exception {
            for (IfExists ifExists : supported()) {
                OutgoingFile file = file(ifExists);
                PreparedFile prepared = prepare(file);
                discard(file);

                assertThat(publish(prepared, file)).isEmpty();
                assertInvisible("visits.csv");
            }
        }

        @Test
        void should_not_touch_a_file_that_has_the_name() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> publish(prepared, file)).satisfies(DeliveryContract.this::assertExists);
                assertVisible("visits.csv", OLD);
                assertTemporary(file.temporaryName());
            }
        }

        @Test
        void should_replace_a_file_that_has_the_name() throws Exception {
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));
            OutgoingFile file = file(IfExists.REPLACE);
            PreparedFile prepared = prepare(file);

            assertThat(publish(prepared, file)).isPresent();

            assertVisible("visits.csv", CONTENT);
            assertTemporary();
        }

        @Test
        void should_publish_the_bytes_of_its_own_token() throws Exception {
            OutgoingFile first = file(41, 97, "visits.csv", OLD, IfExists.REPLACE);
            OutgoingFile second = file(41, 98, "visits.csv", CONTENT, IfExists.REPLACE);
            PreparedFile ofFirst = prepare(first);
            PreparedFile ofSecond = prepare(second);
            assertTemporary(first.temporaryName(), second.temporaryName());

            assertThat(publish(ofSecond, second)).isPresent();
            assertVisible("visits.csv", CONTENT);
            assertTemporary(first.temporaryName());
            assertThat(publish(ofSecond, second)).isEmpty();
            assertVisible("visits.csv", CONTENT);

            assertThat(publish(ofFirst, first)).isPresent();
            assertVisible("visits.csv", OLD);
            assertTemporary();
        }

        @Test
        void should_not_take_the_file_of_another_token_for_its_own() throws Exception {
            OutgoingFile first = file(41, 97, "visits.csv", OLD, IfExists.FAIL);
            OutgoingFile second = file(41, 98, "visits.csv", CONTENT, IfExists.FAIL);
            PreparedFile ofFirst = prepare(first);
            PreparedFile ofSecond = prepare(second);
            assertThat(publish(ofSecond, second)).isPresent();

            assertThatThrownBy(() -> publish(ofFirst, first)).satisfies(DeliveryContract.this::assertExists);
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_succeed_for_one_of_two_that_race() throws Exception {
            for (IfExists ifExists : supported()) {
                OutgoingFile file = file(41, 97, ifExists + ".csv", CONTENT, ifExists);
                PreparedFile prepared = prepare(file);
                Callable<Boolean> task = () -> publishes(prepared, file);

                assertThat(AtOnce.run(List.of(task, task))).containsExactlyInAnyOrder(true, false);

                assertVisible(ifExists + ".csv", CONTENT);
                assertThat(publish(prepared, file)).as("once more").isEmpty();
            }
        }

        /** The one that comes too late may also fail. */
        private boolean publishes(PreparedFile prepared, OutgoingFile file) throws Exception {
            try (DeliverySession session = delivery.open()) {
                return session.publish(prepared, file).isPresent();
            } catch (DeliveryException e) {
                return false;
            }
        }
    }

    @Nested
    class KeepingBoth {

        @BeforeEach
        void assume() {
            assumeSupported(IfExists.KEEP_BOTH);
        }

        @Test
        void should_take_the_plain_name_if_it_is_free() throws Exception {
            deliver(file(IfExists.KEEP_BOTH));

            assertVisible("visits.csv", CONTENT);
            assertInvisible("visits-r41.csv");
        }

        @Test
        void should_put_the_new_file_beside_the_old_one() throws Exception {
            deliver(file(40, 96, "2026-27/visits.csv", OLD, IfExists.KEEP_BOTH));
            OutgoingFile file = file(41, 97, "2026-27/visits.csv", CONTENT, IfExists.KEEP_BOTH);

            PreparedFile prepared = prepare(file);
            assertInvisible("2026-27/visits-r41.csv");
            Optional<DeliveryReceipt> receipt = publish(prepared, file);

            assertThat(receipt.map(DeliveryReceipt::location)).contains(prepared.location());
            assertThat(prepared.location()).endsWith("2026-27/visits-r41.csv");
            assertVisible("2026-27/visits.csv", OLD);
            assertVisible("2026-27/visits-r41.csv", CONTENT);
            assertTemporary();
        }

        /** Else one's own file, published before a lost answer, would be in the way. */
        @Test
        void should_choose_the_name_once() throws Exception {
            OutgoingFile file = file(IfExists.KEEP_BOTH);
            PreparedFile prepared = prepare(file);
            assertThat(publish(prepared, file)).isPresent();

            assertThat(publish(prepared, file)).isEmpty();

            assertVisible("visits.csv", CONTENT);
            assertInvisible("visits-r41.csv");
        }

        @Test
        void should_keep_the_chosen_name_when_the_old_file_is_taken_meanwhile() throws Exception {
            String old = deliver(file(40, 96, "visits.csv", OLD, IfExists.KEEP_BOTH));
            OutgoingFile file = file(IfExists.KEEP_BOTH);
            PreparedFile prepared = prepare(file);
            assertThat(delete(old, OLD.length)).isEqualTo(Deletion.DELETED);

            assertThat(publish(prepared, file)).isPresent();

            assertInvisible("visits.csv");
            assertVisible("visits-r41.csv", CONTENT);
        }

        @Test
        void should_not_touch_a_file_that_appeared_meanwhile() throws Exception {
            OutgoingFile file = file(IfExists.KEEP_BOTH);
            PreparedFile prepared = prepare(file);
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            assertThatThrownBy(() -> publish(prepared, file)).satisfies(DeliveryContract.this::assertExists);

            assertVisible("visits.csv", OLD);
            PreparedFile again = prepare(file);
            assertThat(publish(again, file)).isPresent();
            assertVisible("visits.csv", OLD);
            assertVisible("visits-r41.csv", CONTENT);
            assertTemporary();
        }

        @Test
        void should_see_and_delete_it_where_it_appeared() throws Exception {
            deliver(file(40, 96, "visits.csv", OLD, IfExists.KEEP_BOTH));
            String beside = deliver(file(IfExists.KEEP_BOTH));

            assertThat(delete(beside, CONTENT.length)).isEqualTo(Deletion.DELETED);

            assertVisible("visits.csv", OLD);
            assertInvisible("visits-r41.csv");
        }
    }

    @Nested
    class Waiting {

        @BeforeEach
        void assume() {
            assumeSupported(IfExists.WAIT);
        }

        @Test
        void should_say_that_the_old_file_is_there_before_it_uploads() throws Exception {
            deliver(file(40, 96, "visits.csv", OLD, IfExists.WAIT));

            assertThatThrownBy(() -> prepare(file(IfExists.WAIT))).satisfies(DeliveryContract.this::assertExists);

            assertVisible("visits.csv", OLD);
            assertTemporary();
        }

        @Test
        void should_not_touch_a_file_that_appeared_meanwhile() throws Exception {
            OutgoingFile file = file(IfExists.WAIT);
            PreparedFile prepared = prepare(file);
            String old = deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            assertThatThrownBy(() -> publish(prepared, file)).satisfies(DeliveryContract.this::assertExists);
            assertVisible("visits.csv", OLD);
            assertTemporary(file.temporaryName());

            assertThat(delete(old, OLD.length)).isEqualTo(Deletion.DELETED);
            assertThat(publish(prepared, file)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }
    }

    @Nested
    class Discarding {

        @Test
        void should_remove_the_temporary_file() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            Files.delete(file.content());

            discard(file);
            discard(file);

            assertTemporary();
            assertInvisible("visits.csv");
            assertThat(publish(prepared, file)).isEmpty();
        }

        @Test
        void should_do_nothing_where_nothing_is() throws Exception {
            discard(file(IfExists.FAIL));
            discard(file(41, 97, "2026-27/visits.csv", CONTENT, IfExists.REPLACE));

            assertTemporary();
            assertInvisible("visits.csv");
        }

        @Test
        void should_never_touch_a_published_file() throws Exception {
            for (IfExists ifExists : supported()) {
                OutgoingFile file = file(41, 97, ifExists + ".csv", CONTENT, ifExists);
                deliver(file);

                discard(file);

                assertVisible(ifExists + ".csv", CONTENT);
            }
        }

        @Test
        void should_never_touch_what_others_have_prepared() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            List<OutgoingFile> others = List.of(
                    file(41, 98, "visits.csv", OLD, IfExists.FAIL),
                    file(42, 97, "visits.csv", OLD, IfExists.FAIL),
                    file(41, 97, "visits.csv2", OLD, IfExists.FAIL),
                    file(41, 97, "2026-27/visits.csv", OLD, IfExists.FAIL));
            PreparedFile first = prepare(others.get(0));
            for (OutgoingFile other : others) {
                prepare(other);
            }

            discard(file);

            assertTemporary(
                    others.get(0).temporaryName(),
                    others.get(1).temporaryName(),
                    others.get(2).temporaryName(),
                    "2026-27/" + others.get(3).temporaryName());
            assertThat(publish(first, others.get(0))).isPresent();
            assertVisible("visits.csv", OLD);
        }
    }

    @Nested
    class Looking {

        @Test
        void should_see_a_published_file_and_its_size() throws Exception {
            String location = deliver(file(IfExists.FAIL));
            String empty = deliver(file(42, 98, "2026-27/empty.csv", new byte[0], IfExists.FAIL));

            assertThat(look(location)).isEqualTo(Inspection.present(CONTENT.length));
            assertThat(look(empty)).isEqualTo(Inspection.present(0));
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_see_what_has_the_name_now() throws Exception {
            String location = deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            deliver(file(IfExists.REPLACE));

            assertThat(look(location)).isEqualTo(Inspection.present(CONTENT.length));
        }

        @Test
        void should_miss_a_file_that_is_only_prepared() throws Exception {
            PreparedFile prepared = prepare(file(IfExists.FAIL));

            assertThat(look(prepared.location())).isEqualTo(Inspection.missing());
        }

        @Test
        void should_miss_a_file_that_was_deleted() throws Exception {
            String location = deliver(file(IfExists.FAIL));
            assertThat(delete(location, CONTENT.length)).isEqualTo(Deletion.DELETED);

            assertThat(look(location)).isEqualTo(Inspection.missing());
        }

        private Inspection look(String location) throws Exception {
            try (DeliverySession session = delivery.open()) {
                Inspection found = session.inspect(location);
                assumeTrue(found.presence() != Inspection.Presence.NOT_SAID, "skipped: this destination does not tell");
                return found;
            }
        }
    }

    @Nested
    class Deleting {

        @Test
        void should_remove_a_published_file_once() throws Exception {
            String location = deliver(file(IfExists.FAIL));
            deliver(file(42, 98, "visits.csv2", OLD, IfExists.FAIL));

            assertThat(delete(location, CONTENT.length)).isEqualTo(Deletion.DELETED);
            assertInvisible("visits.csv");
            assertVisible("visits.csv2", OLD);
            assertThat(delete(location, CONTENT.length)).isEqualTo(Deletion.NOT_THERE);
        }

        @Test
        void should_leave_a_file_of_another_size() throws Exception {
            String location = deliver(file(IfExists.FAIL));

            for (long other : List.of(0L, CONTENT.length - 1L, CONTENT.length + 1L)) {
                assertThat(delete(location, other)).isEqualTo(Deletion.DIFFERENT);
            }

            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_leave_what_waits_to_be_published() throws Exception {
            String location = deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));
            OutgoingFile next = file(IfExists.REPLACE);
            PreparedFile prepared = prepare(next);

            assertThat(delete(location, OLD.length)).isEqualTo(Deletion.DELETED);

            assertTemporary(next.temporaryName());
            assertThat(publish(prepared, next)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }
    }

    @Nested
    class ManySessions {

        @Test
        void should_deliver_at_the_same_time() throws Exception {
            List<OutgoingFile> files = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                byte[] content = "id\r\n%d\r\n".formatted(i).repeat(10_000 + i).getBytes(UTF_8);
                files.add(file(41 + i, 97, i + "/visits.csv", content, IfExists.FAIL));
            }
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (OutgoingFile file : files) {
                tasks.add(() -> {
                    deliver(file);
                    return true;
                });
            }

            assertThat(AtOnce.run(tasks)).containsOnly(true);

            for (OutgoingFile file : files) {
                assertVisible(file.file().path(), Files.readAllBytes(file.content()));
            }
            assertTemporary();
        }
    }
}
