package io.outfeed.jdbc.store;

import io.outfeed.error.StoreException;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.store.RunStep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as rows: what queries select by, and what is compared when a step is appended. */
final class RunTable {

    private static final String OUTCOMES =
            "status in (" + quoted(RunQuery.all().outcomes().statuses()) + ") and trigger_name in ("
                    + quoted(RunQuery.all().outcomes().triggers()) + ")";

    private RunTable() {}

    /** The columns of a run that its steps change. */
    private record Columns(
            String status,
            int publishing,
            int filesRemain,
            int unconfirmed,
            @Nullable Long endedAt) {

        private static Columns of(ExportRun run) {
            return new Columns(
                    run.status().name(),
                    run.publishing() ? 1 : 0,
                    run.filesRemain() ? 1 : 0,
                    run.unconfirmed() ? 1 : 0,
                    run.status().ended() ? (Long) Micros.of(run.endedAt().orElse(run.startedAt())) : null);
        }

        private static Columns read(ResultSet row) throws SQLException {
            long endedAt = row.getLong(5);
            boolean ended = !row.wasNull();
            return new Columns(
                    row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4), ended ? (Long) endedAt : null);
        }

        /** A literal of the statement: drivers differ in the type of an untyped null. */
        private String endedAtLiteral() {
            return endedAt == null ? "null" : endedAt.toString();
        }
    }

    /** The columns of a run that is there, and the number of its steps. */
    private record Stored(Columns columns, int steps) {

        private static Stored read(ResultSet row) throws SQLException {
            return new Stored(Columns.read(row), row.getInt(6) + 1);
        }
    }

    /**
     * Appends a step.
     *
     * @return false if the run would become publishing, and a cancel was requested
     * @throws StoreException if the run has other steps than the step expects
     */
    static boolean append(Sql sql, RunStep step) throws SQLException {
        Optional<Stored> stored = sql.first(
                "select r.status, r.publishing, r.files_remain, r.unconfirmed, r.ended_at,"
                        + " (select max(s.step_index) from #run_step s where s.run_number = r.run_number)"
                        + " from #run r where r.run_number = ? and r.job = ? for update",
                Stored::read,
                step.number(),
                step.job());
        int steps = stored.map(Stored::steps).orElse(0);
        if (step.index() == steps - 1 && RunStepTable.has(sql, step)) {
            return true; // appended again, since the answer was lost
        }
        if (step.index() != steps) {
            throw new StoreException(
                    "the ledger has " + steps + " steps of the run, and step " + step.index()
                            + " can't follow: the run was changed in the meantime, and nothing was written; read it"
                            + " again (job=" + step.job() + ", run=" + step.number() + ")",
                    null);
        }
        if (stored.isEmpty()) {
            insert(sql, step.run());
        } else if (!update(sql, step.run(), stored.get().columns())) {
            return false;
        }
        RunStepTable.insert(sql, step);
        if (step.run().status() == RunStatus.WAITING) { // another node may make the next attempt
            ChangeTable.add(sql, step.job());
        }
        return true;
    }

    private static void insert(Sql sql, ExportRun run) throws SQLException {
        RenamedJobTable.check(sql, run.job());
        Columns columns = Columns.of(run);
        sql.update(
                "insert into #run (run_number, job, status, trigger_name, publishing, files_remain, unconfirmed,"
                        + " started_at, ended_at) values (?, ?, ?, ?, ?, ?, ?, ?, " + columns.endedAtLiteral() + ")",
                run.number(),
                run.job(),
                columns.status(),
                run.trigger().name(),
                columns.publishing(),
                columns.filesRemain(),
                columns.unconfirmed(),
                Micros.of(run.startedAt()));
    }

    /** Updates the columns where they differ. Returns false if the run would become publishing, and must not. */
    private static boolean update(Sql sql, ExportRun run, Columns before) throws SQLException {
        Columns columns = Columns.of(run);
        if (columns.equals(before)) {
            return true;
        }
        boolean firstToPublish = columns.publishing() > before.publishing();
        return sql.update(
                        "update #run set status = ?, publishing = ?, files_remain = ?, unconfirmed = ?, ended_at = "
                                + columns.endedAtLiteral() + " where run_number = ?"
                                + (firstToPublish ? " and cancel_reason is null" : ""),
                        columns.status(),
                        columns.publishing(),
                        columns.filesRemain(),
                        columns.unconfirmed(),
                        run.number())
                == 1;
    }

    /** Stores a request to cancel. Returns false if it is too late. The first reason stays. */
    static boolean requestCancel(Sql sql, long number, String reason) throws SQLException {
        String mayBeCancelled = " where run_number = ? and publishing = 0 and ended_at is null";
        int stored = sql.update(
                "update #run set cancel_reason = ?" + mayBeCancelled + " and cancel_reason is null", reason, number);
        return stored == 1
                || sql.first("select 1 from #run" + mayBeCancelled, row -> true, number)
                        .isPresent();
    }

    static Optional<String> cancelRequested(Sql sql, long number) throws SQLException {
        return sql
                .list(
                        "select cancel_reason from #run where run_number = ? and ended_at is null"
                                + " and cancel_reason is not null",
                        row -> row.getString(1),
                        number)
                .stream()
                .findFirst();
    }

    static Optional<ExportRun> find(Sql sql, long number) throws SQLException {
        return RunStepTable.runs(sql, "where run_number = ?", "", number).stream()
                .findFirst();
    }

    static List<ExportRun> ofJob(Sql sql, String job) throws SQLException {
        return RunStepTable.runs(sql, "where job = ?", "", job);
    }

    static List<ExportRun> endedBefore(Sql sql, String job, Instant before) throws SQLException {
        return RunStepTable.runs(sql, "where job = ? and ended_at < ?", "", job, Micros.of(before));
    }

    static List<ExportRun> unfinished(Sql sql, List<String> jobs) throws SQLException {
        return RunStepTable.runs(
                sql, "where job in (" + placeholders(jobs.size()) + ") and ended_at is null", "", jobs.toArray());
    }

    /** The last run of each job that counts as its outcome. */
    static List<ExportRun> lastOutcomes(Sql sql, List<String> jobs) throws SQLException {
        return RunStepTable.runs(
                sql,
                "where run_number in (select max(run_number) from #run where job in (" + placeholders(jobs.size())
                        + ") and " + OUTCOMES + " group by job)",
                "",
                jobs.toArray());
    }

    /** How many unconfirmed runs each job has, of those that have any. */
    static Map<String, Integer> countUnconfirmed(Sql sql, List<String> jobs) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        sql.list(
                        "select job, count(*) from #run where job in (" + placeholders(jobs.size())
                                + ") and unconfirmed = 1 group by job",
                        row -> Map.entry(row.getString(1), row.getInt(2)),
                        jobs.toArray())
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    static int delete(Sql sql, long number) throws SQLException {
        int deleted = sql.update("delete from #run where run_number = ?", number);
        RunStepTable.delete(sql, number);
        return deleted;
    }

    /** Whether a job has runs that have not ended. */
    static boolean hasUnfinished(Sql sql, String job) throws SQLException {
        return sql.first("select 1 from #run where job = ? and ended_at is null limit 1", row -> true, job)
                .isPresent();
    }

    static List<ExportRun> list(Sql sql, RunQuery query) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<@Nullable Object> arguments = new ArrayList<>();
        query.job().ifPresent(job -> {
            conditions.add("job = ?");
            arguments.add(job);
        });
        addNames("status", query.statuses(), conditions, arguments);
        addNames("trigger_name", query.triggers(), conditions, arguments);
        query.startedFrom().ifPresent(from -> {
            conditions.add("started_at >= ?");
            arguments.add(Micros.notBefore(from));
        });
        query.startedBefore().ifPresent(before -> {
            conditions.add("started_at < ?");
            arguments.add(Micros.notBefore(before));
        });
        query.below().ifPresent(number -> {
            conditions.add("run_number < ?");
            arguments.add(number);
        });
        if (query.onlyFilesRemain()) {
            conditions.add("files_remain = 1");
        }
        if (query.onlyUnconfirmed()) {
            conditions.add("unconfirmed = 1");
        }
        arguments.add(query.limit());
        String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
        return RunStepTable.runs(sql, where + " order by run_number desc limit ?", " desc", arguments.toArray());
    }

    private static void addNames(
            String column,
            Collection<? extends Enum<?>> names,
            List<String> conditions,
            List<@Nullable Object> arguments) {
        if (!names.isEmpty()) {
            conditions.add(column + " in (" + placeholders(names.size()) + ")");
            names.forEach(name -> arguments.add(name.name()));
        }
    }

    private static String quoted(Iterable<? extends Enum<?>> names) {
        List<String> quoted = new ArrayList<>();
        names.forEach(name -> quoted.add("'" + name.name() + "'"));
        return String.join(", ", quoted);
    }

    /** Question marks for a list of values. */
    static String placeholders(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }
}
