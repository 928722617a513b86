package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.FileSpec;
import io.outfeed.file.IfExists;
import io.outfeed.operation.Redelivery.Existing;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sending the files of a run again: where to, and what becomes of files that are there. */
class RedeliveryTest extends SandboxFixture {

    private ExportJob.Builder job(String name, Consumer<FileSpec.Builder> file) {
        return ExportJob.builder(name, Visit.export(source, file).build()).deliverTo(lakeside, riverside);
    }

    /** A job whose file always has the same name. */
    private JobHandle addReplacing() {
        return sandbox.add(job("visits", f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                .build());
    }

    private RunHandle handle(ExportRun run) {
        return sandbox.engine().run(run.number());
    }

    private ExportRun runNext(JobHandle job, String note) {
        source.put(new Visit(1, note, sandbox.clock().instant()));
        sandbox.advance(Duration.ofMinutes(1));
        return job.runNow();
    }

    @Test
    void should_send_a_file_to_the_destination_that_was_given_up_and_to_no_other() {
        JobHandle job =
                sandbox.add(job("visits", f -> f.name("visits-{sequence}.csv")).build());
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        ExportRun givenUp = handle(runs().get(0)).giveUp("riverside is closed");
        assertThat(givenUp.deliveries())
                .extracting(FileDelivery::state)
                .containsExactly(DeliveryState.PUBLISHED, DeliveryState.UNKNOWN);
        lakeside.takeAll();

        ExportRun again = handle(givenUp).redeliver(Redelivery.to("riverside"));

        assertThat(again.trigger()).isEqualTo(Trigger.REDELIVERY);
        assertThat(again.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(again.deliveryIds()).containsExactly("riverside");
        assertThat(again.existing()).contains(IfExists.FAIL);
        assertThat(again.deliveries()).hasSize(1);
        assertThat(riverside.file("visits-1.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(lakeside.arrivals()).hasSize(1);
        assertThat(lakeside.files()).isEmpty();
    }

    @Test
    void should_refuse_an_unknown_destination_before_anything_is_sent() {
        JobHandle job =
                sandbox.add(job("visits", f -> f.name("visits-{sequence}.csv")).build());
        ExportRun run = job.runNow();
        lakeside.takeAll();

        assertThatThrownBy(() -> handle(run).redeliver(Redelivery.to("lakeside", "seaside")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the job has no such deliveries as [lakeside, seaside], only [lakeside, riverside]:"
                        + " nothing was sent (job=visits, run=1)");

        assertThat(lakeside.files()).isEmpty();
        assertThat(runs()).hasSize(1);
        assertThatThrownBy(Redelivery::to).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(IfExists.class)
    void should_fail_at_an_existing_file_whatever_the_definition_says(IfExists ofDefinition) {
        JobHandle job = sandbox.add(
                job("visits", f -> f.name("visits.csv").ifExists(ofDefinition)).build());
        ExportRun run = job.runNow();
        lakeside.takeAll();
        riverside.takeAll();
        lakeside.put("visits.csv", "foreign");

        assertThatThrownBy(() -> handle(run).redeliver())
                .isInstanceOf(DeliveryException.class)
                .hasMessageStartingWith("visits.csv exists already");

        assertThat(lakeside.file("visits.csv").lines()).containsExactly("foreign");
        assertThat(riverside.files()).isEmpty();
    }

    @Test
    void should_keep_both_files() {
        JobHandle job = addReplacing();
        ExportRun run = job.runNow();
        runNext(job, "b");

        ExportRun again = handle(run).redeliver(Redelivery.to("lakeside").ifExists(Existing.KEEP_BOTH));

        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,b");
        assertThat(lakeside.file("visits-r3.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(again.existing()).contains(IfExists.KEEP_BOTH);
        assertThat(riverside.files()).hasSize(1);
    }

    @Test
    void should_replace_a_file_of_the_same_or_an_older_run() {
        JobHandle job = addReplacing();
        ExportRun old = job.runNow();
        ExportRun run = runNext(job, "b");
        lakeside.put("visits.csv", "damaged");

        ExportRun again = handle(run).redeliver(Redelivery.toAll().ifExists(Existing.REPLACE_ONCE));

        assertThat(again.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,b");
        assertThat(old.number()).isLessThan(run.number());

        lakeside.put("visits.csv", "damaged again"); // what the redelivery delivered has the same bytes
        handle(run).redeliver(Redelivery.to("lakeside").ifExists(Existing.REPLACE_ONCE));
        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,b");
    }

    @Test
    void should_not_replace_what_a_younger_run_has_delivered() {
        JobHandle job = addReplacing();
        ExportRun run = job.runNow();
        runNext(job, "b");

        assertThatThrownBy(() -> handle(run).redeliver(Redelivery.toAll().ifExists(Existing.REPLACE_ONCE)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("run 2 of job 'visits' has delivered visits.csv at delivery 'lakeside' since: the receiver"
                        + " would lose it, and nothing was sent; choose KEEP_BOTH (job=visits, run=1)");

        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,b");
        assertThat(runs()).hasSize(2);
    }

    @Test
    void should_not_replace_what_another_job_has_delivered_under_a_name_of_other_case() {
        ExportRun run = addReplacing().runNow();
        source.put(Visit.of(2, "c", "2026-02-01T00:00:00Z"));
        JobHandle other = sandbox.add(ExportJob.builder(
                        "other", Visit.export(source, f -> f.name("VISITS.CSV")).build())
                .deliverTo(lakeside)
                .build());
        ExportRun younger = other.runNow();
        Redelivery replacing = Redelivery.to("lakeside").ifExists(Existing.REPLACE_ONCE);

        assertThatThrownBy(() -> handle(run).redeliver(replacing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("run 2 of job 'other' has delivered VISITS.CSV at delivery 'lakeside' since");
        assertThat(handle(run)
                        .redeliver(Redelivery.to("riverside").ifExists(Existing.REPLACE_ONCE))
                        .status())
                .isEqualTo(RunStatus.COMMITTED);
        assertThat(handle(younger).redeliver(replacing).status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_not_replace_a_younger_file_that_was_kept_under_that_name() {
        ExportRun run =
                sandbox.add(job("visits", f -> f.name("visits-r2.csv")).build()).runNow();
        source.put(Visit.of(2, "c", "2026-02-01T00:00:00Z"));
        lakeside.put("visits.csv", "foreign");
        lakeside.take("visits-r2.csv");
        sandbox.add(ExportJob.builder(
                                "other",
                                Visit.export(source, f -> f.name("visits.csv").ifExists(IfExists.KEEP_BOTH))
                                        .build())
                        .deliverTo(lakeside)
                        .build())
                .runNow();
        assertThat(lakeside.file("visits-r2.csv").lines()).hasSize(3);

        assertThatThrownBy(() -> handle(run).redeliver(Redelivery.to("lakeside").ifExists(Existing.REPLACE_ONCE)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void should_replace_where_the_younger_file_is_known_to_be_gone() {
        JobHandle job = sandbox.add(job("visits", f -> f.name("visits.csv").ifExists(IfExists.REPLACE))
                .retention(Duration.ofDays(2))
                .build());
        ExportRun run = job.runNow();
        runNext(job, "b");
        sandbox.advance(Duration.ofDays(3));
        assertThat(lakeside.files()).isEmpty();

        handle(run).redeliver(Redelivery.toAll().ifExists(Existing.REPLACE_ONCE));

        assertThat(lakeside.file("visits.csv").lines()).containsExactly("id,note", "1,a");
    }
}
