package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Inspection;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.RunStatus;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server of many machines that share no storage, and whose connections break once a file is uploaded. */
class LostUploadsTest {

    private int uploads;

    @Test
    void should_not_upload_a_file_without_end() {
        try (ExportSandbox sandbox = ExportSandbox.startingAt(
                Instant.parse("2026-03-02T00:00:00Z"),
                engine -> engine.retryPolicy(new RetryPolicy(3, Duration.ZERO)))) {
            JobHandle job = sandbox.add(ExportJob.builder(
                            "visits",
                            Visit.export(
                                            Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z")),
                                            f -> f.name("visits.csv"))
                                    .build())
                    .deliverTo(new ManyMachines())
                    .build());

            assertThatThrownBy(job::runNow)
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE))
                    .hasMessageStartingWith("delivery 'lakeside' loses uploads: visits.csv was uploaded 3 times again");

            assertThat(uploads).isEqualTo(4);
            assertThat(sandbox.engine().run(1).run().status()).isEqualTo(RunStatus.WAITING);
        }
    }

    private final class ManyMachines implements Delivery {

        @Override
        public String id() {
            return "lakeside";
        }

        @Override
        public DeliverySession open() {
            return new Session(InMemoryDelivery.create("lakeside").open());
        }

        @Override
        public String toString() {
            return "many machines";
        }
    }

    /** A connection to one machine. */
    private final class Session implements DeliverySession {

        private final DeliverySession machine;
        private boolean broken;

        private Session(DeliverySession machine) {
            this.machine = machine;
        }

        @Override
        public PreparedFile prepare(OutgoingFile file) throws Exception {
            PreparedFile prepared = machine.prepare(file);
            uploads++;
            broken = true;
            return prepared;
        }

        @Override
        public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception {
            checkConnected();
            return machine.publish(prepared, file);
        }

        @Override
        public Inspection inspect(String location) throws Exception {
            checkConnected();
            return machine.inspect(location);
        }

        @Override
        public void discard(OutgoingFile file) throws Exception {
            checkConnected();
            machine.discard(file);
        }

        private void checkConnected() throws IOException {
            if (broken) {
                throw new IOException("the connection broke");
            }
        }

        @Override
        public void close() {
            machine.close();
        }
    }
}
