package io.outfeed.dbscheduler;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks how a db-scheduler of the host works, by what it does, since it does not tell its settings. Says once what to
 * change. Thread-safe.
 */
final class HostCheck extends AbstractSchedulerListener {

    private static final Logger log = LoggerFactory.getLogger(HostCheck.class);

    /** Dead executions are looked for every two heartbeats: twice as long as that of the longest one is too long. */
    private static final Duration LONGEST_SILENCE = DbScheduler.LONGEST_HEARTBEAT.multipliedBy(4);

    private final WakeTask task;
    private final LongSupplier nanoTime;
    private final long madeAt;
    private volatile long lookedAt;

    // of the thread that runs this
    private boolean heartbeatReported;
    private boolean clockReported;

    HostCheck(WakeTask task, LongSupplier nanoTime) {
        this.task = task;
        this.nanoTime = nanoTime;
        this.madeAt = nanoTime.getAsLong();
        this.lookedAt = madeAt;
    }

    @Override
    public void onSchedulerEvent(SchedulerEventType type) {
        if (type == SchedulerEventType.RAN_DETECT_DEAD) {
            lookedAt = nanoTime.getAsLong();
        }
    }

    /** Called again and again. */
    void run() {
        long now = nanoTime.getAsLong();
        Duration silence = Duration.ofNanos(now - lookedAt);
        if (!heartbeatReported && silence.compareTo(LONGEST_SILENCE) > 0) {
            heartbeatReported = true;
            log.warn(
                    "The host's db-scheduler has not looked for dead executions for {}: jobs of a node that dies wait"
                            + " that long and more. Start it, with heartbeatInterval(Duration.ofSeconds({})) or less"
                            + " and missedHeartbeatsLimit(4)",
                    silence,
                    DbScheduler.LONGEST_HEARTBEAT.toSeconds());
        }
        if (!clockReported && !task.isClockRead() && now - madeAt > LONGEST_SILENCE.toNanos()) {
            clockReported = true;
            log.warn("The host's db-scheduler goes by a clock of its own: jobs fire late or are looked at in vain where"
                    + " it differs from that of the store. Make it with clock(task.clock())");
        }
    }
}
