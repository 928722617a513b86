package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.delivery.Deletion;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.file.FileNames;
import io.outfeed.file.IfExists;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Files that were delivered before: whether they are still there, and their deletion. */
abstract class DeliveredFilesContract extends DeliveryFixture {

    /** Only of deliveries whose {@link io.outfeed.delivery.Delivery#fileNames()} are UNICODE. */
    @Nested
    class WithNamesOfAnyScript {

        private static final String NAME = "Besuche Z\u00fcrich \u6771\u4eac \u0639\u0645\u0627\u0646 1.csv";
        private static final String KEPT = "Besuche Z\u00fcrich \u6771\u4eac \u0639\u0645\u0627\u0646 1-r41.csv";

        @BeforeEach
        void assumeUnicode() {
            assumeTrue(
                    delivery.fileNames() == FileNames.UNICODE,
                    "skipped: this delivery, in this locale, has portable names only");
        }

        @Test
        void should_show_them_when_they_are_published() throws Exception {
            OutgoingFile file = file(41, 97, "2026-27/" + NAME, CONTENT, IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            assertInvisible("2026-27/" + NAME);
            assertTemporary(file);

            assertThat(publish(prepared, file)).isPresent();

            assertVisible("2026-27/" + NAME, CONTENT);
            assertTemporary();
        }

        @Test
        void should_see_them_and_delete_them() throws Exception {
            String location = deliver(file(41, 97, NAME, CONTENT, IfExists.FAIL));
            assertPresent(inspect(location), CONTENT.length);

            assertThat(delete(location, CONTENT.length)).isEqualTo(Deletion.DELETED);

            assertInvisible(NAME);
            assertThat(inspect(location)).isEqualTo(Inspection.missing());
        }

        @Test
        void should_see_that_they_are_taken() throws Exception {
            assumeSupported(IfExists.KEEP_BOTH);
            deliver(file(40, 96, NAME, OLD, IfExists.FAIL));

            deliver(file(41, 97, NAME, CONTENT, IfExists.KEEP_BOTH));

            assertVisible(NAME, OLD);
            assertVisible(KEPT, CONTENT);
        }

        @Test
        void should_discard_what_has_the_longest() throws Exception {
            String longest = "\u6771".repeat(65) + ".csv";
            assertThat(FileNames.UNICODE.problem(longest)).isEmpty();
            OutgoingFile file = file(9_999_999_999L, 9_999_999_999L, longest, CONTENT, IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            assertTemporary(file);

            discard(file);

            assertTemporary();
            assertThat(publish(prepared, file)).isEmpty();
        }
    }

    @Nested
    class Inspecting {

        @Test
        void should_see_a_published_file_and_its_size() throws Exception {
            String location = deliver(file(IfExists.FAIL));
            String empty = deliver(file(42, 98, "2026-27/empty.csv", new byte[0], IfExists.FAIL));

            assertPresent(inspect(location), CONTENT.length);
            assertPresent(inspect(empty), 0);
            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_see_what_has_the_name_now() throws Exception {
            String location = deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));

            deliver(file(IfExists.REPLACE));

            assertPresent(inspect(location), CONTENT.length);
        }

        @Test
        void should_miss_a_file_that_is_only_prepared() throws Exception {
            PreparedFile prepared = prepare(file(IfExists.FAIL));

            assertThat(inspect(prepared.location())).isEqualTo(Inspection.missing());
        }

        @Test
        void should_miss_a_file_that_was_deleted() throws Exception {
            String location = deliver(file(IfExists.FAIL));
            assertThat(delete(location, CONTENT.length)).isEqualTo(Deletion.DELETED);

            assertThat(inspect(location)).isEqualTo(Inspection.missing());
        }

        @Test
        void should_see_a_prepared_file_under_its_temporary_name_and_recognize_it_when_it_is_published()
                throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            PreparedFile prepared = prepare(file);
            assumeTrue(prepared.temporary().isPresent(), "skipped: this destination has no temporary names");
            Inspection temporary = inspect(prepared.temporary().orElseThrow());
            assertPresent(temporary, CONTENT.length);

            publish(prepared, file);

            Inspection published = inspect(prepared.location());
            assertThat(recognizable(published))
                    .as("the same file under another name")
                    .isEqualTo(recognizable(temporary));
            assertThat(inspect(prepared.temporary().orElseThrow())).isEqualTo(Inspection.missing());
        }

        /** A file that has a key is recognized by it, whatever its time is. */
        private static Inspection recognizable(Inspection found) {
            return found.fileKey().isPresent()
                    ? Inspection.present(found.bytes(), Optional.empty(), found.fileKey())
                    : found;
        }

        @Test
        void should_read_a_published_file_back() throws Exception {
            OutgoingFile file = file(IfExists.FAIL);
            String location = deliver(file);

            try (DeliverySession session = delivery.open()) {
                Optional<String> sha256 = session.sha256(location);
                assumeTrue(sha256.isPresent(), "skipped: this destination can't read files back");
                assertThat(sha256).contains(file.file().sha256());
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
        void should_keep_a_file_of_another_size() throws Exception {
            String location = deliver(file(IfExists.FAIL));

            for (long other : List.of(0L, CONTENT.length - 1L, CONTENT.length + 1L)) {
                assertThat(delete(location, other)).isEqualTo(Deletion.DIFFERENT);
            }

            assertVisible("visits.csv", CONTENT);
        }

        @Test
        void should_keep_a_file_that_waits_to_be_published() throws Exception {
            String location = deliver(file(40, 96, "visits.csv", OLD, IfExists.FAIL));
            OutgoingFile next = file(IfExists.REPLACE);
            PreparedFile prepared = prepare(next);

            assertThat(delete(location, OLD.length)).isEqualTo(Deletion.DELETED);

            assertTemporary(next);
            assertThat(publish(prepared, next)).isPresent();
            assertVisible("visits.csv", CONTENT);
        }
    }

    private static void assertPresent(Inspection found, long bytes) {
        assertThat(found.presence()).isEqualTo(Inspection.Presence.PRESENT);
        assertThat(found.bytes()).isEqualTo(bytes);
    }

    private Inspection inspect(String location) throws Exception {
        try (DeliverySession session = delivery.open()) {
            Inspection found = session.inspect(location);
            assumeTrue(found.presence() != Inspection.Presence.NOT_SAID, "skipped: this destination does not say");
            return found;
        }
    }
}
