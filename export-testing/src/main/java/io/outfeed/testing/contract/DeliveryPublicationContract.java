package io.outfeed.testing.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.IfExists;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Files that become visible to receivers. */
abstract class DeliveryPublicationContract extends DeliveryFixture {

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

            assertThat(sha256(implementation().visible("visits.csv").orElseThrow()))
                    .isEqualTo(sha256(large));
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
                assertTemporary(inFolder, inOther);

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
        void should_publish_in_another_session() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);

            PreparedFile prepared = prepare(file);

            assertThat(publish(prepared, file)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_publish_when_the_staged_bytes_are_gone() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            Files.delete(file.content());

            assertThat(publish(prepared, file)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_find_the_temporary_file_gone_the_second_time() throws Exception {
            for (IfExists ifExists : implementation().supported()) {
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
            for (IfExists ifExists : implementation().supported()) {
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
                assertThatThrownBy(() -> publish(prepared, file))
                        .satisfies(DeliveryPublicationContract.this::assertExists);
                assertVisible("visits.csv", OLD);
                assertTemporary(file);
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
            assertTemporary(first, second);

            assertThat(publish(ofSecond, second)).isPresent();
            assertVisible("visits.csv", CONTENT);
            assertTemporary(first);
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

            assertThatThrownBy(() -> publish(ofFirst, first)).satisfies(DeliveryPublicationContract.this::assertExists);
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_succeed_for_one_of_two_that_race() throws Exception {
            for (IfExists ifExists : implementation().supported()) {
                OutgoingFile file = file(41, 97, ifExists + ".csv", CONTENT, ifExists);
                PreparedFile prepared = prepare(file);
                Callable<Boolean> task = () -> publishes(prepared, file);

                List<Boolean> published = AtOnce.run(List.of(task, task));
                assertThat(published).contains(true);
                if (!implementation().acknowledgesBoth()) {
                    assertThat(published).contains(false);
                }

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
