package io.outfeed.jdbc.store;

import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.store.RunText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs as rows: what is asked for in columns, all of it in a document. */
final class RunTable {

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
                    "insert into #run (run_number, job, status, trigger_name, files_remain, started_at, ended_at, document)"
                            + " values (?, ?, ?, ?, ?, ?, " + endedAt + ", ?)",
                    run.number(),
                    run.job(),
                    run.status().name(),
                    run.trigger().name(),
                    filesRemain,
                    micros(run.startedAt()),
                    text);
        }
    }

    /** A number as it stands in a statement: drivers differ in what an untyped null may become. */
    private static String number(Instant at) {
        return Long.toString(micros(at));
    }

    /** The run of a row that has its document first. */
    static ExportRun read(ResultSet row) throws SQLException {
        return RunText.read(row.getString(1), "a run in the database of the store");
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
            arguments.add(microsAtLeast(from));
        });
        query.startedBefore().ifPresent(before -> {
            conditions.add("started_at < ?");
            arguments.add(microsAtLeast(before));
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

    static String placeholders(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** Microseconds since 1970, rounded down. */
    static long micros(Instant instant) {
        return Math.floorDiv(ChronoUnit.NANOS.between(Instant.EPOCH, instant), 1_000);
    }

    /** The first microsecond that is not before an instant: what was rounded down when it was kept is found by it. */
    private static long microsAtLeast(Instant instant) {
        return micros(instant.plusNanos(999));
    }
}
