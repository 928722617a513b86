package io.outfeed.jdbc.store;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.outfeed.operation.JobPause;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The row of a job, apart from its positions. */
final class JobTable {

    /** The columns of a plan. */
    static final String PLAN = "j.fire_schedule, j.fire_next";

    /** The columns of a state. */
    static final String STATE = "j.failures_in_a_row, j.pause_by, j.pause_reason, j.pause_since";

    /** Room for the names of ten changes. */
    private static final int RECENT = 370;

    private JobTable() {}

    /** @param before how many columns stand before */
    static Optional<FirePlan> plan(ResultSet row, int before) throws SQLException {
        String schedule = row.getString(before + 1);
        Optional<Instant> next = Optional.ofNullable(row.getString(before + 2)).map(Instant::parse);
        return Optional.ofNullable(schedule).map(text -> FirePlan.of(text, next));
    }

    /** @param before how many columns stand before */
    static JobState state(ResultSet row, int before) throws SQLException {
        int failures = row.getInt(before + 1);
        String by = row.getString(before + 2);
        if (by == null) {
            return JobState.of(Optional.empty(), failures);
        }
        JobPause pause = new JobPause(
                JobPause.By.valueOf(by), row.getString(before + 3), Instant.parse(row.getString(before + 4)));
        return JobState.of(Optional.of(pause), failures);
    }

    static void saveState(Sql sql, String job, JobState state) throws SQLException {
        sql.update(
                "update #job set failures_in_a_row = ?, pause_by = ?, pause_reason = ?, pause_since = ? where job = ?",
                state.failuresInARow(),
                state.pause().map(pause -> pause.by().name()).orElse(null),
                state.pause().map(JobPause::reason).orElse(null),
                state.pause().map(pause -> pause.since().toString()).orElse(null),
                job);
    }

    /** Whether a change was made: called when its answer was lost, which is soon after. */
    static boolean isRecent(Sql sql, String job, String change) throws SQLException {
        return recentChanges(sql, job).contains(change);
    }

    /** Writes down that a change was made, in its own transaction. */
    static void remember(Sql sql, String job, String change) throws SQLException {
        String recent = change + " " + recentChanges(sql, job);
        sql.update(
                "update #job set recent_changes = ? where job = ?",
                recent.substring(0, Math.min(recent.length(), RECENT)),
                job);
    }

    private static String recentChanges(Sql sql, String job) throws SQLException {
        return sql.first("select recent_changes from #job where job = ?", row -> row.getString(1), job)
                .orElse("");
    }

    static void forgetPlanAndState(Sql sql, String job) throws SQLException {
        sql.update("update #job set fire_schedule = null, fire_next = null where job = ?", job);
        saveState(sql, job, JobState.NONE);
    }

    /** A record for each name, in the same order, in three statements. */
    static List<JobRecord> records(Sql sql, List<String> jobs) throws SQLException {
        String named = " job in (" + RunTable.placeholders(jobs.size()) + ")";
        Object[] names = jobs.toArray();
        Map<String, JobRecord> known = new HashMap<>();
        Map<String, ExportRun> outcomes = sql
                .list(
                        "select document from #run where run_number in (select max(run_number) from #run where" + named
                                + " and " + OUTCOMES + " group by job)",
                        RunTable::read,
                        names)
                .stream()
                .collect(toMap(ExportRun::job, identity()));
        Map<String, List<ExportRun>> unfinished = sql
                .list(
                        "select document from #run where" + named + " and ended_at is null order by run_number",
                        RunTable::read,
                        names)
                .stream()
                .collect(groupingBy(ExportRun::job));
        sql.list(
                "select j.job, " + PLAN + ", " + STATE + " from #job j where j." + named.strip(),
                row -> {
                    String job = row.getString(1);
                    Optional<FirePlan> plan = plan(row, 1);
                    return known.put(job, record(job, state(row, 3), plan, outcomes, unfinished));
                },
                names);
        List<JobRecord> records = new ArrayList<>();
        for (String job : jobs) {
            JobRecord record = known.get(job);
            records.add(record != null ? record : record(job, JobState.NONE, Optional.empty(), outcomes, unfinished));
        }
        return records;
    }

    private static final String OUTCOMES =
            "status in (" + quoted(RunQuery.all().outcomes().statuses()) + ") and trigger_name in ("
                    + quoted(RunQuery.all().outcomes().triggers()) + ")";

    private static String quoted(Iterable<? extends Enum<?>> names) {
        List<String> quoted = new ArrayList<>();
        names.forEach(name -> quoted.add("'" + name.name() + "'"));
        return String.join(", ", quoted);
    }

    private static JobRecord record(
            String job,
            JobState state,
            Optional<FirePlan> plan,
            Map<String, ExportRun> outcomes,
            Map<String, List<ExportRun>> unfinished) {
        return new JobRecord(
                job, state, plan, Optional.ofNullable(outcomes.get(job)), unfinished.getOrDefault(job, List.of()));
    }
}
