package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What the engine relies on in a {@link Scheduler}: one that goes by a clock which the test moves, or by the machine's.
 *
 * <pre>{@code
 * class MySchedulerTest extends SchedulerContract {
 *     @Override
 *     protected Driver driver() {
 *         SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
 *         MyScheduler scheduler = new MyScheduler(clock);
 *         return new Driver() { ... };
 *     }
 * }
 * }</pre>
 *
 * <p>No test sleeps. The limit of a minute for each wake only ends a test that has failed.
 */
public abstract class SchedulerContract {

    /** A scheduler and the time that it goes by. */
    public interface Driver {

        /**
         * Returns the scheduler under test.
         *
         * @return always the same, not started yet
         */
        Scheduler scheduler();

        /**
         * Returns the clock that the scheduler is started with.
         *
         * @return always the same
         */
        Clock clock();

        /**
         * Lets time pass, so that the jobs that are due by then are woken: before this returns, or soon. One that goes
         * by the machine's clock need do nothing. What a handler throws must not come out of it.
         *
         * @param duration by how much; zero or more
         */
        void advance(Duration duration);

        /**
         * Sets the clock back, if the test can. What a handler throws must not come out of it.
         *
         * @param duration by how much; more than zero
         * @return false, the default, for one that goes by the machine's clock: its test is skipped
         */
        default boolean setBack(Duration duration) {
            return false;
        }

        /**
         * Returns how much time the tests let pass from one wake to the next. Override it for one that goes by the
         * machine's clock.
         *
         * @return a minute by default
         */
        default Duration step() {
            return Duration.ofMinutes(1);
        }

        /**
         * Returns how many handlers may run at once.
         *
         * @return one by default; 0 if handlers run on the thread that calls {@link #advance}
         */
        default int threads() {
            return 1;
        }

        /**
         * Returns whether the scheduler wakes once for each time that was wanted, and never without need: more than an
         * engine relies on. Override it for one that promises less.
         *
         * @return true by default
         */
        default boolean exact() {
            return true;
        }
    }

    private final WakeLog wakes = new WakeLog();

    private Driver driver;
    private Scheduler scheduler;
    private Instant startedAt;

    /** Made by JUnit, for each test. */
    protected SchedulerContract() {}

    /**
     * Makes a scheduler for which nothing is scheduled. Called once for each test, which closes the scheduler.
     *
     * @return the scheduler and its time
     * @throws Exception if that fails; so does the test
     */
    protected abstract Driver driver() throws Exception;

    @BeforeEach
    void makeScheduler() throws Exception {
        driver = driver();
        scheduler = driver.scheduler();
        startedAt = driver.clock().instant();
    }

    @AfterEach
    void closeScheduler() {
        scheduler.close();
    }

    private void start() {
        scheduler.start(driver.clock(), this::note);
    }

    private void start(Consumer<String> handler) {
        scheduler.start(driver.clock(), job -> {
            note(job);
            handler.accept(job);
        });
    }

    private void note(String job) {
        wakes.add(job, driver.clock().instant());
    }

    private Instant at(int steps) {
        return startedAt.plus(driver.step().multipliedBy(steps));
    }

