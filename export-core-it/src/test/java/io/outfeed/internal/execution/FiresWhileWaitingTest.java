package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.OverlapPolicy;
import io.outfeed.file.WhenEmpty;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.store.FirePlan;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Fire times that come while a run waits: they join it, and its next attempt is for the latest one. */
class FiresWhileWaitingTest extends DailyJobFixture {

    @Test
    void should_plan_the_same_run_anew_after_a_fire_and_follow_it() {
        sandbox.add(daily().retryFor(Duration.ofDays(3)).build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 33); // more than a day
        sandbox.advance(Duration.ofHours(8));
        assertThat(lakeside.temporaryNames()).as("it waits there").hasSize(1);
        write(2, "b");

        sandbox.advance(Duration.ofHours(23).plusMinutes(30)); // the fire at 07:00 has joined
        assertThat(runs()).hasSize(1);
        assertThat(run(1).coveredFires())
                .contains(new CoveredFires(START.plus(Duration.ofHours(7)), START.plus(Duration.ofHours(31)), 2));
    }

    @Test
    void should_count_a_fire_once_that_had_joined_when_the_process_ended_before_it_was_claimed() {
        sandbox.add(daily().retryFor(Duration.ofDays(3)).build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 60);
        sandbox.advance(Duration.ofHours(8));
        FirePlan unclaimed = sandbox.store().firePlan("visits").orElseThrow();
        sandbox.advance(Duration.ofHours(24));
        Optional<FirePlan> claimed = sandbox.store().firePlan("visits");
        assertThat(sandbox.store().replaceFirePlan("visits", claimed, unclaimed))
                .isTrue();

        sandbox.restart();
        sandbox.advance(Duration.ofHours(1));

        assertThat(run(1).coveredFires()).map(CoveredFires::count).contains(2L);
        assertThat(sandbox.store().firePlan("visits")).isEqualTo(claimed);
    }

    @Test
    void should_deliver_the_later_window_under_the_same_number_and_sequence() {
        sandbox.add(daily().retryFor(Duration.ofDays(3)).build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 33);
        sandbox.advance(Duration.ofHours(8));
        write(2, "b");

        sandbox.advance(Duration.ofHours(40));

        ExportRun first = run(1);
        assertThat(first.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(first.fireTime()).contains(START.plus(Duration.ofHours(31)));
        assertThat(first.sequence()).hasValue(1);
        assertThat(paths(lakeside)).containsExactly("visits-1-20260303.csv");
        assertThat(lakeside.file("visits-1-20260303.csv").lines()).containsExactly("id,note", "1,a", "2,b");
        assertThat(lakeside.temporaryNames()).as("the first upload").isEmpty();
        assertThat(first.litter()).isEmpty();
    }

    @Test
    void should_end_empty_when_nothing_is_left_to_deliver_after_it_was_planned_anew() {
        sandbox.add(daily(Visit.export(
                                source, f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                        .filter(visit -> !visit.note().equals("hidden"))
                        .build())
                .retryFor(Duration.ofDays(3))
                .build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 33);
        sandbox.advance(Duration.ofHours(8));
        source.put(Visit.of(1, "hidden", "2026-02-01T00:00:00Z"));

        sandbox.advance(Duration.ofHours(36));
        assertThat(run(1).status()).isEqualTo(RunStatus.EMPTY);
        assertThat(run(1).sequence()).isEmpty();
        assertThat(lakeside.arrivals()).isEmpty();
        write(3, "c");
        sandbox.advance(Duration.ofDays(1));
        assertThat(paths(lakeside)).as("the sequence is unused").containsExactly("visits-1.csv");
    }

    @Test
    void should_not_apply_the_overlap_policy_to_a_run_that_waits() {
        sandbox.add(daily().schedulePolicy(p -> p.overlaps(OverlapPolicy.SKIP))
                .retryFor(Duration.ofDays(3))
                .build());
        refuse(lakeside, Operation.OPEN, Failure.REFUSED, 60);

        sandbox.advance(Duration.ofHours(32));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.WAITING);
            assertThat(run.coveredFires()).map(CoveredFires::count).contains(2L);
        });
    }

    @Test
    void should_keep_its_bytes_and_deliver_only_what_is_missing_if_no_fire_came() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.OPEN, Failure.REFUSED, 2);
        sandbox.advance(Duration.ofHours(7));
        write(2, "b");
        source.put(Visit.of(1, "changed", "2026-02-01T00:00:00Z"));

        sandbox.advance(Duration.ofHours(1));

        assertThat(riverside.file("visits-1-20260302.csv").lines()).containsExactly("id,note", "1,a");
        assertThat(run(1).deliveries())
                .allSatisfy(step -> assertThat(step.uploads()).isEqualTo(1));
    }

    @Test
    void should_finish_a_published_run_first_and_run_once_for_the_fires_since() {
        sandbox.add(daily().build());
        refuse(riverside, Operation.PUBLISH, Failure.REFUSED, 90);
        sandbox.advance(Duration.ofHours(7));
        assertThat(run(1).publishing()).isTrue();
        for (int day = 1; day <= 3; day++) {
            write(day + 1, "day " + day);
            sandbox.advance(Duration.ofDays(1));
        }

        sandbox.advance(Duration.ofHours(20));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).coveredFires()).map(CoveredFires::count).contains(1L);
        assertThat(runs()).hasSize(2);
        assertThat(run(2).coveredFires()).map(CoveredFires::count).contains(3L);
        assertThat(riverside.file("visits-2-20260305.csv").lines())
                .containsExactly("id,note", "2,day 1", "3,day 2", "4,day 3");
    }
}
