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

/** The changes of runs as rows: those after the step that the run's own row has. */
final class RunStepTable {

    /** A condition on the row of a run: a step is the next one. Its arguments are those of {@link #next}. */
    static final String NEXT =
            "(whole_index = ? or (whole_index < ? and exists (select 1 from #run_step where run_number = ?"
                    + " and step_index = ?))) and not exists (select 1 from #run_step where run_number = ?"
                    + " and step_index > ?)";

    private RunStepTable() {}

    /** Returns the arguments of {@link #NEXT}. */
    static List<Object> next(RunStep step) {
        int last = step.index() - 1;
        return List.of(last, last, step.number(), last, step.number(), last);
    }

    /** @param lock the arguments of {@link Leases#HELD} */
    static boolean insert(Sql sql, RunStep step, List<Object> lock) throws SQLException {
        List<Object> arguments = new ArrayList<>(List.of(step.index(), step.text(), step.number()));
        arguments.addAll(lock);
        arguments.addAll(next(step));
        return sql.update(
                        "insert into #run_step (run_number, step_index, document)"
                                + " select r.run_number, coalesce(?, 0), coalesce(?, '')"
                                + " from #run r join #lock l on l.job = r.job"
                                + " where r.run_number = ? and l.job = ? and l.owner = ? and l.token = ? and " + NEXT
                                + " for update",
                        arguments.toArray())
                == 1;
    }

    /** Deletes the changes of ended runs that their rows have, and not those that came after. */
    static void deleteOfEnded(Sql sql, String job) throws SQLException {
        sql.update(
                "delete from #run_step where run_number in"
                        + " (select run_number from #run where job = ? and ended_at is not null) and step_index <="
                        + " (select r.whole_index from #run r where r.run_number = #run_step.run_number)",
                job);
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
                "select r.run_number, r.job, case when s.step_index is null or s.step_index = r.whole_index + 1"
                        + " then r.document end, s.document from (select run_number, job, whole_index, document"
                        + " from #run " + selection + ") r left join #run_step s on s.run_number = r.run_number"
                        + " and s.step_index > r.whole_index order by r.run_number" + direction + ", s.step_index",
                row -> {
                    String job = row.getString(2);
                    Texts texts = runs.computeIfAbsent(row.getLong(1), number -> new Texts(job, new ArrayList<>()));
                    texts.add(row.getString(3));
                    return texts.add(row.getString(4));
                },
                arguments);
        List<ExportRun> read = new ArrayList<>();
        runs.forEach((number, texts) -> read.add(
                RunStep.read(texts.job(), texts.documents(), "run " + number + " in the database of the store")));
        return read;
    }

    private record Texts(String job, List<String> documents) {

        private boolean add(@Nullable String document) {
            return document != null && documents.add(document);
        }
    }
}
