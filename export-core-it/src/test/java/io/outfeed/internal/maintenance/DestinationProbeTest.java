package io.outfeed.internal.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.operation.JobCheck;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A check does what a delivery does, so that it finds what a delivery would find. */
class DestinationProbeTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final LyingDelivery lakeside = LyingDelivery.create("lakeside");

    @AfterEach
    void close() {
        sandbox.close();
    }

    private JobCheck check(Delivery delivery) {
        return sandbox.add(ExportJob.builder("visits", Visit.export(Visit.source()))
                        .deliverTo(delivery)
                        .build())
                .check();
    }

    @Test
    void should_rename_a_hidden_file_and_leave_nothing() {
        assertThat(check(lakeside).ok()).isTrue();

        assertThat(lakeside.uploads()).isEqualTo(1);
        assertThat(lakeside.destination().arrivals())
                .as("what a receiver could see")
                .isEmpty();
        assertThat(lakeside.destination().temporaryNames()).isEmpty();
    }

    @Test
    void should_leave_nothing_in_a_directory(@TempDir Path directory) {
        assertThat(check(DirectoryDelivery.to("directory", directory)).ok()).isTrue();

        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({
        "RENAME_DENIED, PERMISSION_DENIED",
        "RENAME_FAILED_BUT_DONE, DESTINATION_UNAVAILABLE",
        "RENAME_MISSING_BUT_DONE, TEMPORARY_TAKEN",
        "RENAME_DONE_BUT_NOT, DESTINATION_REFUSED",
        "UPLOAD_TAKEN, TEMPORARY_TAKEN",
        "UPLOAD_OVER_QUOTA, DESTINATION_FULL",
        "DOT_FILES_REFUSED, PERMISSION_DENIED",
    })
    void should_find_what_a_delivery_would_find(Lie lie, FailureCode code) {
        lakeside.tellAlways(lie);

        assertThat(check(lakeside).problems())
                .singleElement()
                .extracting(JobCheck.Finding::problem)
                .extracting(Optional::orElseThrow)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(code));

        assertThat(lakeside.destination().files()).isEmpty();
        assertThat(lakeside.destination().temporaryNames()).isEmpty();
    }

    @Test
    void should_send_nothing_to_a_destination_that_takes_at_close() {
        lakeside.takesAtClose(true);

        assertThat(check(lakeside).ok()).isTrue();

        assertThat(lakeside.destination().arrivals()).isEmpty();
    }

    @Test
    void should_find_what_a_destination_without_rename_finds_itself() {
        assertThat(check(new CheckedDelivery()).problems())
                .singleElement()
                .extracting(JobCheck.Finding::problem)
                .extracting(Optional::orElseThrow)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(FailureCode.DESTINATION_REFUSED))
                .satisfies(problem -> assertThat(problem.message()).isEqualTo("it ignores conditions"));
    }

    /** Finds out by its own check that the destination does not do what it should. */
    private static final class CheckedDelivery implements Delivery {

        @Override
        public String id() {
            return "bucket";
        }

        @Override
        public DeliverySession open() {
            return new DeliverySession() {

                @Override
                public PreparedFile prepare(OutgoingFile file) {
                    return PreparedFile.direct(file.file().path());
                }

                @Override
                public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
                    throw new AssertionError("a check sends nothing to a receiver");
                }

                @Override
                public void check(OutgoingFile file) {
                    throw DeliveryException.permanent("bucket", "it ignores conditions", null);
                }

                @Override
                public void discard(OutgoingFile file) {
                    // there is no upload
                }

                @Override
                public void close() {
                    // holds nothing
                }
            };
        }
    }
}
