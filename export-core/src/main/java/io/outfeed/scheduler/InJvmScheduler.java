package io.outfeed.scheduler;

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
import java.util.concurrent.ConcurrentHashMap;
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
 * <p>The ticker compares the clock with the wanted times and never sleeps longer than 30 seconds, so that a clock that
 * is set, or a machine that was suspended, costs no fire. Due jobs begin in the order of their times, and at the same
 * time in that of their priorities. A job that throws stops nothing. The threads are daemons: they do not keep a JVM
 * alive.
 *
 * <p>Thread-safe.
 */
public final class InJvmScheduler implements Scheduler {

    private static final Logger log = LoggerFactory.getLogger(InJvmScheduler.class);

    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private record Entry(Instant at, int priority, String job) {}

    private final Clock clock;
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
    private boolean closed;

    /**
     * Makes a scheduler. No thread runs until it is started.
     *
     * @param clock what tells the time
     * @param workers how many jobs may run at once, one or more
     * @throws IllegalArgumentException if there is no worker
     */
    public InJvmScheduler(Clock clock, int workers) {
        this(clock, workers, CLOSE_LIMIT);
    }

    /**
     * Makes a scheduler with a limit of its own for closing. No thread runs until it is started.
     *
     * @param clock what tells the time
     * @param workers how many jobs may run at once, one or more
     * @param closeLimit how long {@link #close} waits for jobs that run, before and after it interrupts them; zero or
     *     more
     * @throws IllegalArgumentException if there is no worker, or the limit is negative
     */
    public InJvmScheduler(Clock clock, int workers, Duration closeLimit) {
        this(clock, workers, LONGEST_SLEEP, closeLimit);
    }

    InJvmScheduler(Clock clock, int workers, Duration longestSleep, Duration closeLimit) {
        this.clock = requireNonNull(clock, "clock");
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be one or more, not " + workers);
        }
        if (closeLimit.isNegative()) {
            throw new IllegalArgumentException("closeLimit must be zero or more, not " + closeLimit);
        }
        this.workers = workers;
        this.longestSleep = longestSleep;
        this.closeLimit = closeLimit;
        this.pool = Executors.newFixedThreadPool(workers, this::worker);
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
     * Wakes nobody any more; waits for jobs that run up to a limit, half a minute by default, interrupts them, and
     * waits as long again. A thread that is interrupted while it waits interrupts them at once. A job that closes its
     * own scheduler is not waited for.
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
                log.warn("Jobs still run after {}: interrupting them", closeLimit);
                pool.shutdownNow();
                if (!ended()) {
                    log.warn("Jobs still run {} after they were interrupted: leaving them behind", closeLimit);
                }
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
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

    private void tick(Consumer<String> handler) {
        lock.lock();
        try {
            while (!closed) {
                Duration rest = startDue(handler);
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

    /** Starts what is due, as far as workers are free, and says how long nothing else will be. */
    private Duration startDue(Consumer<String> handler) {
        try {
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
        } catch (Throwable e) { // whatever happens, the ticker goes on, and what was due stays due
            log.error("The scheduler failed to start what is due, and tries again in {}", longestSleep, e);
        }
        return longestSleep;
    }

    /** The first entry whose job does not run: at most as many are passed over as there are workers. */
    private Optional<Entry> nextThatRests() {
        return due.stream().filter(entry -> !running.contains(entry.job())).findFirst();
    }

    private void start(String job, Consumer<String> handler) {
        pool.execute(() -> work(job, handler)); // first: where no thread can be made, the job stays due
        remove(job);
        running.add(job);
    }

    private void work(String job, Consumer<String> handler) {
        try {
            handler.accept(job);
        } catch (Throwable e) { // an Error of one job must not end the worker in silence
            log.error("Job '{}' failed", job, e);
        } finally {
            lock.lock(); // the ticker has noted that the job runs before it lets go of this lock
            try {
                running.remove(job);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Thread worker(Runnable task) {
        Thread thread = daemon(task, "outfeed-worker-" + (workerThreads.size() + 1));
        workerThreads.add(thread);
        return thread;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
