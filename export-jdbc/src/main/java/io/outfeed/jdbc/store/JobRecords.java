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
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads jobs in three statements: state, plan, positions, last outcome, unfinished and unconfirmed runs. */
final class JobRecords {

    private final Map<String, ExportRun> outcomes;
    private final Map<String, List<ExportRun>> unfinished;
    private final Map<String, Integer> unconfirmed;

    private JobRecords(
            Map<String, ExportRun> outcomes,
            Map<String, List<ExportRun>> unfinished,
            Map<String, Integer> unconfirmed) {
        this.outcomes = outcomes;
        this.unfinished = unfinished;
        this.unconfirmed = unconfirmed;
    }

    /** A record for each name, in the same order. */
    static List<JobRecord> read(Sql sql, List<String> jobs) throws SQLException {
        List<ExportRun> runs = RunTable.lastOutcomesAndUnfinished(sql, jobs);
        JobRecords records = new JobRecords(
                runs.stream().filter(run -> run.status().ended()).collect(toMap(ExportRun::job, identity())),
                runs.stream().filter(run -> !run.status().ended()).collect(groupingBy(ExportRun::job)),
                RunTable.countUnconfirmed(sql, jobs));
        Map<String, JobRecord> known = records.known(sql, jobs);
        return jobs.stream()
                .map(job ->
                        known.getOrDefault(job, records.of(job, JobState.NONE, Optional.empty(), JobPositions.NONE)))
                .toList();
    }

    /** The records of the jobs that have a row. */
    private Map<String, JobRecord> known(Sql sql, List<String> jobs) throws SQLException {
        Map<String, JobRecord> known = new HashMap<>();
        sql.list(
                        "select j.job, " + FirePlanTable.COLUMNS + ", " + PositionColumns.COLUMNS + ", "
                                + JobTable.STATE + " from #job j where j.job in (" + RunTable.placeholders(jobs.size())
                                + ")",
                        row -> of(
                                row.getString(1),
                                JobTable.state(row, 8),
                                FirePlanTable.read(row, 2),
                                PositionColumns.read(row, 4)),
                        jobs.toArray())
                .forEach(record -> known.put(record.job(), record));
        return known;
    }

    private JobRecord of(String job, JobState state, Optional<FirePlan> plan, JobPositions positions) {
        return new JobRecord(
                job,
                state,
                plan,
                positions,
                Optional.ofNullable(outcomes.get(job)),
                unfinished.getOrDefault(job, List.of()),
                unconfirmed.getOrDefault(job, 0),
                Optional.empty());
    }
}
