package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A job that owes a file is shown as delayed. */
class DelayedJobTest extends DailyJobFixture {

    @Test
    void should_show_a_job_that_owes_a_file_as_delayed_with_since_cause_and_next_step() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED_FOR_GOOD, 60);

        sandbox.advance(Duration.ofDays(2));

        JobSummary summary = summary();
        assertThat(summary.status()).isEqualTo(JobStatus.DELAYED);
        assertThat(sandbox.engine().jobs(JobQuery.all().status(JobStatus.DELAYED)))
                .hasSize(1);
        assertThat(summary.delay()).hasValueSatisfying(delay -> {
            assertThat(delay.run()).isEqualTo(1);
            assertThat(delay.since()).isEqualTo(START.plus(Duration.ofHours(7)));
            assertThat(delay.failure().code()).isEqualTo(FailureCode.DESTINATION_REFUSED);
            assertThat(delay.next()).map(Waiting::cause).contains(Waiting.Cause.PERSON);
        });
        assertThat(summary.nextFire()).as("never in the past").contains(START.plus(Duration.ofHours(2 * 24 + 7)));
    }

    @Test
    void should_not_show_a_disabled_job_as_delayed_whose_run_has_published_nothing() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 2);
        sandbox.advance(Duration.ofHours(7));

        sandbox.add(daily().disabled("the contract has ended").build());
        sandbox.advance(Duration.ofDays(2));

        assertThat(summary().status()).isEqualTo(JobStatus.DISABLED);
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);
        assertThat(run(1).attemptCount()).isEqualTo(1);
        sandbox.add(daily().build());
        sandbox.advance(Duration.ofDays(1));
        assertThat(run(1).status().ended()).isTrue();
    }
}
