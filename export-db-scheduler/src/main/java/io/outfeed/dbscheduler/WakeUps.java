package io.outfeed.dbscheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wake-ups that the engine of this node has scheduled, and whether their rows may have to be written. Thread-safe.
 */
final class WakeUps {

    /** A job of this node. Guarded by the map. */
    private static final class WakeUp {

        /** Null once the job was woken, until it is scheduled again. */
        private @Nullable Instant at;

        private boolean cancelled;
        private boolean running;

        /** Counts the changes; 0 if the row is written. */
        private long unwritten;

        private WakeUp() {}
    }

    /**
     * What the row of a job is to have.
     *
     * @param at the time, or an earlier one; empty if the row is to be removed
     * @param number tells whether the job was scheduled again since
     */
    record Change(String job, Optional<Instant> at, long number) {}

    /** What may be done with a row that was picked. */
    enum Begin {
        /** The job is to be woken here. */
        WAKE,
        /** It is running on this node already. */
        RUNNING,
        /** This node has not scheduled it. */
        NOT_HERE
    }

    /** Guarded by itself. */
    private final Map<String, WakeUp> byJob = new HashMap<>();

    /** The jobs whose rows may have to be written: few of many. Guarded by the map. */
    private final Set<String> unwritten = new LinkedHashSet<>();

    private long changes;

    void schedule(String job, Instant at) {
        synchronized (byJob) {
            WakeUp wakeUp = byJob.computeIfAbsent(job, name -> new WakeUp());
            wakeUp.at = at;
            wakeUp.cancelled = false;
            change(job, wakeUp);
        }
    }

    /** Returns whether the job was scheduled here. */
    boolean cancel(String job) {
        synchronized (byJob) {
            WakeUp wakeUp = byJob.get(job);
            if (wakeUp == null) {
                return false;
            }
            wakeUp.at = null;
            wakeUp.cancelled = true;
            change(job, wakeUp);
            return true;
        }
    }

    /** Schedules all jobs for a time: they were computed by a clock that was wrong. */
    void scheduleAll(Instant at) {
        synchronized (byJob) {
            byJob.forEach((job, wakeUp) -> {
                if (wakeUp.at != null) {
                    wakeUp.at = at;
                    change(job, wakeUp);
                }
            });
        }
    }

    private void change(String job, WakeUp wakeUp) {
        wakeUp.unwritten = ++changes;
        unwritten.add(job);
    }

    /**
     * Begins to wake a job whose row was picked. Where another node has scheduled it earlier than this one, the time of
     * this one stays, unless the job schedules itself anew.
     */
    Begin begin(String job, Instant now) {
        synchronized (byJob) {
            WakeUp wakeUp = byJob.get(job);
            if (wakeUp != null && wakeUp.running) {
                return Begin.RUNNING;
            }
            if (wakeUp == null || wakeUp.at == null) {
                return Begin.NOT_HERE;
            }
            wakeUp.at = wakeUp.at.isAfter(now) ? wakeUp.at : null;
            wakeUp.running = true;
            wakeUp.unwritten = 0;
            unwritten.remove(job);
            return Begin.WAKE;
        }
    }

    /**
     * Ends it.
     *
     * @return what the row is to have; empty if the job was neither scheduled again nor cancelled
     */
    Optional<Change> end(String job) {
        synchronized (byJob) {
            WakeUp wakeUp = byJob.get(job);
            if (wakeUp == null) {
                return Optional.empty();
            }
            wakeUp.running = false;
            long number = wakeUp.unwritten;
            wakeUp.unwritten = 0;
            unwritten.remove(job);
            if (wakeUp.at == null) {
                byJob.remove(job);
            }
            return wakeUp.at == null && !wakeUp.cancelled
                    ? Optional.empty()
                    : Optional.of(new Change(job, Optional.ofNullable(wakeUp.at), number));
        }
    }

    /** Returns what has to be written. A job that runs here is not in it: its row is written when it ends. */
    List<Change> unwritten() {
        synchronized (byJob) {
            List<Change> changed = new ArrayList<>();
            for (String job : unwritten) {
                WakeUp wakeUp = byJob.get(job);
                if (wakeUp != null && wakeUp.unwritten > 0 && !wakeUp.running) {
                    changed.add(new Change(job, Optional.ofNullable(wakeUp.at), wakeUp.unwritten));
                }
            }
            return changed;
        }
    }

    /** Notes that a row is as it has to be, unless the job was scheduled again since. */
    void written(Change change) {
        synchronized (byJob) {
            WakeUp wakeUp = byJob.get(change.job());
            if (wakeUp != null && wakeUp.unwritten == change.number()) {
                wakeUp.unwritten = 0;
                unwritten.remove(change.job());
                if (wakeUp.cancelled && !wakeUp.running) {
                    byJob.remove(change.job());
                }
            }
        }
    }

    /** Returns the jobs that have to have a row. */
    List<Change> expected() {
        synchronized (byJob) {
            List<Change> expected = new ArrayList<>();
            byJob.forEach((job, wakeUp) -> {
                if (wakeUp.at != null && !wakeUp.running) {
                    expected.add(new Change(job, Optional.of(wakeUp.at), wakeUp.unwritten));
                }
            });
            return expected;
        }
    }
}
