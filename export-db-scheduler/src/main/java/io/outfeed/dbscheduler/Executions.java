package io.outfeed.dbscheduler;

import io.outfeed.dbscheduler.WakeUps.Begin;
import io.outfeed.dbscheduler.WakeUps.Change;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wakes jobs on the threads of db-scheduler, until it is closed. Thread-safe. */
final class Executions {

    private static final Logger log = LoggerFactory.getLogger(Executions.class);

    private final WakeUps wakeUps;
    private final Clock clock;
    private final Consumer<String> handler;

    /** The jobs that run, by thread. Guarded by itself. */
    private final Map<Thread, String> running = new HashMap<>();

    /** Guarded by running. */
    private boolean closed;

    Executions(WakeUps wakeUps, Clock clock, Consumer<String> handler) {
        this.wakeUps = wakeUps;
        this.clock = clock;
        this.handler = handler;
    }

    /**
     * Wakes a job whose row was picked; then call {@link #end}.
     *
     * @return false if this node does not wake it
     */
    boolean wake(String job) {
        synchronized (running) {
            if (closed || wakeUps.begin(job, clock.instant()) != Begin.WAKE) {
                return false;
            }
            running.put(Thread.currentThread(), job);
        }
        try {
            handler.accept(job);
        } catch (Throwable e) { // an Error of one job must not end the worker silently
            log.error("Job '{}' failed", job, e);
        }
        return true;
    }

    /** Ends a wake-up, and returns what the row is to have; see {@link WakeUps#end}. */
    Optional<Change> end(String job) {
        synchronized (running) {
            running.remove(Thread.currentThread());
            running.notifyAll();
            if (closed) { // an interrupt was for the job: the row is still to be written
                boolean unused = Thread.interrupted();
            }
        }
        return wakeUps.end(job);
    }

    /** Wakes no more jobs. */
    void stop() {
        synchronized (running) {
            closed = true;
        }
    }

    /** Tells whether the current thread is in a wake-up. */
    boolean isInside() {
        synchronized (running) {
            return running.containsKey(Thread.currentThread());
        }
    }

    /** Waits for the jobs that run, interrupts them after a limit, and waits as long again. */
    void await(Duration limit) {
        try {
            if (!ended(limit)) {
                log.warn("Jobs {} still run after {}: interrupting them", jobs(), limit);
                interruptAll();
                if (!ended(limit)) {
                    log.warn("Jobs {} still run {} after they were interrupted: leaving them behind", jobs(), limit);
                }
            }
        } catch (InterruptedException e) {
            interruptAll();
            Thread.currentThread().interrupt();
        }
    }

    private boolean ended(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (running) {
            while (!running.isEmpty()) {
                long rest = end - System.nanoTime();
                if (rest <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(running, rest);
            }
            return true;
        }
    }

    private void interruptAll() {
        synchronized (running) {
            running.keySet().forEach(Thread::interrupt);
        }
    }

    private List<String> jobs() {
        synchronized (running) {
            return running.values().stream().sorted().toList();
        }
    }
}
