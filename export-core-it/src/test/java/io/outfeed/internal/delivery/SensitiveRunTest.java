package io.outfeed.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Protection;
import io.outfeed.error.DeliveryException;
import io.outfeed.field.FieldMark;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run with sensitive fields outlives the job that made it: no plain delivery sends its bytes later either. */
class SensitiveRunTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery office =
            InMemoryDelivery.withoutRename("office").protection(Protection.PLAIN);
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a secret", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition<Visit> secrets() {
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .fields(f -> f.field("id", Visit::id).field("note", Visit::note, FieldMark.SENSITIVE))
                .build();
    }

    /** The same export later, without the field, and by another delivery. */
    private ExportJob harmless(Delivery delivery) {
        return ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                                .fields(f -> f.field("id", Visit::id))
                                .build())
                .deliverTo(delivery)
                .build();
    }

    private RunHandle handle(ExportRun run) {
        return sandbox.engine().run(run.number());
    }

    @Test
    void should_not_redeliver_by_an_unprotected_delivery_that_the_job_has_now() {
        ExportRun first = sandbox.add(ExportJob.builder("visits", secrets())
                        .deliverTo(lakeside)
                        .build())
                .runNow();
        assertThat(first.sensitive()).isTrue();
        sandbox.add(harmless(office));
        sandbox.restart();
        sandbox.add(harmless(office));

        assertThatThrownBy(() -> handle(first).redeliver())
                .isInstanceOf(DeliveryException.class)
                .hasMessage("the files of run 2 have sensitive fields, and delivery 'office' is plain: send them by a"
                        + " protected one, such as SFTP (job=visits, run=2)");

        assertThat(office.arrivals()).isEmpty();
        assertThat(Runs.newest(sandbox.engine(), "visits", 1).get(0).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void should_not_finish_an_interrupted_run_by_an_unprotected_delivery_of_the_same_id() {
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(() -> sandbox.add(ExportJob.builder("visits", secrets())
                                .deliverTo(lakeside)
                                .build())
                        .runNow())
                .isInstanceOf(DeliveryException.class);
        InMemoryDelivery plain = InMemoryDelivery.withoutRename("lakeside").protection(Protection.PLAIN);
        sandbox.add(harmless(plain));

        assertThatThrownBy(() -> sandbox.engine().job("visits").runNow())
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("the files of run 1 have sensitive fields, and delivery 'lakeside' is plain");

        assertThat(plain.arrivals()).isEmpty();
    }

    @Test
    void should_send_by_any_delivery_what_is_not_sensitive() {
        ExportRun run = sandbox.add(harmless(office)).runNow();

        assertThat(run.sensitive()).isFalse();
        assertThat(handle(run).redeliver().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(office.arrivals()).hasSize(2);
    }
}
