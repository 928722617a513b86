package io.outfeed.jdbc.store;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads jobs in three statements: state, plan and positions; last outcomes and unfinished runs; unconfirmed runs. */
final class JobRecords {

    private final Map<String, ExportRun> outcomes;
    private final Map<String, List<ExportRun>> unfinished;
    private final Map<String, Integer> unconfirmed;

    private JobRecords(List<ExportRun> runs, Map<String, Integer> unconfirmed) {
        this.outcomes = runs.stream().filter(run -> run.status().ended()).collect(toMap(ExportRun::job, identity()));
        this.unfinished = runs.stream().filter(run -> !run.status().ended()).collect(groupingBy(ExportRun::job));
        this.unconfirmed = unconfirmed;
    }

    /**
     * What the row of a job has.
     *
     * @param lastOutcome the number of the last run that counts as its outcome; 0 if there is none
     */
    private record JobRow(
            String job, JobState state, Optional<FirePlan> plan, JobPositions positions, long lastOutcome) {

        private static JobRow read(ResultSet row) throws SQLException {
            return new JobRow(
                    row.getString(1),
                    JobTable.state(row, 8),
                    FirePlanTable.read(row, 2),
                    PositionColumns.read(row, 4),
                    row.getLong("last_outcome"));
        }

        private static JobRow without(String job) {
            return new JobRow(job, JobState.NONE, Optional.empty(), JobPositions.NONE, 0);
        }
    }

    /** A record for each name, in the same order. */
    static List<JobRecord> read(Sql sql, List<String> jobs) throws SQLException {
        Map<String, JobRow> rows = rows(sql, jobs);
        List<Long> outcomes = new ArrayList<>(rows.values().stream()
                .map(JobRow::lastOutcome)
                .filter(number -> number > 0)
                .toList());
        List<String> others =
                jobs.stream().filter(job -> !rows.containsKey(job)).toList();
        if (!others.isEmpty()) {
            outcomes.addAll(RunTable.lastOutcomes(sql, others));
        }
        JobRecords records = new JobRecords(
                RunTable.numberedOrUnfinished(sql, outcomes, jobs), RunTable.countUnconfirmed(sql, jobs));
        return jobs.stream()
                .map(job -> records.of(rows.getOrDefault(job, JobRow.without(job))))
                .toList();
    }

    private static Map<String, JobRow> rows(Sql sql, List<String> jobs) throws SQLException {
        return sql
                .list(
                        "select j.job, " + FirePlanTable.COLUMNS + ", " + PositionColumns.COLUMNS + ", "
                                + JobTable.STATE + ", " + RunTable.lastOutcome() + " as last_outcome from #job j"
                                + " where j.job in (" + RunTable.placeholders(jobs.size()) + ")",
                        JobRow::read,
                        jobs.toArray())
                .stream()
                .collect(toMap(JobRow::job, identity()));
    }

    private JobRecord of(JobRow row) {
        return new JobRecord(
                row.job(),
                row.state(),
                row.plan(),
                row.positions(),
                Optional.ofNullable(outcomes.get(row.job())),
                unfinished.getOrDefault(row.job(), List.of()),
                unconfirmed.getOrDefault(row.job(), 0),
                Optional.empty());
    }
}
