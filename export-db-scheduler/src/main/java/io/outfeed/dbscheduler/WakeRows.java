package io.outfeed.dbscheduler;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.ScheduledExecutionsFilter;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.DbSchedulerException;
import com.github.kagkarlsson.scheduler.exceptions.FailedToScheduleBatchException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import io.outfeed.dbscheduler.WakeUps.Change;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of wake-ups that were scheduled outside of a wake-up, and those that are missing. A row gets an
 * earlier time, never a later one: another node may have set it, and a wake-up without need does no harm. Used by one
 * thread.
 */
final class WakeRows {

    private static final Logger log = LoggerFactory.getLogger(WakeRows.class);

    /** From so many on all rows are read together. */
    private static final int MANY = 50;

    private static final int BATCH = 500;

    /** Between two jobs whose rows were missing: they are woken, since other nodes may have planned them earlier. */
    private static final Duration SPREAD = Duration.ofMillis(10);

    private final WakeUps wakeUps;
    private final WakeTask task;
    private final SchedulerClient client;
    private final Clock clock;

    /** What is known of a row. */
    private record Row(Instant at, boolean picked) {}

    WakeRows(WakeUps wakeUps, WakeTask task, SchedulerClient client, Clock clock) {
        this.wakeUps = wakeUps;
        this.task = task;
        this.client = client;
        this.clock = clock;
    }

    /**
     * Writes what has been scheduled. A row that is picked is left for the next call.
     *
     * @return whether a job is due by that
     */
    boolean write() {
        List<Change> changes = wakeUps.unwritten();
        if (changes.isEmpty()) {
            return false;
        }
        Map<String, Row> rows = changes.size() < MANY ? Map.of() : rows();
        List<Change> missing = new ArrayList<>();
        boolean due = false;
        Instant now = clock.instant();
        for (Change change : changes) {
            Optional<Row> row = changes.size() < MANY ? row(change.job()) : Optional.ofNullable(rows.get(change.job()));
            if (row.isEmpty() && change.at().isPresent()) {
                missing.add(change);
            } else if (row.isEmpty() || write(change, row.get())) {
                wakeUps.written(change);
            }
            due |= change.at().filter(at -> !at.isAfter(now)).isPresent();
        }
        insert(missing);
        missing.forEach(wakeUps::written);
        return due;
    }

    /** Returns whether the row is as it has to be. */
    private boolean write(Change change, Row row) {
        Optional<Instant> at = change.at();
        if (row.picked()) {
            return false;
        }
        try {
            if (at.isEmpty()) {
                client.cancel(task.instanceId(change.job()));
            } else if (row.at().isAfter(at.get())) {
                return client.reschedule(task.instanceId(change.job()), at.get());
            }
            return true;
        } catch (TaskInstanceNotFoundException e) {
            return at.isEmpty();
        } catch (DbSchedulerException e) { // it was picked or changed in between
            log.debug("The row of job '{}' was not written, and is tried again: {}", change.job(), e.getMessage());
            return false;
        }
    }

    /** Adds the rows that are missing, as after a table was restored. Returns whether there are any. */
    boolean addMissing() {
        Map<String, Row> rows = rows();
        List<Change> missing = new ArrayList<>();
        Instant at = clock.instant();
        for (Change expected : wakeUps.expected()) {
            if (!rows.containsKey(expected.job())) {
                missing.add(new Change(expected.job(), Optional.of(at), expected.number()));
                at = at.plus(SPREAD);
            }
        }
        if (!missing.isEmpty()) {
            log.warn("{} of the jobs of this node had no row, and are woken", missing.size());
            insert(missing);
        }
        return !missing.isEmpty();
    }

    private void insert(List<Change> missing) {
        for (int from = 0; from < missing.size(); from += BATCH) {
            List<Change> batch = missing.subList(from, Math.min(missing.size(), from + BATCH));
            try {
                client.scheduleBatch(batch.stream()
                        .<SchedulableInstance<?>>map(this::instance)
                        .toList());
            } catch (FailedToScheduleBatchException e) { // another node has added some of them
                batch.forEach(change -> client.scheduleIfNotExists(instance(change)));
            }
        }
    }

    private SchedulableInstance<Void> instance(Change change) {
        return SchedulableInstance.of(task.instance(change.job()), change.at().orElseThrow());
    }

    private Optional<Row> row(String job) {
        return client.getScheduledExecution(task.instanceId(job)).map(WakeRows::row);
    }

    private Map<String, Row> rows() {
        Map<String, Row> rows = new HashMap<>();
        client.fetchScheduledExecutionsForTask(
                task.getName(),
                Void.class,
                ScheduledExecutionsFilter.all(),
                execution -> rows.put(execution.getTaskInstance().getId(), row(execution)));
        return rows;
    }

    private static Row row(ScheduledExecution<?> execution) {
        return new Row(execution.getExecutionTime(), execution.isPicked());
    }
}
