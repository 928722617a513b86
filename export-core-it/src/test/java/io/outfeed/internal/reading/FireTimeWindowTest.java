package io.outfeed.internal.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows of closed days end by the latest fire time that the run covers, however late it is. */
class FireTimeWindowTest {

    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

    private final ExportSandbox sandbox = ExportSandbox.startingAt(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();
    private boolean down;

    @AfterEach
    void close() {
        sandbox.close();
    }

    /** Fires at 23:00 each day. */
    private void addJob(Watermark<Visit> watermark) {
        ExportDefinition<Visit> visits = Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .source(parameters -> {
                    if (down) {
                        throw new IOException("down");
                    }
                    return source.open(parameters);
                })
                .watermark(watermark)
                .build();
        sandbox.add(ExportJob.builder("visits", visits)
                .schedule(Schedule.daily(LocalTime.of(23, 0), ZoneOffset.UTC))
                .retryFor(Duration.ofDays(7))
                .deliverTo(lakeside)
                .build());
    }

    private static Watermark<Visit> closedDays() {
        return Watermark.closedDays(Visit::updatedAt, ZoneOffset.UTC, Duration.ZERO);
    }

    private void failOpens(int times) {
        for (int i = 0; i < times; i++) {
            lakeside.failNext(Operation.OPEN, Failure.REFUSED);
        }
    }

    private ExportRun run(long number) {
        return sandbox.engine().run(number).run();
    }

    private static Position until(ExportRun run) {
        return run.windows().values().iterator().next().until();
    }

    private static Position midnight(int day) {
        return Position.of(START.plus(Duration.ofDays(day - 2)));
    }

    @Test
    void should_end_by_the_fire_time_although_the_run_begins_on_the_next_day() {
        addJob(closedDays());
        sandbox.advance(Duration.ofHours(12));
        sandbox.clock().advance(Duration.ofHours(13)); // the engine was asleep

        sandbox.advance(Duration.ZERO);

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).fireTime()).contains(START.plus(Duration.ofHours(23)));
        assertThat(until(run(1))).isEqualTo(midnight(2));
    }

    @Test
    void should_follow_the_latest_fire_time_when_a_run_is_planned_anew() {
        addJob(closedDays());
        for (int day = 1; day <= 4; day++) {
            source.put(Visit.of(day, "day " + day, "2026-03-0" + day + "T12:00:00Z"));
        }
        failOpens(33); // until after midnight of the second night
        sandbox.advance(Duration.ofHours(23));
        assertThat(until(run(1))).isEqualTo(midnight(2));

        sandbox.advance(Duration.ofHours(30)); // 05:00 on 4 March; it fired at 23:00 on 3 March

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run(1).coveredFires().orElseThrow().count()).isEqualTo(2);
        assertThat(run(1).endedAt().orElseThrow()).isAfter(midnight(4).toInstant());
        assertThat(until(run(1))).as("not by the clock of the attempt").isEqualTo(midnight(3));
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "1,day 1", "2,day 2");
        sandbox.advance(Duration.ofHours(18));
        assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("id,note", "3,day 3");
    }

    @Test
    void should_end_by_the_clock_if_a_later_run_has_committed() {
        addJob(closedDays());
        source.put(Visit.of(2, "day 2", "2026-03-02T12:00:00Z"), Visit.of(3, "day 3", "2026-03-03T12:00:00Z"));
        sandbox.advance(Duration.ofHours(12));
        sandbox.clock().advance(Duration.ofHours(13));
        ExportRun manual = sandbox.engine().job("visits").runNow();
        assertThat(until(manual)).as("on request, by the clock").isEqualTo(midnight(3));

        sandbox.advance(Duration.ZERO); // the fire of yesterday

        ExportRun late = run(manual.number() + 1);
        assertThat(late.fireTime()).contains(START.plus(Duration.ofHours(23)));
        assertThat(late.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(late.rows()).isZero();
        assertThat(until(late)).isEqualTo(midnight(3));
    }

    @Test
    void should_not_reach_beyond_a_clock_that_was_set_back() {
        addJob(closedDays());
        down = true;
        sandbox.advance(Duration.ofHours(23).plusSeconds(10));
        assertThat(run(1).status()).isEqualTo(RunStatus.WAITING);

        sandbox.clock().set(START.minus(Duration.ofHours(2)));
        sandbox.restart();
        down = false;
        sandbox.advance(Duration.ofHours(1));

        assertThat(run(1).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(until(run(1))).isEqualTo(midnight(1));
    }

    @Test
    void should_include_what_was_written_until_the_run_with_another_watermark() {
        addJob(Watermark.timestamp(Visit::updatedAt, Duration.ZERO));
        sandbox.advance(Duration.ofHours(12));
        sandbox.clock().advance(Duration.ofHours(13));

        sandbox.advance(Duration.ZERO);

        assertThat(until(run(1))).isEqualTo(Position.of(START.plus(Duration.ofHours(25))));
    }
}
