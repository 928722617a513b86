package io.outfeed.jdbc.store;

import io.outfeed.internal.model.BackfillText;
import io.outfeed.internal.model.LayoutsText;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.operation.History;
import io.outfeed.operation.JobPause;
import io.outfeed.run.RunLayout;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobDeadline;
import io.outfeed.store.JobState;
import io.outfeed.store.NewJob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of jobs, and the state of a job in its row. */
final class JobTable {

    /** The columns of a state. */
    static final String STATE = "j.failures_in_a_row, j.pause_by, j.pause_reason, j.pause_since, j.directories,"
            + " j.deadline_checked, j.deadline_overdue, j.refused_recipients, j.layouts, j.backfill";

    private JobTable() {}

    /** The jobs that have a run, or had one. */
    static List<String> names(Sql sql) throws SQLException {
        return sql
                .list("select job from #run union select job from #job where run_number > 0", row -> row.getString(1))
                .stream()
                .sorted()
                .toList();
    }

    static boolean hasRunsOrPositions(Sql sql, String job) throws SQLException {
        return sql.first(
                        "select 1 from #run where job = ? union select 1 from #job where job = ? and run_number > 0",
                        row -> true,
                        job,
                        job)
                .isPresent();
    }

    /** Locks the row of a job until the transaction ends; inserts it if there is none, unless the job was renamed. */
    static void lockRow(Sql sql, String job) throws SQLException {
        if (sql.first("select 1 from #job where job = ? for update", row -> true, job)
                .isEmpty()) {
            RenamedJobTable.check(sql, job);
            sql.update(
                    "insert into #job (job, run_number, sequence_number, failures_in_a_row, recent_changes)"
                            + " values (?, 0, 0, 0, '')",
                    job);
        }
    }

    /**
     * Writes the plans and states of jobs that have none and were not renamed: in one statement for all that have no
     * row yet.
     *
     * @return the names of those that have the given plan and state now
     */
    static Set<String> add(Sql sql, List<NewJob> jobs) throws SQLException {
        Map<String, NewJob> missing = new LinkedHashMap<>();
        jobs.forEach(job -> missing.put(job.job(), job));
        String among = " where j.job in (" + RunTable.placeholders(jobs.size()) + ")";
        Object[] names = missing.keySet().toArray();
        List<NewJob> known = sql.list(
                "select j.job, " + FirePlanTable.COLUMNS + ", " + STATE + " from #job j" + among,
                row -> new NewJob(row.getString(1), FirePlanTable.read(row, 2).orElse(FirePlan.NONE), state(row, 4)),
                names);
        sql.list("select j.job from #renamed_job j" + among, row -> row.getString(1), names)
                .forEach(missing::remove);
        Set<String> added = new HashSet<>();
        for (NewJob row : known) {
            NewJob job = missing.remove(row.job());
            if (job != null && (isPlanned(sql, row, job) || row.equals(job))) { // equal if the answer was lost
                added.add(job.job());
            }
        }
        if (!missing.isEmpty()) {
            insert(sql, missing.values());
        }
        added.addAll(missing.keySet());
        return added;
    }

    /** Writes a plan and a state into a row that has none, as of a job that was removed, or has only positions. */
    private static boolean isPlanned(Sql sql, NewJob row, NewJob job) throws SQLException {
        boolean planned = row.plan().equals(FirePlan.NONE)
                && row.state().equals(JobState.NONE)
                && FirePlanTable.insert(sql, job.job(), job.plan());
        if (!planned || !state(sql, job.job()).equals(JobState.NONE)) { // changed in the meantime
            return false;
        }
        saveState(sql, job.job(), job.state());
        return true;
    }

