package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportJob;
import io.outfeed.error.DeliveryException;
import io.outfeed.operation.JobStatus;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.RunStatus;
import io.outfeed.run.SkipReason;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A job that is changed while its run waits or is held. */
class ChangedWhileWaitingTest extends DailyJobFixture {

    /** The job with other columns. */
    private ExportJob.Builder changed() {
        return daily(Visit.export(source, f -> f.name("visits-{sequence}-{fire:yyyyMMdd}.csv"))
                .fields(f -> f.field("identity", Visit::id))
                .build());
    }

    @Test
    void should_plan_an_unpublished_run_anew_when_the_job_has_changed() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 2);
        sandbox.advance(Duration.ofHours(7));

        sandbox.add(changed().build());
        sandbox.advance(Duration.ofHours(1));

        assertThat(runs()).hasSize(1);
        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("identity", "1");
        assertThat(lakeside.file("visits-1-20260302.csv").lines()).containsExactly("identity", "1");
        assertThat(lakeside.temporaryNames()).isEmpty();
    }

    @Test
    void should_send_its_own_bytes_when_the_job_has_changed_after_a_part_was_published() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 1);
        sandbox.advance(Duration.ofHours(7));

        sandbox.add(changed().build());
        sandbox.advance(Duration.ofHours(1));

        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("id,note", "1,a");
    }

    @Test
    void should_keep_the_bytes_of_a_released_run_whatever_has_changed() {
        sandbox.add(
                daily().holdIf((staged, before) -> Optional.of("look at it")).build());
        sandbox.advance(Duration.ofHours(7));
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 40);
        sandbox.add(daily(Visit.export(source, f -> f.name("visits-{sequence}-{fire:yyyyMMdd}.csv"))
                        .fields(f -> f.field("identity", Visit::id))
                        .build())
                .retryFor(Duration.ofDays(3))
                .build());
        assertThatThrownBy(() -> sandbox.engine().run(1).release()).isInstanceOf(DeliveryException.class);

        sandbox.advance(Duration.ofHours(40)); // with a fire in between

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).released()).isTrue();
        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(run(2).coveredFires()).map(CoveredFires::count).contains(1L);
    }

    @Test
    void should_skip_fires_while_a_run_is_held() {
        sandbox.add(
                daily().holdIf((staged, before) -> Optional.of("look at it")).build());

        sandbox.advance(Duration.ofHours(7 + 24));

        assertThat(runs().get(0).skipReason()).contains(SkipReason.HELD);
        assertThat(summary().status()).isEqualTo(JobStatus.HELD);
    }
}
