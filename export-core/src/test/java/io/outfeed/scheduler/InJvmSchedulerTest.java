package io.outfeed.scheduler;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.schedule.TestClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The clock is the test's; each wait is for an event, and the time limits only end a test that has failed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InJvmSchedulerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final TestClock clock = new TestClock(NOW);
    private final List<InJvmScheduler> made = new ArrayList<>();

    /** The jobs that the handler was called with, in order. */
    private final BlockingQueue<String> woken = new LinkedBlockingQueue<>();

    @AfterEach
    void closeAll() {
        made.forEach(InJvmScheduler::close);
    }

    /** A scheduler that notices nothing by itself for minutes: only what is signalled. */
    private InJvmScheduler scheduler(int workers) {
        return scheduler(workers, LONG, LONG);
    }

    private InJvmScheduler scheduler(int workers, Duration longestSleep, Duration closeLimit) {
        InJvmScheduler scheduler = new InJvmScheduler(workers, longestSleep, closeLimit);
        made.add(scheduler);
        return scheduler;
    }

    private String next() throws InterruptedException {
        return requireNonNull(woken.poll(30, TimeUnit.SECONDS), "no job was woken");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void should_start_due_jobs_in_the_order_of_their_times() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        scheduler.scheduleAt("third", NOW, 0);
        scheduler.scheduleAt("first", NOW.minusSeconds(60), 0);
        scheduler.scheduleAt("fourth", NOW, 0);
        scheduler.scheduleAt("second", NOW.minusSeconds(30), 0);
        scheduler.scheduleAt("fifth", NOW, 0);
        scheduler.cancel("fourth");

        scheduler.start(clock, woken::add);

        assertThat(List.of(next(), next(), next(), next())).containsExactly("first", "second", "fifth", "third");
    }

    @Test
    void should_run_at_once_what_lies_in_the_past() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        scheduler.start(clock, woken::add);

        scheduler.scheduleAt("years-ago", Instant.EPOCH, 0);
        scheduler.scheduleAt("before-time", Instant.MIN, 0);

        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("years-ago", "before-time");
    }

    @Test
    void should_run_many_jobs_at_once_but_no_more_than_it_has_workers() throws Exception {
        InJvmScheduler scheduler = scheduler(3);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CyclicBarrier three = new CyclicBarrier(3);
        for (int i = 0; i < 9; i++) {
            scheduler.scheduleAt("job-" + i, NOW, 0);
        }

        scheduler.start(clock, job -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                three.await(1, TimeUnit.MINUTES);
            } catch (Exception e) {
                woken.add("broken: " + e);
            }
            now.decrementAndGet();
            woken.add(job);
        });

        for (int i = 0; i < 9; i++) {
            assertThat(next()).startsWith("job-");
        }
        assertThat(most).hasValue(3);
    }

    @Test
    void should_never_run_a_job_twice_at_the_same_time() throws Exception {
        InJvmScheduler scheduler = scheduler(4);
        Set<String> inside = ConcurrentHashMap.newKeySet();
        AtomicBoolean overlapped = new AtomicBoolean();
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch enough = new CountDownLatch(2000);
        scheduler.start(clock, job -> {
            if (!inside.add(job)) {
                overlapped.set(true);
            }
            scheduler.scheduleAt(job, NOW.minusSeconds(runs.incrementAndGet()), 0); // at once, and from everywhere
            scheduler.scheduleAt("other", NOW, 0);
            Thread.onSpinWait();
            inside.remove(job);
            enough.countDown();
        });

        scheduler.scheduleAt("job", NOW, 0);

        await(enough);
        assertThat(overlapped).isFalse();
    }

    @Test
    void should_let_others_pass_a_job_that_is_due_again_while_it_runs() throws Exception {
        InJvmScheduler scheduler = scheduler(2);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        scheduler.start(clock, job -> {
            woken.add(job);
            if (job.equals("slow") && inside.getCount() > 0) {
                inside.countDown();
                await(release);
            }
        });
        scheduler.scheduleAt("slow", NOW, 0);
        await(inside);

        scheduler.scheduleAt("slow", NOW.minusSeconds(1), 0); // the first of all, but it runs
        scheduler.scheduleAt("quick", NOW, 0);

        assertThat(List.of(next(), next())).containsExactly("slow", "quick");
        assertThat(woken).isEmpty();
        release.countDown();
        assertThat(next()).isEqualTo("slow");
    }

    @Test
    void should_continue_after_a_handler_has_thrown() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        scheduler.scheduleAt("1-exception", NOW, 0);
        scheduler.scheduleAt("2-error", NOW, 0);
        scheduler.scheduleAt("3-fine", NOW, 0);

        scheduler.start(clock, job -> {
            woken.add(job + " on " + Thread.currentThread().getName());
            if (job.equals("1-exception")) {
                throw new IllegalStateException("expected by the test");
            }
            if (job.equals("2-error")) {
                throw new StackOverflowError("expected by the test");
            }
        });

        assertThat(List.of(next(), next(), next()))
                .containsExactly(
                        "1-exception on outfeed-worker-1", "2-error on outfeed-worker-1", "3-fine on outfeed-worker-1");
    }

    @Test
    void should_run_a_job_again_that_has_thrown() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        AtomicInteger runs = new AtomicInteger();
        scheduler.start(clock, job -> {
            woken.add(job);
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("expected by the test");
            }
        });

        scheduler.scheduleAt("job", NOW, 0);
        assertThat(next()).isEqualTo("job");
        scheduler.scheduleAt("job", NOW, 0);

        assertThat(next()).isEqualTo("job");
    }

    @Test
    void should_continue_after_the_clock_has_thrown() throws Exception {
        InJvmScheduler scheduler = scheduler(1, SHORT, LONG);
        clock.fail(3);
        scheduler.scheduleAt("job", NOW, 0);

        scheduler.start(clock, woken::add);

        assertThat(next()).isEqualTo("job");
    }

    @Test
    void should_replace_what_was_scheduled_for_a_job() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        scheduler.scheduleAt("later", NOW, 0);
        scheduler.scheduleAt("later", NOW.plusSeconds(3600), 0);
        scheduler.scheduleAt("sooner", NOW.plusSeconds(3600), 0);
        scheduler.scheduleAt("sooner", NOW, 0);
        scheduler.scheduleAt("zz-last", NOW, 0);

        scheduler.start(clock, woken::add);

        assertThat(List.of(next(), next())).containsExactly("sooner", "zz-last");
        clock.advance(Duration.ofHours(1));
        scheduler.scheduleAt("zz-last", clock.instant(), 0);
        assertThat(List.of(next(), next())).containsExactly("later", "zz-last");
        assertThat(woken).isEmpty();
    }

    @Test
    void should_not_wake_for_a_cancelled_job() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        scheduler.scheduleAt("cancelled", NOW, 0);
        scheduler.cancel("cancelled");
        scheduler.cancel("never-known");
        scheduler.scheduleAt("kept", NOW, 0);

        scheduler.start(clock, woken::add);

        assertThat(next()).isEqualTo("kept");
        assertThat(woken).isEmpty();
    }

    @Test
    void should_keep_what_is_scheduled_while_the_job_runs() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        AtomicInteger runs = new AtomicInteger();
        scheduler.start(clock, job -> {
            woken.add(job + runs.incrementAndGet());
            if (runs.get() < 3) {
                scheduler.scheduleAt(job, NOW, 0);
            }
        });

        scheduler.scheduleAt("job", NOW, 0);

        assertThat(List.of(next(), next(), next())).containsExactly("job1", "job2", "job3");
    }

    @Test
    void should_sleep_no_longer_than_its_limit_and_so_notice_a_clock_that_jumps() throws Exception {
        InJvmScheduler scheduler = scheduler(1, SHORT, LONG);
        scheduler.scheduleAt("tomorrow", NOW.plusSeconds(86_400), 0);
        scheduler.start(clock, woken::add);
        clock.awaitLook(); // and now it would sleep for a day

        clock.advance(Duration.ofDays(1)); // and nothing is signalled

        assertThat(next()).isEqualTo("tomorrow");
    }

    @Test
    void should_wake_by_itself_when_the_time_has_come() throws Exception {
        InJvmScheduler scheduler = scheduler(1, LONG, LONG);
        scheduler.start(Clock.systemUTC(), woken::add);

        scheduler.scheduleAt("soon", Instant.now().plusMillis(20), 0);

        assertThat(next()).isEqualTo("soon");
    }

    @Test
    void should_take_the_farthest_future() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        scheduler.start(clock, woken::add);

        scheduler.scheduleAt("never", Instant.MAX, 0);
        scheduler.scheduleAt("now", NOW, 0);

        assertThat(next()).isEqualTo("now");
        assertThat(woken).isEmpty();
    }

    @Test
    void should_wait_for_a_job_that_runs_when_it_is_closed() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        scheduler.start(clock, job -> {
            woken.add(job);
            inside.countDown();
            await(release);
            finished.set(true);
        });
        scheduler.scheduleAt("job", NOW, 0);
        await(inside);
        scheduler.scheduleAt("waiting", NOW, 0);
        Thread closing = new Thread(() -> {
            scheduler.close();
            woken.add("closed after the job: " + finished.get());
        });
        closing.start();
        awaitWaiting(closing);

        release.countDown();

        assertThat(List.of(next(), next())).containsExactly("job", "closed after the job: true");
        assertThat(woken).as("a job that was due when the scheduler was closed").isEmpty();
    }

    @Test
    void should_interrupt_a_job_that_runs_past_the_limit() throws Exception {
        InJvmScheduler scheduler = scheduler(1, LONG, SHORT);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        scheduler.start(clock, job -> {
            inside.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        scheduler.scheduleAt("endless", NOW, 0);
        await(inside);

        scheduler.close();

        await(interrupted);
    }

    @Test
    void should_return_even_if_a_job_ignores_the_interrupt() {
        InJvmScheduler scheduler = scheduler(1, LONG, SHORT);
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean end = new AtomicBoolean();
        scheduler.start(clock, job -> {
            inside.countDown();
            while (!end.get()) {
                Thread.onSpinWait();
            }
        });
        scheduler.scheduleAt("deaf", NOW, 0);
        await(inside);

        scheduler.close();

        end.set(true);
    }

    @Test
    void should_interrupt_jobs_at_once_if_the_closing_thread_is_interrupted() {
        InJvmScheduler scheduler = scheduler(1);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        scheduler.start(clock, job -> {
            inside.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        scheduler.scheduleAt("endless", NOW, 0);
        await(inside);

        Thread.currentThread().interrupt();
        scheduler.close();

        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        await(interrupted);
    }

    @Test
    void should_not_wait_for_the_job_that_closes_it() throws Exception {
        InJvmScheduler scheduler = scheduler(1);
        scheduler.start(clock, job -> {
            scheduler.close();
            woken.add("closed, interrupted: " + Thread.currentThread().isInterrupted());
        });

        scheduler.scheduleAt("last", NOW, 0);

        assertThat(next()).isEqualTo("closed, interrupted: false");
    }

    @Test
    void should_close_more_than_once_and_without_a_start() {
        InJvmScheduler scheduler = scheduler(1);

        scheduler.close();
        scheduler.close();
        scheduler.scheduleAt("late", NOW, 0);
        scheduler.cancel("late");

        assertThat(woken).isEmpty();
    }

    @Test
    void should_start_once() {
        Consumer<String> handler = woken::add;
        InJvmScheduler started = scheduler(1);
        started.start(clock, handler);
        InJvmScheduler closed = scheduler(1);
        closed.close();

        for (InJvmScheduler scheduler : List.of(started, closed)) {
            assertThatThrownBy(() -> scheduler.start(clock, handler))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the scheduler was started before, or is closed: make a new one");
        }
    }

    @Test
    void should_have_daemon_threads_only_and_end_them() throws Exception {
        InJvmScheduler scheduler = scheduler(2);
        CyclicBarrier both = new CyclicBarrier(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        scheduler.start(clock, job -> {
            threads.add(Thread.currentThread());
            try {
                both.await(1, TimeUnit.MINUTES);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            woken.add(job);
        });
        scheduler.scheduleAt("a", NOW, 0);
        scheduler.scheduleAt("b", NOW, 0);
        assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a", "b");
        Thread ticker = thread("outfeed-ticker");
        assertThat(ticker).isNotNull();
        threads.add(requireNonNull(ticker));

        assertThat(threads).hasSize(3).allMatch(Thread::isDaemon);
        scheduler.close();
        for (Thread thread : threads) {
            thread.join(60_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    @Test
    void should_pass_through_many_jobs() throws Exception {
        InJvmScheduler scheduler = scheduler(2);
        int jobs = 50_000;
        CountDownLatch all = new CountDownLatch(jobs + 1);
        scheduler.start(clock, job -> all.countDown());

        for (int i = 0; i < jobs; i++) {
            scheduler.scheduleAt("job-" + i, i % 2 == 0 ? NOW : NOW.plusSeconds(i), 0);
        }
        clock.advance(Duration.ofDays(1));
        scheduler.scheduleAt("last", NOW, 0);

        await(all);
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_bad_arguments() {
        assertThatThrownBy(() -> new InJvmScheduler(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("workers must be one or more, not 0");
        assertThatThrownBy(() -> new InJvmScheduler(1, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("closeLimit must be zero or more, not PT-1S");
        InJvmScheduler scheduler = scheduler(1);
        assertThatThrownBy(() -> scheduler.start(null, woken::add))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("clock");
        assertThatThrownBy(() -> scheduler.start(clock, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("handler");
        assertThatThrownBy(() -> scheduler.scheduleAt(null, NOW, 0))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("job");
        assertThatThrownBy(() -> scheduler.scheduleAt("job", null, 0))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("at");
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    private static @Nullable Thread thread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name) && thread.isAlive())
                .findFirst()
                .orElse(null);
    }
}
