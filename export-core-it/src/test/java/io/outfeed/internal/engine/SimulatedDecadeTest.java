package io.outfeed.internal.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.MisfirePolicy;
import io.outfeed.OverlapPolicy;
import io.outfeed.RetryPolicy;
import io.outfeed.file.WhenEmpty;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.RecordSource;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.RunStep;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Years of many jobs, with restarts, crashes, clocks that jump, edits, pauses, failures and runs that take too long. In
 * the end each fire that the calendar has was run once, or what became of it is on record; and no job has fired in a
 * pause.
 *
 * <p>{@code -Doutfeed.decade=N} sets the number of jobs, {@code -Doutfeed.seed=N} the course of events.
 */
@Tag("slow")
class SimulatedDecadeTest {

    private static final Instant START = Instant.parse("2010-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2020-01-01T00:00:00Z");
    private static final int JOBS = Integer.getInteger("outfeed.decade", 200);
    private static final long SEED = Long.getLong("outfeed.seed", 1);
    /** The process is gone: nothing that it does from now on reaches the store. */
    private static final class Crash extends VirtualMachineError {
        private static final long serialVersionUID = 1;

        private Crash() {
            super("the process is gone");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // there are thousands
        }
    }

    /** A schedule of a job for a time, with the fires that the calendar says. */
    private record Segment(CalendarRule rule, Instant from) {}

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);
    private final SettableClock clock = SettableClock.at(START);
    private final InMemoryStore memory = new InMemoryStore();
    private final ExportStore store = (ExportStore) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ExportStore.class},
            (proxy, method, args) -> store(method, args == null ? new Object[0] : args));

    private final Map<String, ExportJob> jobs = new TreeMap<>();
    private final Map<String, Segment> segments = new HashMap<>();
    private final Map<String, Map<Long, ExportRun>> runs = new HashMap<>();

    /** Since when jobs are paused by an operator. */
    private final Map<String, Instant> paused = new TreeMap<>();

    /** Since when jobs are disabled by the code. */
    private final Map<String, Instant> disabled = new TreeMap<>();

    private final Map<String, Long> counts = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private ManualScheduler scheduler;
    private ExportEngine engine;
    private boolean dead;
    private int writesLeft = Integer.MAX_VALUE;
    private boolean quiet;

    // ---- the world

    private Object store(Method method, Object[] args) throws Throwable {
        boolean writes = List.of("append", "claim", "replaceFirePlan", "commit", "newRunNumber")
                .contains(method.getName());
        if (dead || (writes && --writesLeft == 0 && random.nextBoolean())) {
            throw crash();
        }
        Object result;
        try {
            result = method.invoke(memory, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (Boolean.TRUE.equals(result) && List.of("append", "claim").contains(method.getName())) {
            ExportRun run = ((RunStep) args[args.length - 1]).run();
            ExportRun known =
                    runs.computeIfAbsent(run.job(), job -> new TreeMap<>()).put(run.number(), run);
            if (known == null && (paused.containsKey(run.job()) || disabled.containsKey(run.job()))) {
                problems.add(run.job() + " began a run in a pause: " + run);
            }
        }
        if (writesLeft <= 0) { // it was written, but the answer is lost
            throw crash();
        }
        return result;
    }

    private Crash crash() {
        dead = true;
        scheduler.close();
        return new Crash();
    }

    private Stream<String> read(String name) {
        if (!quiet) {
            int chance = random.nextInt(1000);
            if (chance < 5) {
                count("failures of the source");
                throw new IllegalStateException("the source is away");
            }
            if (chance < 8) {
                count("runs that take days");
                clock.advance(Duration.ofHours(random.nextInt(100)));
            }
            if (chance == 8 && !paused.containsKey(name) && oneMore(paused)) {
                count("pauses in a run");
                pause(name);
            }
        }
        return Stream.empty();
    }

    private void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    private ExportJob job(String name, CalendarRule rule) {
        ExportJob.Builder job = ExportJob.builder(
                        name,
                        ExportDefinition.builder("visits", String.class)
                                .source(RecordSource.of(window -> read(name)))
                                .recordKey(visit -> visit)
                                .watermark(Watermark.fullSnapshot())
                                .fields(f -> f.field("visit", visit -> visit))
                                .file(f -> f.name("visits.csv").whenEmpty(WhenEmpty.NO_FILE))
                                .build())
                .schedule(rule.schedule())
                .schedulePolicy(p -> p.priority(random.nextInt(3)));
        if (random.nextInt(4) == 0) {
            job.schedulePolicy(p -> p.misfires(
                    random.nextBoolean() ? MisfirePolicy.skip() : MisfirePolicy.runOnceWithin(Duration.ofDays(1))));
        }
        if (random.nextInt(4) == 0) {
            job.schedulePolicy(p -> p.overlaps(OverlapPolicy.SKIP));
        }
        if (random.nextInt(4) == 0) {
            job.schedulePolicy(p -> p.jitter(Duration.ofHours(1 + random.nextInt(3))));
        }
        return job.build();
    }

    private void start() {
        dead = false;
        writesLeft = Integer.MAX_VALUE;
        scheduler = new ManualScheduler(clock);
        engine = ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(scheduler)
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .keepHistory(Duration.ofDays(3))
                .build();
        jobs.values().forEach(engine::add);
        engine.start();
        scheduler.runDue();
    }

    private void stop() {
        try {
            engine.close();
        } catch (Crash e) {
            count("crashes while closing");
        }
    }

    private Duration upTo(Duration longest) {
        return Duration.ofSeconds(random.nextLong(longest.toSeconds()));
    }

    // ---- the course of events

    private void live() {
        switch (random.nextInt(14)) {
            case 0 -> {
                count("restarts");
                stop();
                clock.advance(upTo(Duration.ofDays(12)));
                if (random.nextBoolean()) {
                    edit(any(), false);
                }
                start();
            }
            case 1 -> {
                count("crashes");
                writesLeft = 1 + random.nextInt(40);
                try {
                    scheduler.advance(Duration.ofDays(5));
                } catch (Crash e) {
                    stop();
                    clock.advance(upTo(Duration.ofDays(2)));
                    start();
                }
                writesLeft = Integer.MAX_VALUE;
            }
            case 2 -> {
                count("jumps of the clock forward");
                clock.advance(upTo(Duration.ofDays(5)));
                scheduler.runDue();
            }
            case 3 -> {
                count("jumps of the clock back");
                clock.advance(upTo(Duration.ofDays(3)).negated());
                scheduler.runDue();
            }
            case 4 -> edit(any(), true);
            case 5 -> pauseOrResume();
            case 6 -> disableOrEnable();
            default -> scheduler.advance(upTo(Duration.ofDays(20)));
        }
    }

    private String any() {
        return "job-" + random.nextInt(JOBS);
    }

    private String anyOf(Map<String, Instant> idle) {
        return List.copyOf(idle.keySet()).get(random.nextInt(idle.size()));
    }

    /** The more wait already, the less likely is one more. */
    private boolean oneMore(Map<String, Instant> idle) {
        return idle.size() <= random.nextInt(1 + JOBS / 10);
    }

    private void pauseOrResume() {
        String name = oneMore(paused) ? any() : anyOf(paused);
        if (paused.containsKey(name)) {
            resume(name);
        } else {
            count("pauses");
            pause(name);
        }
    }

    private void pause(String name) {
        paused.put(name, clock.instant());
        engine.job(name).pause("the receiver moves its server");
    }

    private void resume(String name) {
        countFires(name, requireNonNull(paused.remove(name)), "fires that came in a pause");
        engine.job(name).resume();
        scheduler.runDue();
    }

    private void disableOrEnable() {
        String name = oneMore(disabled) ? any() : anyOf(disabled);
        if (disabled.containsKey(name)) {
            enable(name);
        } else {
            count("jobs disabled");
            disabled.put(name, clock.instant());
            jobs.computeIfPresent(
                    name,
                    (same, job) ->
                            job.toBuilder().disabled("the contract has ended").build());
            engine.add(requireNonNull(jobs.get(name)));
        }
        scheduler.runDue();
    }

    private void enable(String name) {
        countFires(name, requireNonNull(disabled.remove(name)), "fires that came while disabled");
        jobs.computeIfPresent(name, (same, job) -> job.toBuilder().enabled().build());
        engine.add(requireNonNull(jobs.get(name)));
    }

    private void countFires(String name, Instant since, String what) {
        Segment segment = requireNonNull(segments.get(name));
        Instant from = since.isAfter(segment.from()) ? since : segment.from();
        if (from.isBefore(clock.instant())) {
            counts.merge(
                    what, (long) segment.rule().fires(from, clock.instant()).size(), Long::sum);
        }
    }

    /** Gives a job another schedule; what the old one has left behind is on record as the next fire of its plan. */
    private void edit(String name, boolean running) {
        CalendarRule rule = CalendarRule.any(random, START, END);
        if (rule.schedule().equals(requireNonNull(segments.get(name)).rule().schedule())
                || runs.getOrDefault(name, Map.of()).values().stream()
                        .anyMatch(run ->
                                run.fireTime().filter(clock.instant()::isBefore).isPresent())) {
            return; // no change; or the clock went back behind a fire that was run
        }
        count("edits");
        Optional<Instant> planned = memory.firePlan(name).flatMap(FirePlan::next);
        settle(name, planned.filter(at -> !at.isAfter(clock.instant())));
        ExportJob job = job(name, rule);
        if (disabled.containsKey(name)) {
            job = job.toBuilder().disabled("the contract has ended").build();
        }
        jobs.put(name, job);
        segments.put(name, new Segment(rule, clock.instant()));
        if (running) {
            engine.add(job);
            scheduler.runDue();
        }
    }

    // ---- the account

    /** Checks what became of each fire since the job has this schedule. */
    private void settle(String name, Optional<Instant> leftBehind) {
        Segment segment = requireNonNull(segments.get(name));
        Instant until = memory.firePlan(name)
                .flatMap(FirePlan::next)
                .map(next -> next.minusNanos(1))
                .orElse(clock.instant());
        if (leftBehind.isPresent()) {
            until = clock.instant();
        }
        NavigableSet<Instant> open = new TreeSet<>(segment.rule().fires(segment.from(), until));
        counts.merge("1. fires of the calendar", (long) open.size(), Long::sum);
        leftBehind.ifPresent(first -> take(name, open, first, Instant.MAX, "6. left behind by an edit"));
        Map<Instant, List<ExportRun>> byFire = new TreeMap<>();
        for (ExportRun run : runs.getOrDefault(name, Map.of()).values()) {
            if (run.trigger() == Trigger.SCHEDULED) {
                Instant last = run.coveredFires().orElseThrow().last();
                if (last.isAfter(segment.from())) { // else the account of the schedule before has it
                    byFire.computeIfAbsent(last, fire -> new ArrayList<>()).add(run);
                }
            }
        }
        NavigableSet<Instant> calendar = new TreeSet<>(open);
        byFire.forEach((fire, attempts) -> settle(name, open, fire, attempts));
        byFire.forEach((fire, attempts) -> settleFailed(name, calendar, open, fire, attempts));
        open.forEach(fire -> problems.add(name + " has no account of " + fire));
        runs.remove(name);
    }

    private void settle(String name, NavigableSet<Instant> open, Instant fire, List<ExportRun> attempts) {
        long successes =
                attempts.stream().filter(run -> run.status() == RunStatus.EMPTY).count();
        if (successes > 1) {
            problems.add(name + " ran " + successes + " times for " + fire);
        }
        ExportRun run = attempts.get(0);
        Instant first = run.coveredFires().orElseThrow().first();
        if (run.skipReason().isPresent()) {
            take(name, open, first, fire, "4. skipped: " + run.skipReason().get());
        } else if (successes == 1) {
            Instant before = open.lower(fire);
            if (before != null && !before.isBefore(first)) {
                take(name, open, first, before, "3. covered by a later one");
            }
            take(name, open, fire, fire, "2. run once");
        }
    }

    /** A run that came to nothing may stand for its fires; or, if they were not claimed, a later one does. */
    private void settleFailed(
            String name,
            NavigableSet<Instant> calendar,
            NavigableSet<Instant> open,
            Instant fire,
            List<ExportRun> attempts) {
        if (attempts.get(0).skipReason().isPresent()
                || attempts.stream().anyMatch(run -> run.status() == RunStatus.EMPTY)) {
            return; // settled
        }
        if (!calendar.contains(fire)) {
            problems.add(name + " fired at " + fire + ", which is not in the calendar");
        }
        Instant first = attempts.stream()
                .map(run -> run.coveredFires().orElseThrow().first())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        NavigableSet<Instant> taken = open.subSet(first, true, fire, true);
        counts.merge("5. failed or interrupted, and on record", (long) taken.size(), Long::sum);
        taken.clear();
    }

    private void take(String name, NavigableSet<Instant> open, Instant first, Instant last, String what) {
        NavigableSet<Instant> taken = open.subSet(first, true, last, true);
        if (taken.isEmpty() || (!last.equals(Instant.MAX) && !taken.last().equals(last))) {
            problems.add(name + " fired from " + first + " to " + last + ", which is not in the calendar: " + what);
        }
        counts.merge(what, (long) taken.size(), Long::sum);
        taken.clear();
    }

    @BeforeEach
    void begin() {
        for (int i = 0; i < JOBS; i++) {
            CalendarRule rule = CalendarRule.any(random, START, END);
            jobs.put("job-" + i, job("job-" + i, rule));
            segments.put("job-" + i, new Segment(rule, START));
        }
        start();
    }

    @Test
    void should_account_for_each_fire_of_a_decade() {
        while (clock.instant().isBefore(END)) {
            live();
        }
        quiet = true;
        clock.advance(Duration.ofDays(30)); // whatever the clock did, it is later now than ever before
        stop();
        start();
        List.copyOf(paused.keySet()).forEach(this::resume);
        List.copyOf(disabled.keySet()).forEach(this::enable);
        scheduler.advance(Duration.ofDays(10));
        jobs.keySet().forEach(name -> settle(name, Optional.empty()));
        engine.close();

        System.out.println(JOBS + " jobs from " + START.truncatedTo(ChronoUnit.DAYS) + " to "
                + clock.instant().truncatedTo(ChronoUnit.DAYS) + ", seed " + SEED + ": " + counts);
        assertThat(problems).isEmpty();
        assertThat(counts.get("2. run once")).isGreaterThan(JOBS * 10L);
        assertThat(counts).containsKeys("3. covered by a later one", "restarts", "crashes", "edits", "pauses in a run");
        assertThat(counts.get("fires that came in a pause")).isPositive();
        assertThat(counts.get("fires that came while disabled")).isPositive();
    }
}
