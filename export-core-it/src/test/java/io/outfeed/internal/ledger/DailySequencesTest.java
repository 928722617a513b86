package io.outfeed.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.event.DeliveryLinks;
import io.outfeed.file.FileName;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.Trigger;
import io.outfeed.store.JobLock;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.SettableClock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The next number of a day, after runs that have committed. */
class DailySequencesTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private final InMemoryStore store = new InMemoryStore();
    private final JobLock lock = store.tryLock("visits").orElseThrow();
    private final RunLedger ledger = new RunLedger(
            store, SettableClock.at(NOON), new Listeners(List.of(), Runnable::run, DeliveryLinks.NONE), lock);
    private final ExportJob job = ExportJob.builder(
                    "visits",
                    Visit.export(
                                    Visit.source(),
                                    f -> f.name(
                                            FileName.of("{sequence.daily}.csv").zone(ZoneId.of("Asia/Tokyo"))))
                            .build())
            .build();

    private ExportRun planned(String fire) {
        return RunBuilder.planned(store.newRunNumber(), "visits", Trigger.SCHEDULED, NOON)
                .fireTime(Instant.parse(fire))
                .build();
    }

    private JobPositions positions() {
        return store.positions("visits");
    }

    private DailySequence next(String fire) {
        return new DailySequences(store).next(job, planned(fire), positions());
    }

    private void commit(String fire) {
        ExportRun run = RunBuilder.of(planned(fire)).dailySequence(next(fire)).build();
        ledger.commit(ledger.save(run));
    }

    private static DailySequence number(long number, String day) {
        return new DailySequence(LocalDate.parse(day), number);
    }

    @Test
    void should_begin_with_one_on_each_local_day() {
        assertThat(next("2026-03-01T14:59:00Z")).isEqualTo(number(1, "2026-03-01"));
        commit("2026-03-01T14:59:00Z");

        assertThat(next("2026-03-01T15:00:00Z")).isEqualTo(number(1, "2026-03-02"));
    }

    @Test
    void should_count_a_late_fire_among_the_runs_of_its_own_day() {
        commit("2026-03-01T01:00:00Z");
        commit("2026-03-01T02:00:00Z");
        commit("2026-03-02T01:00:00Z");

        assertThat(next("2026-03-01T03:00:00Z")).isEqualTo(number(3, "2026-03-01"));
        commit("2026-03-01T03:00:00Z");

        assertThat(next("2026-03-01T04:00:00Z")).isEqualTo(number(4, "2026-03-01"));
        assertThat(positions().dailySequence()).contains(number(1, "2026-03-02"));
        assertThat(next("2026-03-02T02:00:00Z")).isEqualTo(number(2, "2026-03-02"));
    }
}
