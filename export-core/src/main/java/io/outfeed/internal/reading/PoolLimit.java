package io.outfeed.internal.reading;

import io.outfeed.internal.reading.PoolTrial.Verdict;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many sessions of one pool are open, and how many trials have found room for. Guarded by the permits. */
final class PoolLimit {

    private static final Logger log = LoggerFactory.getLogger(PoolLimit.class);

    /** After a trial that has failed, no other one follows for so long. */
    private static final Duration TRIAL_INTERVAL = Duration.ofMinutes(10);

    private final String pool;

    /** The sessions that have permits. */
    private int open;

    /** Those of them that certainly hold their connections. */
    private int holding;

    /** As many sessions as a trial has found room for. */
    private int room;

    /** How often sessions began to close. */
    private long closings;

    private boolean trying;
    private @Nullable Long failedAt;

    /** @param pool names the pool for people */
    PoolLimit(String pool) {
        this.pool = pool;
    }

    boolean hasRoom(int sessions) {
        return room >= sessions;
    }

    /** A single run may always try: its failure says what is wrong. */
    boolean fits(int sessions) {
        return !trying && (open == 0 || open + sessions <= room);
    }

    boolean mayGrow() {
        return !trying && (failedAt == null || System.nanoTime() - failedAt > TRIAL_INTERVAL.toNanos());
    }

    void trying(boolean now) {
        trying = now;
    }

    void enter(int sessions) {
        open += sessions;
    }

    void leave(int sessions) {
        open -= sessions;
    }

    void holding(int sessions) {
        holding += sessions;
    }

    void closing(int sessions) {
        holding -= sessions;
        closings++;
    }

    /**
     * What certainly held its connections when a trial began.
     *
     * @param holding how many sessions
     * @param closings tells whether one of them began to close since
     */
    record Held(int holding, long closings) {}

    Held held() {
        return new Held(holding, closings);
    }

    /**
     * Records a trial.
     *
     * @param before what held its connections when it began
     * @param sessions how many connections it has held besides
     */
    void record(Held before, int sessions, Verdict verdict) {
        if (verdict == Verdict.ROOM) {
            boolean all = closings == before.closings();
            room = Math.max(room, all ? before.holding() + sessions : sessions);
            failedAt = null;
        } else {
            failedAt = System.nanoTime();
            log.info(
                    "Runs read with {} connections of {} at once, and leave the others to the store: more workers need"
                            + " a larger pool",
                    Math.max(1, room),
                    pool);
        }
    }
}
