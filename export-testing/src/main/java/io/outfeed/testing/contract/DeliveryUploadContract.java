package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.file.IfExists;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The identity of a delivery, and files that no receiver sees yet. */
abstract class DeliveryUploadContract extends DeliveryFixture {

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
            assertThat(implementation().secrets())
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
            assertThat(prepared.temporary()).as("the temporary name").isPresent();
            assertTemporary(file);
        }

        @Test
        void should_overwrite_a_leftover() throws Exception {
            prepare(file(41, 97, "visits.csv", OLD, IfExists.FAIL));
            OutgoingFile again = file(IfExists.FAIL);

            PreparedFile prepared = prepare(again);

            assertInvisible("visits.csv");
            assertTemporary(again);
            assertThat(publish(prepared, again)).isPresent();
            assertVisible("visits.csv", CONTENT);
            assertTemporary();
        }

        @Test
        void should_report_all_bytes_and_no_more_if_it_reports_any() throws Exception {
            byte[] content = new byte[1 << 20];
            new Random(1).nextBytes(content);
            OutgoingFile silent = file(41, 97, "visits.csv", content, IfExists.FAIL);
            List<Long> reported = Collections.synchronizedList(new ArrayList<>());

            prepare(new OutgoingFile(
                    silent.job(),
                    silent.run(),
                    silent.token(),
                    silent.upload(),
                    silent.file(),
                    silent.content(),
                    silent.ifExists(),
                    reported::add));

            assertThat(reported).allSatisfy(bytes -> assertThat(bytes).isBetween(0L, (long) content.length));
            if (!reported.isEmpty()) {
                assertThat(Collections.max(reported)).isEqualTo(content.length);
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
        void should_not_touch_an_old_file() throws Exception {
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
                    .satisfies(DeliveryUploadContract.this::assertExists);

            assertVisible("visits.csv", OLD);
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
        void should_do_nothing_where_there_is_no_file() throws Exception {
            discard(file(IfExists.FAIL));
            discard(file(41, 97, "2026-27/visits.csv", CONTENT, IfExists.REPLACE));

            assertTemporary();
            assertInvisible("visits.csv");
        }

        @Test
        void should_never_touch_a_published_file() throws Exception {
            for (IfExists ifExists : implementation().supported()) {
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

            assertTemporary(others.get(0), others.get(1), others.get(2), others.get(3));
            assertThat(publish(first, others.get(0))).isPresent();
            assertVisible("visits.csv", OLD);
        }
    }
}
