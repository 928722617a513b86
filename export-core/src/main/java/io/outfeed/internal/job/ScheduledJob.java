package io.outfeed.internal.job;

import io.outfeed.ExportJob;
import io.outfeed.internal.event.RepeatedWarnings;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job of the engine with its times and flags in memory; what must survive the process is in the store. Thread-safe.
 */
public final class ScheduledJob {

    // all guarded by this
    private ExportJob job;
    private boolean removed;
    private String damage = "";
    private Instant runAt = Instant.MIN;
    private @Nullable Instant deadline;
    private @Nullable Instant retentionAt;
    private Instant watchNotBefore = Instant.MIN;
    private Instant prunedAt = Instant.MIN;
    private @Nullable String waitsFor;
    private boolean awaitsLock;
    private boolean wakeAsked;

    private final RepeatedWarnings watchWarnings = new RepeatedWarnings();
    private final RepeatedWarnings retentionWarnings = new RepeatedWarnings();

    ScheduledJob(ExportJob job) {
        this.job = job;
    }

    /** Returns the job as it was added last. */
    public synchronized ExportJob job() {
        return job;
    }

    synchronized void replace(ExportJob next) {
        job = next;
    }

    synchronized void markRemoved() {
        removed = true;
    }

    /** Tells whether the job was removed from the engine: it must not be scheduled any more. */
    public synchronized boolean isRemoved() {
        return removed;
    }

    /** Remembers what the store can't read of the job. Returns whether that is news. */
    public synchronized boolean markDamaged(String what) {
        boolean news = !damage.equals(what);
        damage = what;
        return news;
    }

    /** Tells whether the store could not read something of the job. */
    public synchronized boolean isDamaged() {
        return !damage.isEmpty();
    }

    // ---- runs

    /** Prepares a job that was added or replaced for its first wake-up. */
    public synchronized void arm() {
        retentionAt = null;
        watchNotBefore = Instant.MIN;
    }

    /** Returns when the job runs next; a wake-up before that time only maintains its delivered files. */
    public synchronized Instant runAt() {
        return runAt;
    }

    public synchronized void runAt(Instant at) {
        runAt = at;
    }

    /** Returns the incident that keeps the job from trying. */
    public synchronized Optional<String> waitsFor() {
        return Optional.ofNullable(waitsFor);
    }

    public synchronized void waitsFor(Optional<String> incident) {
        waitsFor = incident.orElse(null);
    }

    /** Tells whether another owner had the lock when the job was to run. */
    public synchronized boolean awaitsLock() {
        return awaitsLock;
    }

    public synchronized void awaitsLock(boolean taken) {
        awaitsLock = taken;
    }

    /** Asks for a wake-up as soon as the one in progress, which may know nothing of the reason, has ended. */
    public synchronized void askForWake() {
        wakeAsked = true;
    }

    /** Tells whether that was asked for since the last time. */
    public synchronized boolean takeWakeAsked() {
        boolean asked = wakeAsked;
        wakeAsked = false;
        return asked;
    }

    // ---- between runs

    /** Returns what the watch of its delivered files has warned of. */
    public RepeatedWarnings watchWarnings() {
        return watchWarnings;
    }

    /** Returns what the deletion of its delivered files has warned of. */
    public RepeatedWarnings retentionWarnings() {
        return retentionWarnings;
    }

    /** Returns when old runs were pruned last. */
    public synchronized Instant prunedAt() {
        return prunedAt;
    }

    public synchronized void prunedAt(Instant at) {
        prunedAt = at;
    }

    /** Returns the next time by which the receiver expects files. */
    public synchronized Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    public synchronized void deadline(Optional<Instant> at) {
        deadline = at.orElse(null);
    }

    /** Returns when the delivered files are next checked for their age; empty for at once. */
    public synchronized Optional<Instant> retentionAt() {
        return Optional.ofNullable(retentionAt);
    }

    public synchronized void retentionAt(Instant at) {
        retentionAt = at;
    }

    /** Returns the earliest time of the next inspection, so that a failed one is not repeated at once. */
    public synchronized Instant watchNotBefore() {
        return watchNotBefore;
    }

    public synchronized void watchNotBefore(Instant at) {
        watchNotBefore = at;
    }

    /** The name. */
    @Override
    public String toString() {
        return job().toString();
    }
}
