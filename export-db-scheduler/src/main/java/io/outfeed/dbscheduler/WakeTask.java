package io.outfeed.dbscheduler;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.task.AbstractTask;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.SchedulableTaskInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.outfeed.dbscheduler.WakeUps.Change;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task of db-scheduler that wakes jobs: an instance for each job. A host needs it only if it has a db-scheduler of
 * its own, which is made with this task and with {@link #clock}; then {@link DbScheduler#builder(
 * com.github.kagkarlsson.scheduler.Scheduler, WakeTask)}.
 *
 * <p>One task is for one engine. Its executions carry no data. Thread-safe.
 */
public final class WakeTask extends AbstractTask<Void> {

    private static final Logger log = LoggerFactory.getLogger(WakeTask.class);

    /** After which another node may have a job that this one has not: the first time, and at most. */
    private static final Duration FIRST_DELAY = Duration.ofSeconds(5);

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    /** Rows that no node has for about a week are removed. */
    private static final int MOST_REFUSALS = 10_000;

    private volatile @Nullable Executions executions;
    private volatile Clock time = Clock.systemUTC();
    private volatile boolean clockRead;

    private WakeTask(String name) {
        super(
                name,
                Void.class,
                (complete, operations) -> operations.reschedule(complete, complete.getTimeDone()),
                (complete, operations) -> operations.reschedule(complete, complete.getTimeDone()));
    }

    /**
     * Makes a task with the name {@code outfeed}.
     *
     * @return the task
     */
    public static WakeTask create() {
        return create("outfeed");
    }

    /**
     * Makes a task.
     *
     * @param name the name of the task in the table: the same on all nodes, and another one for each store
     * @return the task
     */
    public static WakeTask create(String name) {
        return new WakeTask(requireNonNull(name, "name"));
    }

    /**
     * Returns the clock that the db-scheduler with this task needs: that of the engine, which is the clock of its
     * store. Before the engine is started it is the clock of the host.
     *
     * @return the clock
     */
    public com.github.kagkarlsson.scheduler.Clock clock() {
        return () -> {
            clockRead = true;
            return time.instant();
        };
    }

    /** Tells whether an instance of db-scheduler goes by {@link #clock}. */
    boolean isClockRead() {
        return clockRead;
    }

    /** The time of the engine; of the host before it is started. */
    Instant now() {
        return time.instant();
    }

    /** Begins to wake jobs. */
    void start(Executions woken, Clock engineClock) {
        time = engineClock;
        executions = woken;
    }

    /** Called by db-scheduler. */
    @Override
    public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
        String job = instance.getId();
        Executions started = executions;
        if (started == null || !started.wake(job)) {
            return WakeTask::leaveToOthers;
        }
        Optional<Change> next = started.end(job);
        return (complete, operations) -> write(next, complete, operations);
    }

    private static void write(Optional<Change> next, ExecutionComplete complete, ExecutionOperations<Void> operations) {
        if (next.isEmpty()) {
            leaveToOthers(complete, operations);
        } else if (next.get().at().isPresent()) {
            operations.reschedule(complete, next.get().at().get());
        } else {
            log.debug("Job '{}' was removed while it was woken", next.get().job());
            operations.stop();
        }
    }

    /** Puts back the row of a job that this node can't run, so that another one may pick it. */
    private static void leaveToOthers(ExecutionComplete complete, ExecutionOperations<Void> operations) {
        int refusals = complete.getExecution().consecutiveFailures;
        if (refusals >= MOST_REFUSALS) {
            log.warn(
                    "No node has job '{}': its row is removed",
                    complete.getExecution().getId());
            operations.stop();
            return;
        }
        Duration delay = FIRST_DELAY.multipliedBy(refusals + 1L);
        Instant now = complete.getTimeDone();
        operations.reschedule(
                ExecutionComplete.failure(complete.getExecution(), now, now, null),
                now.plus(delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY));
    }

    /** An instance that is due at once. Called by db-scheduler. */
    @Override
    public SchedulableInstance<Void> schedulableInstance(String id) {
        return new SchedulableTaskInstance<>(instance(id), now -> now);
    }

    /** An instance that is due at once; it has no data. Called by db-scheduler. */
    @Override
    public SchedulableInstance<Void> schedulableInstance(String id, Void data) {
        return schedulableInstance(id);
    }
}
