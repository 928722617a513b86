package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CopyTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery archive = InMemoryDelivery.create("archive");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private JobHandle add() {
        return sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .copyTo(archive)
                .build());
    }

    @Test
    void should_send_a_copy_after_the_commit() {
        ExportRun run = add().runNow();

        assertThat(archive.file("visits-1.csv").bytes())
                .isEqualTo(lakeside.file("visits-1.csv").bytes());
        assertThat(sandbox.engine().run(run.number()).run().deliveries())
                .extracting(FileDelivery::delivery, FileDelivery::state)
                .containsExactly(tuple("lakeside", DeliveryState.PUBLISHED), tuple("archive", DeliveryState.PUBLISHED));
    }

    @Test
    void should_not_mind_a_copy_that_fails() {
        JobHandle job = add();
        archive.failNext(Operation.PUBLISH, Failure.REFUSED);

        ExportRun run = job.runNow();
        sandbox.advance(Duration.ofHours(1));
        job.runNow();

        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.deliveries())
                .extracting(FileDelivery::state)
                .containsExactly(DeliveryState.PUBLISHED, DeliveryState.PENDING);
        assertThat(archive.temporaryNames()).isEmpty();
        assertThat(archive.arrivals()).extracting(DeliveredFile::path).containsExactly("visits-2.csv");
        assertThat(lakeside.arrivals()).hasSize(2);
    }

    @Test
    void should_send_no_copy_of_a_run_that_failed() {
        JobHandle job = add();
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED_FOR_GOOD);

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        assertThat(archive.arrivals()).isEmpty();
    }

    @Test
    void should_send_a_copy_of_a_run_that_was_finished_later() {
        JobHandle job = add();
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);

        sandbox.advance(Duration.ofMinutes(10));

        assertThat(archive.arrivals()).hasSize(1);
    }

    @Test
    void should_distinguish_copies_and_deliveries() {
        assertThatThrownBy(() -> ExportJob.builder("visits", Visit.export(source))
                        .deliverTo(lakeside)
                        .copyTo(lakeside)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'visits' has 1 problem: delivery 'lakeside' appears twice");
    }
}
