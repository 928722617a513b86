package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.event.ExportListener;
import io.outfeed.event.RunEvent;
import io.outfeed.file.WhenEmpty;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.source.RecordSource;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FileStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many jobs of one engine, all of the same minute. The figures are printed, and measured with
 * {@code mvn -B -ntp -pl export-core-it -am test -Dtest=ManyJobsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Doutfeed.manyJobs=10000}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ManyJobsTest {

    private static final int JOBS = Integer.getInteger("outfeed.manyJobs", 100);
    private static final int WORKERS = 4;
    private static final int ROUNDS = 3;
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final Instant FIRE = Instant.parse("2026-03-02T12:00:00Z");

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(START);
    private final ExportDefinition<String> definition = ExportDefinition.builder("visits", String.class)
            .source(RecordSource.of(window -> Stream.empty()))
            .recordKey(visit -> visit)
            .watermark(Watermark.fullSnapshot())
            .fields(f -> f.field("visit", visit -> visit))
            .file(f -> f.name("visits-{run}.csv").whenEmpty(WhenEmpty.NO_FILE))
            .build();
    private final Queue<ExportRun> ended = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicLong> byThread = new ConcurrentHashMap<>();
    private final CountDownLatch all = new CountDownLatch(JOBS);
    private int directories;

    private ExportJob job(int i) {
        return ExportJob.builder("job-" + i, definition)
                .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneId.of("America/New_York")))
                .build();
    }

    private ExportEngine engine(Scheduler scheduler) {
        return ExportEngine.builder()
                .directory(directory)
                .clock(clock)
                .scheduler(scheduler)
                .listenerExecutor(Runnable::run)
                .listener(ExportListener.of(RunEvent.class, event -> {
                    if (event.kind() != RunEvent.Kind.EMPTY) {
                        return;
                    }
                    ended.add(event.run());
                    byThread.computeIfAbsent(Thread.currentThread().getName(), name -> new AtomicLong())
                            .incrementAndGet();
                    all.countDown();
                }))
                .build();
    }

    @Test
    void should_run_each_of_many_jobs_once_and_spread_them_over_the_workers() throws Exception {
        InJvmScheduler scheduler = new InJvmScheduler(WORKERS);
        CountingScheduler counting = new CountingScheduler(scheduler);
        try (ExportEngine engine = engine(counting)) {
            engine.start();
            long before = usedMemory();
            long start = System.nanoTime();
            for (int i = 0; i < JOBS; i++) {
                engine.add(job(i));
            }
            print("registration with the file store", start, JOBS);
            System.out.printf("memory per idle job: %,d bytes%n", (usedMemory() - before) / JOBS);
            start = System.nanoTime();
            for (int i = 0; i < JOBS; i++) {
                assertThat(engine.job("job-" + i).nextFire()).contains(FIRE);
            }
            print("next fire of a job", start, JOBS);
            start = System.nanoTime();
            for (int i = 0; i < JOBS; i++) {
                scheduler.scheduleAt("job-" + i, FIRE, 0); // wakes the ticker, which finds nothing due
            }
            print("tick with nothing due", start, JOBS);

            clock.set(FIRE);
            start = System.nanoTime();
            scheduler.scheduleAt("never", Instant.MAX, 0);
            assertThat(all.await(8, TimeUnit.MINUTES)).isTrue();
            print("run without records", start, JOBS);
        }

        assertThat(ended)
                .hasSize(JOBS)
                .allSatisfy(run -> {
                    assertThat(run.status()).isEqualTo(RunStatus.EMPTY);
                    assertThat(run.fireTime()).contains(FIRE);
                })
                .extracting(ExportRun::job)
                .doesNotHaveDuplicates();
        assertThat(byThread).as("the runs of each worker").hasSize(WORKERS);
        assertThat(byThread.values()).allSatisfy(runs -> assertThat(runs.get()).isGreaterThan(JOBS / WORKERS / 10));
        assertThat(counting.calls.get()).as("wake-up times set").isLessThan(3L * JOBS);
    }

    @Test
    void should_take_many_jobs_up_after_a_restart_and_run_none_of_them() {
        try (ExportEngine engine = engine(new ManualScheduler(clock))) {
            for (int i = 0; i < JOBS; i++) {
                engine.add(job(i));
            }
            engine.start();
        }
        ManualScheduler scheduler = new ManualScheduler(clock);
        try (ExportEngine engine = engine(scheduler)) {
            for (int i = 0; i < JOBS; i++) {
                engine.add(job(i));
            }
            long start = System.nanoTime();
            engine.start();
            print("start with known jobs", start, JOBS);

            scheduler.advance(Duration.between(START, FIRE).minusNanos(1));

            assertThat(ended).isEmpty();
        }
    }

    /** What a job costs among few and among ten times as many, by turns in one process: the fastest of three rounds. */
    @Test
    void should_ask_the_store_no_more_for_a_job_among_ten_times_as_many() {
        int few = Math.max(1, JOBS / 10);
        Cost amongFew = cost(few);
        Cost amongMany = cost(JOBS);
        for (int round = 1; round < ROUNDS; round++) {
            amongFew = amongFew.fastest(cost(few));
            amongMany = amongMany.fastest(cost(JOBS));
        }

        System.out.printf(
                "a job among %,d costs, against one among %,d: registration %.2f, next fire %.2f, wake-up time %.2f%n",
                JOBS,
                few,
                amongMany.registration() / amongFew.registration(),
                amongMany.nextFire() / amongFew.nextFire(),
                amongMany.wakeUp() / amongFew.wakeUp());
        assertThat(amongMany.storeCalls()).as("calls of the store for each job").isEqualTo(amongFew.storeCalls());
    }

    /** Of one job, in nanoseconds; and how often the store was asked for it. */
    private record Cost(double registration, double nextFire, double wakeUp, double storeCalls) {

        private Cost fastest(Cost other) {
            assertThat(other.storeCalls).isEqualTo(storeCalls);
            return new Cost(
                    Math.min(registration, other.registration),
                    Math.min(nextFire, other.nextFire),
                    Math.min(wakeUp, other.wakeUp),
                    storeCalls);
        }
    }

    private Cost cost(int jobs) {
        AtomicLong storeCalls = new AtomicLong();
        Thread test = Thread.currentThread(); // another one looks for incidents, however many jobs there are
        Path home = directory.resolve("cost-" + directories++);
        ExportStore files = FileStore.open(home.resolve("store"));
        ExportStore counting = (ExportStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExportStore.class}, (proxy, method, args) -> {
                    storeCalls.addAndGet(Thread.currentThread() == test ? 1 : 0);
                    return method.invoke(files, args);
                });
        InJvmScheduler scheduler = new InJvmScheduler(WORKERS);
        try (files;
                ExportEngine engine = ExportEngine.builder()
                        .directory(home)
                        .store(counting)
                        .clock(clock)
                        .scheduler(scheduler)
                        .build()) {
            engine.start();
            storeCalls.set(0);
            double registration = each(jobs, i -> engine.add(job(i)));
            double nextFire = each(jobs, i -> engine.job("job-" + i).nextFire());
            double calls = (double) storeCalls.get() / jobs;
            double wakeUp = each(jobs, i -> scheduler.scheduleAt("job-" + i, FIRE, 0));
            return new Cost(registration, nextFire, wakeUp, calls);
        }
    }

    /** The median: other processes of the machine make some steps slow, not most. */
    private static double each(int jobs, IntConsumer step) {
        long[] nanos = new long[jobs];
        for (int i = 0; i < jobs; i++) {
            long start = System.nanoTime();
            step.accept(i);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos[jobs / 2];
    }

    private static void print(String what, long start, int of) {
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        System.out.printf("%s: %,d µs each of %,d%n", what, micros / of, of);
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Counts how often a wake-up time is set: once for each job when it is added, and once after its run. */
    private record CountingScheduler(Scheduler scheduler, AtomicLong calls) implements Scheduler {

        private CountingScheduler(Scheduler scheduler) {
            this(scheduler, new AtomicLong());
        }

        @Override
        public void start(Clock clock, Consumer<String> handler) {
            scheduler.start(clock, handler);
        }

        @Override
        public void scheduleAt(String job, Instant at, int priority) {
            calls.incrementAndGet();
            scheduler.scheduleAt(job, at, priority);
        }

        @Override
        public void cancel(String job) {
            scheduler.cancel(job);
        }

        @Override
        public void close() {
            scheduler.close();
        }
    }
}