    private void advance(int steps) {
        driver.advance(driver.step().multipliedBy(steps));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Woken once, and not before the time; or, where more is allowed, once at the time or after. */
    private void assertWoken(String job, Instant due) {
        if (driver.exact()) {
            assertThat(wakes.of(job))
                    .as(job)
                    .singleElement()
                    .satisfies(at -> assertThat(at).isAfterOrEqualTo(due));
        } else {
            assertThat(wakes.of(job)).as(job).anySatisfy(at -> assertThat(at).isAfterOrEqualTo(due));
        }
    }

    /** A job that was woken before its time was woken too early, whatever the clock said then. */
    private void assertNotYetWoken(String job, Instant due) {
        List<Instant> woken = wakes.of(job);
        if (driver.exact() && driver.clock().instant().isBefore(due)) {
            assertThat(woken).as(job).isEmpty();
        }
    }

    private void assertNotWoken(String job) {
        if (driver.exact()) {
            assertThat(wakes.of(job)).as(job).isEmpty();
        }
    }

    @Nested
    class Waking {

        @Test
        void should_be_at_the_time_or_after() {
            start();
            scheduler.scheduleAt("later", at(2), 0);
            scheduler.scheduleAt("sooner", at(1), 0);

            advance(1);
            wakes.await("sooner");
            assertNotYetWoken("later", at(2));
            advance(1);
            wakes.await("later");

            assertWoken("sooner", at(1));
            assertWoken("later", at(2));
        }

        @Test
        void should_be_at_once_for_what_lies_in_the_past() {
            start();

            scheduler.scheduleAt("now", at(0), 0);
            scheduler.scheduleAt("just-missed", at(-1), 0);
            scheduler.scheduleAt("long-ago", Instant.EPOCH, 0);
            driver.advance(Duration.ZERO);

            wakes.await("now");
            wakes.await("just-missed");
            wakes.await("long-ago");
        }

        @Test
        void should_wait_for_the_start() {
            scheduler.scheduleAt("missed", at(-1), 0);
            scheduler.scheduleAt("due", at(1), 0);
            scheduler.scheduleAt("given-up", at(-1), 0);
            scheduler.cancel("given-up");
            assertThat(wakes.jobs()).isEmpty();

            start();
            advance(1);

            wakes.await("missed");
            wakes.await("due");
            assertWoken("due", at(1));
            assertNotWoken("given-up");
        }

        @Test
        void should_be_once_for_each_time() {
            start();
            scheduler.scheduleAt("job", at(1), 0);
            advance(1);
            wakes.await("job");
            scheduler.scheduleAt("sentinel", at(2), 0);
            advance(1);
            wakes.await("sentinel");
            assertWoken("job", at(1));

            scheduler.scheduleAt("job", at(3), 0);
            advance(1);
            wakes.await(
                    "the wake at the second time",
                    () -> wakes.of("job").stream().anyMatch(at -> !at.isBefore(at(3))));
            scheduler.close();

            if (driver.exact()) {
                assertThat(wakes.of("job")).hasSize(2);
            }
        }

        @Test
        void should_be_in_the_order_of_the_times() {
            assumeTrue(driver.exact() && driver.threads() <= 1, "skipped: this scheduler may start many jobs at once");
            scheduler.scheduleAt("third", at(0), 0);
            scheduler.scheduleAt("first", at(-2), 0);
            scheduler.scheduleAt("fourth", at(1), 0);
            scheduler.scheduleAt("second", at(-1), 0);

            start();
            advance(1);

            wakes.await("fourth");
            assertThat(wakes.jobs()).containsExactly("first", "second", "third", "fourth");
        }

        @Test
        void should_be_in_the_order_of_the_priorities_at_the_same_time() {
            assumeTrue(driver.exact() && driver.threads() <= 1, "skipped: this scheduler may start many jobs at once");
            scheduler.scheduleAt("last", at(0), -1);
            scheduler.scheduleAt("third", at(0), 0);
            scheduler.scheduleAt("second", at(0), Integer.MAX_VALUE);
            scheduler.scheduleAt("first", at(-1), Integer.MIN_VALUE);

            start();
            driver.advance(Duration.ZERO);

            wakes.await("last");
            assertThat(wakes.jobs()).containsExactly("first", "second", "third", "last");
        }

        @Test
        void should_be_at_the_same_time_for_different_jobs() {
            int threads = driver.threads();
            assumeTrue(threads > 1, "skipped: this scheduler runs one job at a time");
            CyclicBarrier all = new CyclicBarrier(threads);
            AtomicInteger met = new AtomicInteger();
            start(job -> {
                try {
                    all.await(1, TimeUnit.MINUTES);
                    met.incrementAndGet();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });

            for (int i = 0; i < threads; i++) {
                scheduler.scheduleAt("job-" + i, at(0), 0);
            }
            driver.advance(Duration.ZERO);

            for (int i = 0; i < threads; i++) {
                wakes.await("job-" + i);
            }
            scheduler.close(); // waits for the handlers
            assertThat(met).hasValue(threads);
        }
    }

    @Nested
    class Scheduling {

        @Test
        void should_replace_an_earlier_time() {
            start();
            scheduler.scheduleAt("job", at(1), 0);
            scheduler.scheduleAt("job", at(3), 0);
            scheduler.scheduleAt("sentinel", at(2), 0);

            advance(2);
            wakes.await("sentinel");
            assertNotYetWoken("job", at(3));
            advance(1);
            wakes.await(
                    "the wake at the second time",
                    () -> wakes.of("job").stream().anyMatch(at -> !at.isBefore(at(3))));

            assertWoken("job", at(3));
        }

        @Test
        void should_replace_a_later_time() {
            start();
            scheduler.scheduleAt("job", at(1_000_000), 0);
            scheduler.scheduleAt("job", at(1), 0);

            advance(1);

            wakes.await("job");
            assertWoken("job", at(1));
        }

        @Test
        void should_work_from_the_handler() {
            AtomicInteger runs = new AtomicInteger();
            start(job -> {
                if (runs.incrementAndGet() < 3) {
                    scheduler.scheduleAt(job, driver.clock().instant(), 0);
                }
            });

            scheduler.scheduleAt("job", at(0), 0);
            driver.advance(Duration.ZERO);

            wakes.await("job", 3);
            scheduler.close();
            if (driver.exact()) {
                assertThat(wakes.of("job")).hasSize(3);
            }
        }

        @Test
        void should_take_a_time_that_never_comes() {
            start();
            scheduler.scheduleAt("never", Instant.parse("9999-12-31T23:59:59Z"), 0);
            scheduler.scheduleAt("sentinel", at(1), 0);

            advance(1);

            wakes.await("sentinel");
            assertNotWoken("never");
        }
    }

    @Nested
    class Cancelling {

        @Test
        void should_wake_no_more() {
            start();
            scheduler.scheduleAt("cancelled", at(1), 0);
            scheduler.scheduleAt("sentinel", at(2), 0);

            scheduler.cancel("cancelled");

            advance(2);
            wakes.await("sentinel");
            scheduler.close();
            assertNotWoken("cancelled");
        }

        @Test
        void should_change_nothing_for_others() {
            start();
            scheduler.scheduleAt("job", at(1), 0);

            scheduler.cancel("never-known");
            scheduler.cancel("jo");

            advance(1);
            wakes.await("job");
            assertWoken("job", at(1));
        }

        @Test
        void should_allow_to_schedule_again() {
            start();
            scheduler.scheduleAt("job", at(1), 0);
            scheduler.cancel("job");
            scheduler.scheduleAt("job", at(2), 0);

            advance(2);

            wakes.await("job");
            assertWoken("job", at(2));
        }

        @Test
        void should_work_from_the_handler() {
            CountDownLatch handled = new CountDownLatch(1);
            start(job -> {
                if (job.equals("first")) {
                    scheduler.cancel("second");
                    handled.countDown();
                }
            });
            scheduler.scheduleAt("first", at(1), 0);
            scheduler.scheduleAt("second", at(2), 0);
            scheduler.scheduleAt("sentinel", at(3), 0);

            advance(1);
            await(handled);
            advance(2);

            wakes.await("sentinel");
            assertNotWoken("second");
        }
    }

    @Nested
    class Handlers {

        @Test
        void should_not_stop_anything_when_they_throw() {
            start(job -> {
                if (job.equals("1-exception")) {
                    throw new IllegalStateException("expected by the test");
                }
                if (job.equals("2-error")) {
                    throw new StackOverflowError("expected by the test");
                }
            });
            scheduler.scheduleAt("1-exception", at(0), 0);
            scheduler.scheduleAt("2-error", at(0), 0);
            scheduler.scheduleAt("3-fine", at(0), 0);

            driver.advance(Duration.ZERO);

            wakes.await("1-exception");
            wakes.await("2-error");
            wakes.await("3-fine");
            for (String job : List.of("1-exception", "2-error", "3-fine")) {
                scheduler.scheduleAt(job, at(1), 0);
            }
            advance(1);
            wakes.await("1-exception", 2);
            wakes.await("2-error", 2);
            wakes.await("3-fine", 2);
        }
    }

    @Nested
    class Closing {

        @Test
        void should_wake_no_job_any_more() {
            start();
            scheduler.scheduleAt("before", at(0), 0);
            driver.advance(Duration.ZERO);
            wakes.await("before");
            scheduler.scheduleAt("due-later", at(1), 0);

            scheduler.close();
            int woken = wakes.jobs().size();

            scheduler.scheduleAt("late", at(-1), 0);
            scheduler.cancel("late");
            scheduler.scheduleAt("later-still", at(-1), 0);
            advance(2);
            assertThat(wakes.jobs()).hasSize(woken).doesNotContain("due-later", "late", "later-still");
        }

        @Test
        void should_be_harmless_twice_and_without_a_start() {
            scheduler.scheduleAt("job", at(0), 0);

            scheduler.close();
            scheduler.close();

            advance(1);
            assertThat(wakes.jobs()).isEmpty();
        }

        @Test
        void should_work_from_the_handler() {
            AtomicBoolean interrupted = new AtomicBoolean();
            CountDownLatch closed = new CountDownLatch(1);
            start(job -> {
                scheduler.close();
                interrupted.set(Thread.currentThread().isInterrupted());
                closed.countDown();
            });
            scheduler.scheduleAt("last", at(0), 0);
            scheduler.scheduleAt("never", at(1), 0);

            driver.advance(Duration.ZERO);
            await(closed);
            advance(1);

            assertThat(interrupted).isFalse();
            assertThat(wakes.jobs()).doesNotContain("never");
        }

        @Test
        void should_wait_for_handlers_that_run() throws Exception {
            assumeTrue(driver.threads() > 0, "skipped: this scheduler has no threads");
            CountDownLatch release = new CountDownLatch(1);
            AtomicBoolean done = new AtomicBoolean();
            AtomicBoolean doneWhenClosed = new AtomicBoolean();
            start(job -> {
                await(release);
                done.set(true);
            });
            scheduler.scheduleAt("slow", at(0), 0);
            driver.advance(Duration.ZERO);
            wakes.await("slow");
            Thread closing = new Thread(() -> {
                scheduler.close();
                doneWhenClosed.set(done.get());
            });

            closing.start();
            while (closing.getState() == Thread.State.NEW || closing.getState() == Thread.State.RUNNABLE) {
                Thread.onSpinWait(); // until it waits, or has ended because it does not
            }
            release.countDown();
            closing.join(TimeUnit.MINUTES.toMillis(1));

            assertThat(closing.isAlive()).isFalse();
            assertThat(doneWhenClosed).isTrue();
        }
    }

    @Test
    void should_wake_all_jobs_when_the_clock_was_set_back() {
        scheduler.scheduleAt("hourly", at(60), 0);
        scheduler.scheduleAt("daily", at(1440), 0);
        scheduler.scheduleAt("now", at(1), 0);
        start();
        advance(1);
        wakes.await("now");

        assumeTrue(driver.setBack(Duration.ofMinutes(10)), "the clock can't be set back");

        wakes.await("hourly");
        wakes.await("daily");
    }

    @Test
    void should_wake_no_job_when_the_clock_was_set_back_by_seconds() {
        scheduler.scheduleAt("hourly", at(60), 0);
        scheduler.scheduleAt("now", at(1), 0);
        start();
        advance(1);
        wakes.await("now");

        assumeTrue(driver.setBack(Duration.ofSeconds(30)), "the clock can't be set back");
        scheduler.scheduleAt("next", driver.clock().instant(), 0);
        driver.advance(Duration.ZERO);

        wakes.await("next");
        assertNotWoken("hourly");
    }
}
