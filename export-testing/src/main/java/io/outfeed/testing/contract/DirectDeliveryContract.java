package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.file.IfExists;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What the engine relies on in a {@link Delivery} to a destination without a rename: object stores, mail, uploads by
 * HTTP, servers that write under the final name. Such a delivery sends when it publishes. The ledger knows that a
 * request may have been sent, and {@link PreparedFile#touched} tells it: the delivery overwrites its own half, and no
 * file of others.
 *
 * <pre>{@code
 * class MyDeliveryTest extends DirectDeliveryContract {
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
 *
 * <p>A destination that keeps every message, such as mail, has no names that are taken: it overrides {@link #supported}
 * to give none, and its {@link #visible} gives the newest one.
 */
public abstract class DirectDeliveryContract extends TestedDelivery {

    /** Made by JUnit, for each test. */
    protected DirectDeliveryContract() {}

    @Nested
    class Sending extends Fixture {

        @Test
        void should_show_nothing_before_it_is_published() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);

            PreparedFile prepared = prepare(file);

            assertThat(prepared.temporary()).isEmpty();
            assertInvisible("visits.csv");
        }

        @Test
        void should_show_nothing_after_a_check() throws Exception {
            OutgoingFile file = file(0, 0, "visits.csv", CONTENT, IfExists.FAIL);

            try (DeliverySession session = tested().open()) {
                assertThat(session.prepare(file).temporary()).isEmpty();
                session.check(file);
                session.discard(file);
            }

            assertInvisible("visits.csv");
            assertInvisible(".visits.csv.r0-t0.part");
        }

        @Test
        void should_make_the_bytes_visible_at_the_prepared_location() throws Exception {
            OutgoingFile file = file(41, 97, "2026-27/visits.csv", CONTENT, IfExists.FAIL);
            PreparedFile prepared = prepare(file);

            Optional<DeliveryReceipt> receipt = publish(prepared, file);

            assertThat(receipt.map(DeliveryReceipt::location)).contains(prepared.location());
            assertVisible("2026-27/visits.csv", CONTENT);
        }

        @Test
        void should_send_an_empty_file() throws Exception {
            deliver(file(41, 97, "visits.csv", new byte[0], IfExists.FAIL));

            assertVisible("visits.csv", new byte[0]);
        }

        @Test
        void should_send_several_files_in_one_session() throws Exception {
            OutgoingFile first = file(41, 97, "a.csv", CONTENT, IfExists.FAIL);
            OutgoingFile second = file(41, 97, "b.csv", OLD, IfExists.FAIL);

            try (DeliverySession session = tested().open()) {
                PreparedFile a = session.prepare(first);
                PreparedFile b = session.prepare(second);
                assertThat(session.publish(a, first)).isPresent();
                assertThat(session.publish(b, second)).isPresent();
            }

            assertVisible("a.csv", CONTENT);
            assertVisible("b.csv", OLD);
        }

        @Test
        void should_overwrite_what_an_earlier_request_has_left() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            byte[] half = Arrays.copyOf(CONTENT, CONTENT.length / 2);
            publish(prepared, file(41, 97, "visits.csv", half, IfExists.FAIL)); // as a connection that broke leaves it

            assertThat(publish(prepared.toTouched(), file)).isPresent();

            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_send_again_what_was_sent_when_the_answer_got_lost() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            publish(prepared, file);

            assertThat(publish(prepared.toTouched(), file)).isPresent();

            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_leave_a_published_file_alone_when_an_upload_is_abandoned() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            deliver(file);

            discard(file);
            discard(file(42, 98, "never-sent.csv", CONTENT, IfExists.FAIL));

            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_not_show_a_secret() {
            assertThat(secrets())
                    .allSatisfy(secret -> assertThat(tested().toString()).doesNotContain(secret));
            assertThat(tested().toString()).doesNotMatch(".*@[0-9a-f]{6,8}$");
        }

        @Test
        void should_delete_the_file_that_it_has_sent_and_no_other() throws Exception {
            String location = deliver(file(IfExists.FAIL));

            assertThat(delete(location, CONTENT.length + 1)).isEqualTo(Deletion.DIFFERENT);
            assertVisible("visits.csv", CONTENT);
            assertThat(delete(location, CONTENT.length)).isEqualTo(Deletion.DELETED);
            assertInvisible("visits.csv");
            assertThat(delete(location, CONTENT.length)).isEqualTo(Deletion.NOT_THERE);
        }
    }

    @Nested
    class OccupiedName extends Fixture {

        @Test
        void should_say_that_the_name_is_taken_before_it_sends() throws Exception {
            assertTakenBeforeItSends(IfExists.FAIL);
        }

        @Test
        void should_wait_for_a_name_that_is_taken_before_it_sends() throws Exception {
            assertTakenBeforeItSends(IfExists.WAIT);
        }

        private void assertTakenBeforeItSends(IfExists ifExists) throws Exception {
            assumeSupported(ifExists);
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            assertThatThrownBy(() -> prepare(file(ifExists))).satisfies(this::assertExists);

            assertVisible("visits.csv", OLD);
        }

        @Test
        void should_not_overwrite_a_file_that_appeared_meanwhile() throws Exception {
            assertNotOverwritten(IfExists.FAIL);
        }

        @Test
        void should_wait_for_a_file_that_appeared_meanwhile() throws Exception {
            assertNotOverwritten(IfExists.WAIT);
        }

        @Test
        void should_not_overwrite_a_file_that_appeared_where_both_are_kept() throws Exception {
            assertNotOverwritten(IfExists.KEEP_BOTH);
        }

        private void assertNotOverwritten(IfExists ifExists) throws Exception {
            assumeSupported(ifExists);
            OutgoingFile file = file(ifExists);
            PreparedFile prepared = prepare(file);
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            assertThatThrownBy(() -> publish(prepared, file)).satisfies(this::assertExists);

            assertVisible("visits.csv", OLD);
        }

        @Test
        void should_replace_an_old_file() throws Exception {
            assumeSupported(IfExists.REPLACE);
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            deliver(file(IfExists.REPLACE));

            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_put_the_new_file_next_to_the_old_one() throws Exception {
            assumeSupported(IfExists.KEEP_BOTH);
            deliver(file(40, 96, "visits.csv", OLD, IfExists.KEEP_BOTH));

            String location = deliver(file(IfExists.KEEP_BOTH));

            assertThat(location).endsWith("visits-r41.csv");
            assertVisible("visits.csv", OLD);
            assertVisible("visits-r41.csv", CONTENT);
        }

        @Test
        void should_overwrite_neither_of_two_old_files() throws Exception {
            assumeSupported(IfExists.KEEP_BOTH);
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));
            deliver(file(40, 97, "visits-r41.csv", OLD, IfExists.FAIL));

            assertThatThrownBy(() -> deliver(file(IfExists.KEEP_BOTH)))
                    .satisfies(thrown -> assertExists(thrown, "visits-r41.csv"));

            assertVisible("visits.csv", OLD);
            assertVisible("visits-r41.csv", OLD);
        }
    }

    private abstract class Fixture extends DeliveryFixture {

        @Override
        TestedDelivery implementation() {
            return DirectDeliveryContract.this;
        }
    }
}
