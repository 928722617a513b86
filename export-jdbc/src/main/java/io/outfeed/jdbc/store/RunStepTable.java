package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.run.ExportRun;
import io.outfeed.store.RunStep;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The steps of runs as rows: a step with the whole run replaces those before it. */
final class RunStepTable {

    private RunStepTable() {}

    /** Whether the step is there, with the same text. */
    static boolean has(Sql sql, RunStep step) throws SQLException {
        return sql.first(
                        "select document from #run_step where run_number = ? and step_index = ?",
                        row -> row.getString(1),
                        step.number(),
                        step.index())
                .filter(step.text()::equals)
                .isPresent();
    }

    static void insert(Sql sql, RunStep step) throws SQLException {
        if (step.whole()) {
            delete(sql, step.number());
        }
        sql.update(
                "insert into #run_step (run_number, step_index, document) values (?, ?, ?)",
                step.number(),
                step.index(),
                step.text());
    }

    static void delete(Sql sql, long run) throws SQLException {
        sql.update("delete from #run_step where run_number = ?", run);
    }

    /**
     * Reads runs with all their steps in one statement: with READ COMMITTED two would see different steps.
     *
     * @param selection conditions for the rows of the runs, and how many
     * @param direction {@code " desc"} for the newest first
     */
    static List<ExportRun> runs(Sql sql, String selection, String direction, @Nullable Object... arguments)
            throws SQLException {
        Map<Long, Texts> runs = new LinkedHashMap<>();
        sql.list(
                "select r.run_number, r.job, s.document from (select run_number, job from #run " + selection
                        + ") r join #run_step s on s.run_number = r.run_number order by r.run_number" + direction
                        + ", s.step_index",
                row -> {
                    String job = row.getString(2);
                    return runs.computeIfAbsent(row.getLong(1), number -> new Texts(job, new ArrayList<>()))
                            .documents()
                            .add(row.getString(3));
                },
                arguments);
        List<ExportRun> read = new ArrayList<>();
        runs.forEach((number, texts) -> read.add(
                RunStep.read(texts.job(), texts.documents(), "run " + number + " in the database of the store")));
        return read;
    }

    private record Texts(String job, List<String> documents) {}
}
