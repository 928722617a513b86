package io.outfeed.internal.job;

import io.outfeed.ExportJob;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A job of the engine with everything that is remembered of it in memory: its times and its flags. What must survive
 * the process is in the store. Thread-safe.
 */
public final class ScheduledJob {

    // all guarded by this
    private ExportJob job;
    private boolean armed;
    private boolean removed;
    private Instant runAt = Instant.MIN;
    private @Nullable Instant failedFire;
    private boolean mayResume;
    private @Nullable Instant deadline;
    private @Nullable Instant retentionAt;
    private Instant watchNotBefore = Instant.MIN;

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

    /** Tells whether the engine has let go of it, so that nothing must be scheduled for it. */
    public synchronized boolean isRemoved() {
        return removed;
    }

    // ---- runs

    /**
     * Prepares for the first wake-up of a job that was added or replaced: a fire that the old schedule owed is dropped
     * with it.
     *
     * @param changed whether its schedule is another one, or new
     */
    public synchronized void arm(boolean changed) {
        if (changed) {
            failedFire = null;
            mayResume = false;
        } else if (!armed) {
            mayResume = true;
        }
        armed = true;
        retentionAt = null;
        watchNotBefore = Instant.MIN;
    }

    /** Returns when it is to run; a wake-up before that time is for its delivered files only. */
    public synchronized Instant runAt() {
        return runAt;
    }

    public synchronized void runAt(Instant at) {
        runAt = at;
    }

    /** Returns the fire whose run failed at what time may repair. If the engine forgets it, the next fire covers it. */
    public synchronized Optional<Instant> failedFire() {
        return Optional.ofNullable(failedFire);
    }

    public synchronized void failedFire(Instant fire) {
        failedFire = fire;
    }

    /**
     * Tells whether its newest run may have been interrupted, by the end of the process before or of another node, so
     * that the fire of that run is run again.
     */
    public synchronized boolean mayResume() {
        return mayResume;
    }

    /** An interrupted run was ended: how it ended says whether its fire is run again. */
    public synchronized void interruptedRunEnded() {
        failedFire = null;
        mayResume = true;
    }

    /** No earlier fire is owed any more, except for that of a run which may have been interrupted. */
    public synchronized void forgetFailedFire() {
        failedFire = null;
    }

    /** No earlier fire is owed any more. */
    public synchronized void forgetOwedFires() {
        failedFire = null;
        mayResume = false;
    }

    // ---- between runs

    /** Returns by when its receiver expects something next. */
    public synchronized Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    public synchronized void deadline(Optional<Instant> at) {
        deadline = at.orElse(null);
    }

    /** Returns when the age of its delivered files is checked; empty for at once. */
    public synchronized Optional<Instant> retentionAt() {
        return Optional.ofNullable(retentionAt);
    }

    public synchronized void retentionAt(Instant at) {
        retentionAt = at;
    }

    /** Returns before when its delivered files are not inspected: an inspection that failed must not follow at once. */
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
