package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.file.IfExists;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Files whose names are taken by a file that the receiver has not read yet. */
abstract class DeliveryOccupiedNameContract extends DeliveryFixture {

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
        void should_put_the_new_file_next_to_the_old_one() throws Exception {
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

        @Test
        void should_say_that_both_names_are_taken_before_it_uploads() throws Exception {
            deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));
            deliver(file(40, 97, "visits-r41.csv", OLD, IfExists.FAIL));

            assertThatThrownBy(() -> prepare(file(IfExists.KEEP_BOTH)))
                    .satisfies(thrown -> assertExists(thrown, "visits-r41.csv"));

            assertVisible("visits.csv", OLD);
            assertVisible("visits-r41.csv", OLD);
            assertTemporary();
        }

        /** Else the run's own file, published before a lost answer, would block it. */
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

            assertThatThrownBy(() -> publish(prepared, file))
                    .satisfies(DeliveryOccupiedNameContract.this::assertExists);

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
            String second = deliver(file(IfExists.KEEP_BOTH));

            assertThat(delete(second, CONTENT.length)).isEqualTo(Deletion.DELETED);

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

            assertThatThrownBy(() -> prepare(file(IfExists.WAIT)))
                    .satisfies(DeliveryOccupiedNameContract.this::assertExists);

            assertVisible("visits.csv", OLD);
            assertTemporary();
        }

        @Test
        void should_not_touch_a_file_that_appeared_meanwhile() throws Exception {
            OutgoingFile file = file(IfExists.WAIT);
            PreparedFile prepared = prepare(file);
            String old = deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            assertThatThrownBy(() -> publish(prepared, file))
                    .satisfies(DeliveryOccupiedNameContract.this::assertExists);
            assertVisible("visits.csv", OLD);
            assertTemporary(file);

            assertThat(delete(old, OLD.length)).isEqualTo(Deletion.DELETED);
            assertThat(publish(prepared, file)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }
    }
}
