package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.SandboxFixture;
import io.outfeed.support.Visit;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The clock is set forward and back at random times, while the engine runs, restarts, fails and sleeps. The right
 * clock of a database dates the records. Each of them arrives, if need be after a paused job is reset to the position
 * that its pause names.
 */
class WrongClockPropertyTest extends SandboxFixture {

    private static final int SEEDS = 60;
    private static final int ACTIONS = 30;
    private static final Duration HOUR = Duration.ofHours(1);
    /** The fire times that a clock has claimed which was four days ahead are not planned again. */
    private static final Duration DAYS_UNTIL_EVERY_FIRE_TIME = Duration.ofDays(7);

    private static final Duration SLICE = Duration.ofMinutes(20);
    private static final Pattern NAMED = Pattern.compile("Position\\.of\\(Instant\\.parse\\(\"([^\"]+)\"\\)\\)");

    private Duration ahead = Duration.ZERO;
    private long records = 1;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("outfeed.seeds", SEEDS));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void should_lose_no_record(long seed) {
        Random random = new Random(seed);
        sandbox.add(job(random));
        for (int i = 0; i < ACTIONS; i++) {
            act(random);
        }
        setBack();
        discardHeld();
        passHours(72);
        discardHeld();
        passHours(36);

        JobHandle visits = sandbox.engine().job("visits");
        if (visits.summary()
                .pause()
                .map(JobPause::by)
                .filter(JobPause.By.CLOCK::equals)
                .isPresent()) {
            Matcher named = NAMED.matcher(visits.summary().pause().get().reason());
            assertThat(named.find()).isTrue();
            visits.resetPosition("visits", Position.of(Instant.parse(named.group(1))), "the clock was ahead");
        }
        sandbox.advance(DAYS_UNTIL_EVERY_FIRE_TIME);

        assertThat(visits.summary().pause()).isEmpty();
        Set<Long> missing =
                new TreeSet<>(LongStream.rangeClosed(1, records).boxed().toList());
        missing.removeAll(arrived());
        assertThat(missing).isEmpty();
    }

    private ExportJob job(Random random) {
        ExportDefinition.Builder<Visit> definition = Visit.export(source, f -> f.name("visits-{run}.csv"));
        Duration settleTime = Duration.ofMinutes(2);
        definition.watermark(
                random.nextInt(4) == 0
                        ? Watermark.closedDays(Visit::updatedAt, ZoneOffset.UTC, settleTime)
                        : Watermark.timestamp(Visit::updatedAt, settleTime));
        return ExportJob.builder("visits", definition.build())
                .deliverTo(lakeside)
                .schedule(
                        random.nextBoolean()
                                ? Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC)
                                : Schedule.every(HOUR, START))
                .build();
    }

    private void act(Random random) {
        switch (random.nextInt(11)) {
            case 0, 1, 2, 3 -> pass(SLICE.multipliedBy(random.nextInt(30)));
            case 4 ->
                setForward(Duration.ofMinutes(30)
                        .multipliedBy((random.nextBoolean() ? 1L : 48L) * (1 + random.nextInt(4))));
            case 5 -> setBack();
            case 6 -> runNow();
            case 7 -> restart();
            case 8 -> lakeside.failNext(List.of(Operation.values()).get(random.nextInt(3)), Failure.REFUSED);
            case 9 -> discardHeld();
            default -> sleep(HOUR.multipliedBy(random.nextInt(12)));
        }
    }

    private void restart() {
        sandbox.restart();
        sandbox.advance(Duration.ZERO);
    }

    /** Only while the clock is right: see ClockCaughtUpTest for a machine that sleeps while it is wrong. */
    private void sleep(Duration duration) {
        if (ahead.isZero()) {
            sandbox.clock().advance(duration);
        }
    }

    private void pass(Duration duration) {
        for (Duration left = duration; !left.isZero(); left = left.minus(SLICE)) {
            sandbox.advance(SLICE);
            source.put(new Visit(++records, "note", sandbox.clock().instant().minus(ahead)));
        }
    }

    private void passHours(int hours) {
        pass(HOUR.multipliedBy(hours));
    }

    private void setForward(Duration by) {
        if (ahead.isZero()) {
            sandbox.advance(Duration.ZERO);
            sandbox.clock().advance(by);
            sandbox.advance(Duration.ZERO);
            ahead = by;
        }
    }

    private void setBack() {
        sandbox.advance(Duration.ZERO);
        sandbox.clock().advance(ahead.negated());
        sandbox.advance(Duration.ZERO);
        ahead = Duration.ZERO;
    }

    private void runNow() {
        try {
            sandbox.engine().job("visits").runNow();
        } catch (ExportException e) {
            // paused, held, or a failure of the destination
        }
    }

    private void discardHeld() {
        for (ExportRun run : runs()) {
            if (run.status() == RunStatus.HELD) {
                sandbox.engine().run(run.number()).discard();
            }
        }
    }

    private Set<Long> arrived() {
        Set<Long> ids = new HashSet<>();
        lakeside.arrivals()
                .forEach(file -> file.lines().stream()
                        .skip(1)
                        .forEach(row -> ids.add(Long.valueOf(row.substring(0, row.indexOf(','))))));
        return ids;
    }
}
