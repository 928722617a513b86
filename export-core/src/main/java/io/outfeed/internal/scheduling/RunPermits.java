package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.internal.run.RunLimits;
import io.outfeed.internal.run.RunLimits.Shared;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Limits how many runs have something in common at a time, so that a slow server or a large tenant leaves workers to
 * the others. A job without a permit waits in line without a worker, and is called when a permit is free: this is
 * neither an attempt nor a failure. A run that shares several things needs a permit for each. The line is in the order
 * of the fire times, then of the priorities, then in that in which the jobs came. Thread-safe.
 */
public final class RunPermits {

    private final RunLimits limits;
    private final boolean keeps;

    /** The permits in use. Guarded by this. */
    private final Map<Shared, Integer> taken = new HashMap<>();

    /** The jobs that wait, by name. Guarded by this. */
    private final Map<String, Waiting> waiting = new HashMap<>();

    /** The same in their order. Guarded by this. */
    private final Set<Waiting> line = new TreeSet<>(Comparator.comparing((Waiting waits) -> waits.fire)
            .thenComparing(waits -> waits.priority, Comparator.reverseOrder())
            .thenComparing(waits -> waits.number));

    /** Guarded by this. */
    private long came;

    /** A job in line. */
    private static final class Waiting {

        private final String job;
        private final Map<Shared, Integer> shares;
        private final Instant fire;
        private final int priority;
        private final long number;

        /** Whether it was called since it asked last. */
        private boolean called;

        private Waiting(String job, Map<Shared, Integer> shares, Instant fire, int priority, long number) {
            this.job = job;
            this.shares = shares;
            this.fire = fire;
            this.priority = priority;
            this.number = number;
        }
    }

    /** The permits of one run; close it when the run has ended. */
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @param keeps whether permits are kept for a job that was called until it comes; false where another node may be
     *     woken for it
     */
    public RunPermits(RunLimits limits, boolean keeps) {
        this.limits = limits;
        this.keeps = keeps;
    }

    /**
     * Takes the permits of a job; if one is missing, the job waits in line.
     *
     * @param fire the time of its fire
     * @param wake wakes a job by its name when it is called
     * @return the permits; empty if the job waits
     */
    Optional<Permit> tryTake(ExportJob job, Instant fire, Consumer<String> wake) {
        return tryTake(job, limits.of(job), fire, wake);
    }

    /** Takes the permits of a job for the chunk of a backfill; the job waits behind all that have a fire time. */
    Optional<Permit> tryTakeForChunk(ExportJob job, Consumer<String> wake) {
        return tryTake(job, limits.ofChunk(job), Instant.MAX, wake);
    }

    private synchronized Optional<Permit> tryTake(
            ExportJob job, Map<Shared, Integer> shares, Instant fire, Consumer<String> wake) {
        Waiting place = place(job, shares, fire);
        if (isFree(shares, keptBefore(place))) {
            removePlace(job.name());
            return Optional.of(permit(shares, wake));
        }
        place.called = false;
        return Optional.empty();
    }

    /** Returns the place of a job in line; a new one if its fire or what it shares is another one now. */
    private Waiting place(ExportJob job, Map<Shared, Integer> shares, Instant fire) {
        Waiting known = waiting.get(job.name());
        int priority = job.schedulePolicy().priority();
        if (known != null && known.fire.equals(fire) && known.priority == priority && known.shares.equals(shares)) {
            return known;
        }
        removePlace(job.name());
        Waiting place = new Waiting(job.name(), shares, fire, priority, came++);
        waiting.put(job.name(), place);
        line.add(place);
        return place;
    }

    private Optional<Waiting> removePlace(String job) {
        Optional<Waiting> place = Optional.ofNullable(waiting.remove(job));
        place.ifPresent(line::remove);
        return place;
    }

    /** Returns the permits in use, and those of the jobs before one that have been called. */
    private Map<Shared, Integer> keptBefore(Waiting place) {
        Map<Shared, Integer> used = new HashMap<>(taken);
        for (Waiting waits : line) {
            if (waits == place) {
                break;
            }
            if (waits.called && keeps) {
                use(used, waits.shares);
            }
        }
        return used;
    }

    private static boolean isFree(Map<Shared, Integer> shares, Map<Shared, Integer> used) {
        return shares.entrySet().stream().allMatch(share -> used.getOrDefault(share.getKey(), 0) < share.getValue());
    }

    private static void use(Map<Shared, Integer> used, Map<Shared, Integer> shares) {
        shares.keySet().forEach(share -> used.merge(share, 1, Integer::sum));
    }

    /** Takes the permits of a job that a person has asked for, even beyond the limit. */
    synchronized Permit take(ExportJob job, Consumer<String> wake) {
        return permit(limits.of(job), wake);
    }

    private Permit permit(Map<Shared, Integer> shares, Consumer<String> wake) {
        use(taken, shares);
        return () -> callAll(release(shares.keySet()), wake);
    }

    private synchronized List<String> release(Set<Shared> shares) {
        shares.forEach(share -> taken.computeIfPresent(share, (name, count) -> count == 1 ? null : count - 1));
        return next();
    }

    /** Lets a job that has nothing to run any more leave the line. */
    void leave(String job, Consumer<String> wake) {
        callAll(remove(job), wake);
    }

    private synchronized List<String> remove(String job) {
        return removePlace(job).filter(left -> left.called).isPresent() ? next() : List.of();
    }

    /** Whether a job was called since it asked last: then it must be woken. */
    synchronized boolean isCalled(String job) {
        Waiting waits = waiting.get(job);
        return waits != null && waits.called;
    }

    /** Marks the jobs that may have the free permits, in the order of the line. */
    private List<String> next() {
        Map<Shared, Integer> used = new HashMap<>(taken);
        List<String> called = new ArrayList<>();
        for (Waiting waits : line) {
            boolean free = isFree(waits.shares, used);
            if (waits.called ? keeps : free) {
                use(used, waits.shares);
            }
            if (!waits.called && free) {
                waits.called = true;
                called.add(waits.job);
            }
        }
        return called;
    }

    /** Calls jobs without the lock: waking one may ask for permits. */
    private static void callAll(List<String> called, Consumer<String> wake) {
        called.forEach(wake);
    }
}
