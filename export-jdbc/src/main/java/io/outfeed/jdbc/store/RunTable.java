package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.store.RunText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as rows: what queries select by in columns, the whole run in a document. */
final class RunTable {

    private static final String OUTCOMES =
            "status in (" + quoted(RunQuery.all().outcomes().statuses()) + ") and trigger_name in ("
                    + quoted(RunQuery.all().outcomes().triggers()) + ")";

    private RunTable() {}

    static void save(Sql sql, ExportRun run) throws SQLException {
        String text = RunText.of(run);
        String endedAt = run.status().ended() ? number(run.endedAt().orElse(run.startedAt())) : "null";
        int filesRemain = run.filesRemain() ? 1 : 0;
        int updated = sql.update(
                "update #run set status = ?, files_remain = ?, ended_at = " + endedAt
                        + ", document = ? where run_number = ?",
                run.status().name(),
                filesRemain,
                text,
                run.number());
        if (updated == 0) {
            sql.update(
                    "insert into #run (run_number, job, status, trigger_name, files_remain, started_at,"
                            + " ended_at, document)"
                            + " values (?, ?, ?, ?, ?, ?, " + endedAt + ", ?)",
                    run.number(),
                    run.job(),
                    run.status().name(),
                    run.trigger().name(),
                    filesRemain,
                    Micros.of(run.startedAt()),
                    text);
        }
    }

    /** A literal of the statement: drivers differ in the type of an untyped null. */
    private static String number(Instant at) {
        return Long.toString(Micros.of(at));
    }

    /** The run of a row that has its document first. */
    private static ExportRun read(ResultSet row) throws SQLException {
        return RunText.read(row.getString(1), "a run in the database of the store");
    }

    static Optional<ExportRun> find(Sql sql, long number) throws SQLException {
        return sql.first("select document from #run where run_number = ?", RunTable::read, number);
    }

    static List<ExportRun> ofJob(Sql sql, String job) throws SQLException {
        return sql.list("select document from #run where job = ?", RunTable::read, job);
    }

    static List<ExportRun> endedBefore(Sql sql, String job, Instant before) throws SQLException {
        return sql.list(
                "select document from #run where job = ? and ended_at < ? order by run_number",
                RunTable::read,
                job,
                Micros.of(before));
    }

    static List<ExportRun> unfinished(Sql sql, List<String> jobs) throws SQLException {
        return sql.list(
                "select document from #run where job in (" + placeholders(jobs.size())
                        + ") and ended_at is null order by run_number",
                RunTable::read,
                jobs.toArray());
    }

    /** The last run of each job that counts as its outcome. */
    static List<ExportRun> lastOutcomes(Sql sql, List<String> jobs) throws SQLException {
        return sql.list(
                "select document from #run where run_number in (select max(run_number) from #run where job in ("
                        + placeholders(jobs.size()) + ") and " + OUTCOMES + " group by job)",
                RunTable::read,
                jobs.toArray());
    }

    static int delete(Sql sql, long number) throws SQLException {
        return sql.update("delete from #run where run_number = ?", number);
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
        arguments.add(query.limit());
        String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        return sql.list(
                "select document from #run" + where + " order by run_number desc limit ?",
                RunTable::read,
                arguments.toArray());
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
