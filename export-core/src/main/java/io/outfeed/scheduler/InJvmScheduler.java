package io.outfeed.scheduler;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scheduler in this JVM: one ticker thread, and a bounded pool of workers that run the jobs.
 *
 * <p>The ticker compares the clock with the scheduled times and never sleeps longer than 30 seconds, so that no fire is
 * lost when the clock is set or the machine was suspended. Due jobs begin in the order of their times, and at the same
 * time in the order of their priorities. An exception of a job does not affect others. The threads are daemons: they do
 * not keep a JVM alive.
 *
 * <p>Thread-safe.
 */
public final class InJvmScheduler implements Scheduler {

    private static final Logger log = LoggerFactory.getLogger(InJvmScheduler.class);

    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);
    /** Clocks are set by some seconds all the time. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private record Entry(Instant at, int priority, String job) {}

    private final int workers;
    private final Duration longestSleep;
    private final Duration closeLimit;
    private final ExecutorService pool;
    private final Set<Thread> workerThreads = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private final TreeSet<Entry> due = new TreeSet<>(Comparator.comparing(Entry::at)
            .thenComparing(Entry::priority, Comparator.reverseOrder())
            .thenComparing(Entry::job));
    private final Map<String, Entry> byJob = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private @Nullable Thread ticker;
    private Instant observed = Instant.MIN;
    private boolean closed;

    /**
     * Makes a scheduler. No thread runs until it is started.
     *
     * @param workers how many jobs may run at once, one or more
     * @throws IllegalArgumentException if there is no worker
     */
    public InJvmScheduler(int workers) {
        this(workers, CLOSE_LIMIT);
    }

    /**
     * Makes a scheduler with a limit for closing. No thread runs until it is started.
     *
     * @param workers how many jobs may run at once, one or more
     * @param closeLimit how long {@link #close} waits for jobs that run, before and after it interrupts them; zero or
     *     more
     * @throws IllegalArgumentException if there is no worker, or the limit is negative
     */
    public InJvmScheduler(int workers, Duration closeLimit) {
        this(workers, LONGEST_SLEEP, closeLimit);
    }

    /**
     * Makes a scheduler whose workers are threads of the host, such as virtual ones. No thread runs until it is
     * started.
     *
     * @param workers how many jobs may run at once, one or more; with virtual threads too
     * @param closeLimit how long {@link #close} waits for jobs that run, before and after it interrupts them; zero or
     *     more
     * @param workerThreads makes the threads of the workers, such as {@code Thread.ofVirtual().factory()}
     * @throws IllegalArgumentException if there is no worker, or the limit is negative
     */
    public InJvmScheduler(int workers, Duration closeLimit, ThreadFactory workerThreads) {
        this(workers, LONGEST_SLEEP, closeLimit, workerThreads);
    }

    InJvmScheduler(int workers, Duration longestSleep, Duration closeLimit) {
        this(workers, longestSleep, closeLimit, new WorkerThreads());
    }

    private InJvmScheduler(int workers, Duration longestSleep, Duration closeLimit, ThreadFactory workerThreads) {
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be one or more, not " + workers);
        }
        if (closeLimit.isNegative()) {
            throw new IllegalArgumentException("closeLimit must be zero or more, not " + closeLimit);
        }
        this.workers = workers;
        this.longestSleep = longestSleep;
        this.closeLimit = closeLimit;
        this.pool = Executors.newFixedThreadPool(workers, task -> worker(workerThreads, task));
    }

    @Override
    public void start(Clock clock, Consumer<String> handler) {
        requireNonNull(clock, "clock");
        requireNonNull(handler, "handler");
        lock.lock();
        try {
            if (ticker != null || closed) {
                throw new IllegalStateException("the scheduler was started before, or is closed: make a new one");
            }
            Thread thread = daemon(() -> tick(clock, handler), "outfeed-ticker");
            ticker = thread;
            thread.start();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void scheduleAt(String job, Instant at, int priority) {
        requireNonNull(job, "job");
        requireNonNull(at, "at");
        lock.lock();
        try {
            remove(job);
            Entry entry = new Entry(at, priority, job);
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

    /**
     * Stops waking jobs; waits for running jobs up to a limit, 30 seconds by default, interrupts them, and waits as
     * long again. If the waiting thread is interrupted, the jobs are interrupted at once. A job that closes its own
     * scheduler is not waited for.
     */
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
        if (workerThreads.contains(Thread.currentThread())) {
            return;
        }
        try {
            if (!ended()) {
                log.warn("Jobs {} still run after {}: interrupting them", running(), closeLimit);
                pool.shutdownNow();
                if (!ended()) {
                    log.warn(
                            "Jobs {} still run {} after they were interrupted: leaving them behind",
                            running(),
                            closeLimit);
                }
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private List<String> running() {
        lock.lock();
        try {
            return running.stream().sorted().toList();
        } finally {
            lock.unlock();
        }
    }

    private boolean ended() throws InterruptedException {
        return pool.awaitTermination(closeLimit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void remove(String job) {
        Entry entry = byJob.remove(job);
        if (entry != null) {
            due.remove(entry);
        }
    }

    private void tick(Clock clock, Consumer<String> handler) {
        lock.lock();
        try {
            while (!closed) {
                Duration rest = startDue(clock, handler);
                try {
                    long unused = changed.awaitNanos(rest.toNanos());
                } catch (InterruptedException e) {
                    log.debug("The ticker ignores an interrupt: close() ends it");
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Starts the jobs that are due while workers are free, and returns how long no other will be due. */
    private Duration startDue(Clock clock, Consumer<String> handler) {
        try {
            bringForwardIfSetBack(clock.instant());
            while (running.size() < workers) {
                Optional<Entry> next = nextThatRests();
                if (next.isEmpty()) {
                    return longestSleep;
                }
                Duration rest = Duration.between(clock.instant(), next.get().at());
                if (rest.compareTo(Duration.ZERO) > 0) {
                    return rest.compareTo(longestSleep) < 0 ? rest : longestSleep;
                }
                start(next.get().job(), handler);
            }
        } catch (Throwable e) { // the ticker must continue, and jobs that were due stay due
            log.error("The scheduler failed to start what is due, and tries again in {}", longestSleep, e);
        }
        return longestSleep;
    }

    /** A clock that was set back would hide the jobs until it reaches the times that were computed before. */
    private void bringForwardIfSetBack(Instant now) {
        if (observed.isAfter(now.plus(CLOCK_TOLERANCE))) {
            log.warn("The clock was set back from {} to {}: waking all jobs", observed, now);
            List<Entry> all = List.copyOf(due);
            due.clear();
            for (Entry entry : all) {
                Entry next = new Entry(now, entry.priority(), entry.job());
                due.add(next);
                byJob.put(next.job(), next);
            }
        }
        observed = now;
    }

    /** Returns the first entry whose job is not running; passes over at most as many as there are workers. */
    private Optional<Entry> nextThatRests() {
        return due.stream().filter(entry -> !running.contains(entry.job())).findFirst();
    }

    private void start(String job, Consumer<String> handler) {
        pool.execute(() -> work(job, handler)); // first: if no thread can be created, the job stays due
        remove(job);
        running.add(job);
    }

    private void work(String job, Consumer<String> handler) {
        try {
            handler.accept(job);
        } catch (Throwable e) { // an Error of one job must not end the worker silently
            log.error("Job '{}' failed", job, e);
        } finally {
            lock.lock(); // the ticker adds the job to running before it releases this lock
            try {
                running.remove(job);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Thread worker(ThreadFactory factory, Runnable task) {
        Thread thread = factory.newThread(task);
        workerThreads.add(thread);
        return thread;
    }

    /** Makes threads of the platform that do not keep a JVM alive. Used under the lock of the pool. */
    private static final class WorkerThreads implements ThreadFactory {

        private final AtomicInteger made = new AtomicInteger();

        @Override
        public Thread newThread(Runnable task) {
            return daemon(task, "outfeed-worker-" + made.incrementAndGet());
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