    /** All in one statement but for what only a job has that was there before. */
    private static void insert(Sql sql, Collection<NewJob> jobs) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (NewJob job : jobs) {
            values.add(job.job());
            values.add(job.plan().schedule());
            values.add(job.plan().next().map(Instant::toString).orElse(null));
            values.add(checkedUntil(job.state()));
            values.add(isOverdue(job.state()));
        }
        sql.update(
                "insert into #job (job, fire_schedule, fire_next, deadline_checked, deadline_overdue, run_number,"
                        + " sequence_number, failures_in_a_row, recent_changes) values "
                        + String.join(", ", Collections.nCopies(jobs.size(), "(?, ?, ?, ?, ?, 0, 0, 0, '')")),
                values.toArray());
        for (NewJob job : jobs) {
            JobState written =
                    job.state().deadline().map(JobState.NONE::toDeadline).orElse(JobState.NONE);
            if (!job.state().equals(written)) {
                saveState(sql, job.job(), job.state());
            }
        }
    }

    private static @Nullable String checkedUntil(JobState state) {
        return state.deadline()
                .map(deadline -> deadline.checkedUntil().toString())
                .orElse(null);
    }

    private static int isOverdue(JobState state) {
        return state.deadline().filter(JobDeadline::overdue).isPresent() ? 1 : 0;
    }

    static JobState state(Sql sql, String job) throws SQLException {
        return sql.first("select " + STATE + " from #job j where j.job = ?", row -> state(row, 1), job)
                .orElse(JobState.NONE);
    }

    /** @param first the index of the first of {@link #STATE} */
    static JobState state(ResultSet row, int first) throws SQLException {
        int failures = row.getInt(first);
        return JobState.of(
                pause(row, first + 1),
                failures,
                directories(row.getString(first + 4)),
                RefusedRecipientsText.read(row.getString(first + 7)),
                deadline(row, first + 5),
                layouts(row.getString(first + 8)),
                Optional.ofNullable(row.getString(first + 9)).map(BackfillText::read));
    }

    private static Map<String, RunLayout> layouts(@Nullable String text) {
        Map<String, RunLayout> layouts = new LinkedHashMap<>();
        if (text != null) {
            LayoutsText.read(text).forEach(layout -> layouts.put(layout.definition(), layout));
        }
        return layouts;
    }

    private static Optional<JobPause> pause(ResultSet row, int first) throws SQLException {
        String by = row.getString(first);
        return by == null
                ? Optional.empty()
                : Optional.of(new JobPause(
                        JobPause.By.valueOf(by), row.getString(first + 1), Instant.parse(row.getString(first + 2))));
    }

    private static Optional<JobDeadline> deadline(ResultSet row, int first) throws SQLException {
        String checked = row.getString(first);
        return checked == null
                ? Optional.empty()
                : Optional.of(new JobDeadline(Instant.parse(checked), row.getInt(first + 1) > 0));
    }

    /** One a line, in their order: {@code 0a1b=2c3d}. */
    private static Map<String, String> directories(@Nullable String lines) {
        Map<String, String> directories = new LinkedHashMap<>();
        if (lines != null) {
            lines.lines().forEach(line -> {
                int end = line.indexOf('=');
                directories.put(line.substring(0, end), line.substring(end + 1));
            });
        }
        return directories;
    }

    private static @Nullable String lines(Map<String, String> directories) {
        return directories.isEmpty()
                ? null
                : directories.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("\n"));
    }

    /**
     * Replaces the state of a job.
     *
     * @param change the id of this change
     * @return whether the state was the expected one
     */
    static boolean replaceState(Sql sql, String job, JobState expected, JobState next, String change)
            throws SQLException {
        lockRow(sql, job);
        if (sql.isRetry() && RecentChanges.contains(sql, job, change)) {
            return true;
        }
        if (!state(sql, job).equals(expected)) {
            return false;
        }
        saveState(sql, job, next);
        RecentChanges.add(sql, job, change);
        return true;
    }

    static void deleteState(Sql sql, String job, History history) throws SQLException {
        saveState(sql, job, history == History.KEEP ? state(sql, job).toRemoved() : JobState.NONE);
    }

    private static void saveState(Sql sql, String job, JobState state) throws SQLException {
        sql.update(
                "update #job set failures_in_a_row = ?, pause_by = ?, pause_reason = ?, pause_since = ?,"
                        + " directories = ?, deadline_checked = ?, deadline_overdue = ?, refused_recipients = ?,"
                        + " layouts = ?, backfill = ?"
                        + " where job = ?",
                state.failuresInARow(),
                state.pause().map(pause -> pause.by().name()).orElse(null),
                state.pause().map(JobPause::reason).orElse(null),
                state.pause().map(pause -> pause.since().toString()).orElse(null),
                lines(state.directories()),
                checkedUntil(state),
                isOverdue(state),
                RefusedRecipientsText.write(state.refusedRecipients()),
                state.layouts().isEmpty()
                        ? null
                        : LayoutsText.write(state.layouts().values()),
                state.backfill().map(BackfillText::write).orElse(null),
                job);
    }

    static void delete(Sql sql, String job) throws SQLException {
        sql.update("delete from #job where job = ?", job);
    }
}
