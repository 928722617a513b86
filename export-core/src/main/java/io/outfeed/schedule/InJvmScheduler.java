package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the engine from a thread of this JVM: one ticker, and a bounded pool that runs the jobs.
 *
 * <p>The ticker compares the clock with the wanted times and never sleeps longer than 30 seconds, so that a clock that is
 * set, or a machine that was suspended, costs no fire. Due jobs begin in the order of their times. A job that throws stops
 * nothing. The threads are daemons: they do not keep a JVM alive.
 *
 * <p>Thread-safe.
 */
public final class InJvmScheduler implements Scheduler {

    private static final Logger log = LoggerFactory.getLogger(InJvmScheduler.class);

    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private record Entry(Instant at, String job) {}

    private final Clock clock;
    private final int workers;
    private final ExecutorService pool;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final TreeSet<Entry> due =
            new TreeSet<>(Comparator.comparing(Entry::at).thenComparing(Entry::job));
    private final Map<String, Entry> byJob = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private @Nullable Thread ticker;
    private boolean closed;

    /**
     * Makes a scheduler. No thread runs until it is started.
     *
     * @param clock what tells the time
     * @param workers how many jobs may run at once, one or more
     */
    public InJvmScheduler(Clock clock, int workers) {
        this.clock = requireNonNull(clock, "clock");
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be one or more, not " + workers);
        }
        this.workers = workers;
        this.pool = Executors.newFixedThreadPool(workers, task -> daemon(task, "outfeed-worker"));
    }

    @Override
    public void start(Consumer<String> handler) {
        requireNonNull(handler, "handler");
        lock.lock();
        try {
            if (ticker != null || closed) {
                throw new IllegalStateException("the scheduler was started before, or is closed: make a new one");
            }
            Thread thread = daemon(() -> tick(handler), "outfeed-ticker");
            ticker = thread;
            thread.start();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void scheduleAt(String job, Instant at) {
        requireNonNull(at, "at");
        lock.lock();
        try {
            remove(job);
            Entry entry = new Entry(at, job);
            due.add(entry);
            byJob.put(job, entry);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel(String job) {
        lock.lock();
        try {
            remove(job);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        pool.shutdown();
        boolean interrupted = false;
        try {
            if (!pool.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn(
                        "Runs are still in progress after {}: interrupting them; they are finished later", CLOSE_LIMIT);
                pool.shutdownNow();
                pool.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void remove(String job) {
        Entry entry = byJob.remove(job);
        if (entry != null) {
            due.remove(entry);
        }
    }

    private void tick(Consumer<String> handler) {
        while (true) {
            try {
                Optional<String> job = await();
                if (job.isEmpty()) {
                    return;
                }
                String name = job.get();
                pool.execute(() -> work(name, handler));
            } catch (Throwable e) { // whatever happens, the ticker goes on
                log.error("The scheduler's ticker failed and goes on", e);
            }
        }
    }

    /** Waits until a job is due, a worker is free for it, and it does not run; empty when closed. */
    private Optional<String> await() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                Optional<Entry> next = running.size() < workers ? nextThatRests() : Optional.empty();
                Duration rest = next.map(entry -> Duration.between(clock.instant(), entry.at()))
                        .orElse(LONGEST_SLEEP);
                if (next.isPresent() && (rest.isNegative() || rest.isZero())) {
                    remove(next.get().job());
                    running.add(next.get().job());
                    return Optional.of(next.get().job());
                }
                Duration sleep = rest.compareTo(LONGEST_SLEEP) < 0 ? rest : LONGEST_SLEEP;
                long left = changed.awaitNanos(sleep.toNanos());
                log.trace("Woke with {} ns left", left);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Entry> nextThatRests() {
        return due.stream().filter(entry -> !running.contains(entry.job())).findFirst();
    }

    private void work(String job, Consumer<String> handler) {
        try {
            handler.accept(job);
        } catch (Throwable e) { // an Error of one job must not end the worker in silence
            log.error("Job '{}' failed", job, e);
        } finally {
            lock.lock();
            try {
                running.remove(job);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
