package io.outfeed.jdbc.store;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.run.JobPositions;
import io.outfeed.source.Position;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The positions of a job as rows, and in the job's row the run and the sequence that they belong to. */
final class PositionTable {

    private PositionTable() {}

    /** In one statement: with READ COMMITTED each sees what was committed before it. */
    static JobPositions read(Sql sql, String job) throws SQLException {
        return read(sql, List.of(job)).getOrDefault(job, JobPositions.NONE);
    }

    /** Reads the positions of jobs, of those that have a row. */
    static Map<String, JobPositions> read(Sql sql, List<String> jobs) throws SQLException {
        Map<String, Map<String, Position>> positions = new HashMap<>();
        Map<String, JobPositions> read = new HashMap<>();
        sql.list(
                "select j.job, j.run_number, j.sequence_number, p.definition, p.kind, p.position_text"
                        + " from #job j left join #position p on p.job = j.job where j.job in ("
                        + RunTable.placeholders(jobs.size()) + ")",
                row -> {
                    Map<String, Position> ofJob = positions.computeIfAbsent(row.getString(1), job -> new TreeMap<>());
                    if (row.getString(4) != null) {
                        ofJob.put(row.getString(4), new Position(row.getString(5), row.getString(6)));
                    }
                    read.put(row.getString(1), new JobPositions(ofJob, row.getLong(2), row.getLong(3)));
                    return true;
                },
                jobs.toArray());
        return read;
    }

    /**
     * Moves the positions of a job.
     *
     * @throws StoreException if they are no longer what was expected
     */
    static void replace(Sql sql, String job, JobPositions expected, JobPositions next) throws SQLException {
        JobPositions current = read(sql, job);
        if (sql.isRetry() && current.equals(next)) {
            return;
        }
        if (!current.equals(expected)) {
            throw moved(job, current.run());
        }
        JobTable.lockRow(sql, job);
        sql.update(
                "update #job set run_number = ?, sequence_number = ? where job = ?", next.run(), next.sequence(), job);
        delete(sql, job);
        for (Map.Entry<String, Position> entry : next.positions().entrySet()) {
            sql.update(
                    "insert into #position (job, definition, kind, position_text) values (?, ?, ?, ?)",
                    job,
                    entry.getKey(),
                    entry.getValue().kind(),
                    entry.getValue().text());
        }
    }

    /**
     * Moves the positions of a job if its last commit and all its positions are the expected ones, which are of the
     * same definitions.
     *
     * @param lock the arguments of {@link Leases#HELD}
     * @return false if nothing was written: the lock was lost, or the last commit is another one
     * @throws StoreException if a position is not what was expected
     */
    static boolean move(Sql sql, String job, JobPositions expected, JobPositions next, List<Object> lock)
            throws SQLException {
        Set<String> definitions = expected.positions().keySet();
        if (definitions.isEmpty() || !definitions.equals(next.positions().keySet())) {
            return false;
        }
        List<Object> arguments = new ArrayList<>(List.of(
                next.run(), next.sequence(), job, expected.run(), expected.sequence(), job, definitions.size()));
        arguments.addAll(lock);
        int moved = sql.update(
                "update #job set run_number = ?, sequence_number = ?"
                        + " where job = ? and run_number = ? and sequence_number = ?"
                        + " and (select count(*) from #position where job = ?) = ? and " + Leases.HELD,
                arguments.toArray());
        if (moved == 0) {
            return false;
        }
        for (Map.Entry<String, Position> entry : expected.positions().entrySet()) {
            Position to = next.position(entry.getKey()).orElseThrow();
            int replaced = sql.update(
                    "update #position set kind = ?, position_text = ?"
                            + " where job = ? and definition = ? and kind = ? and position_text = ?",
                    to.kind(),
                    to.text(),
                    job,
                    entry.getKey(),
                    entry.getValue().kind(),
                    entry.getValue().text());
            if (replaced == 0) {
                throw moved(job, expected.run());
            }
        }
        return true;
    }

    private static StoreException moved(String job, long run) {
        return StoreException.of(
                FailureCode.POSITIONS_MOVED,
                "the positions of job '" + job + "' were moved by run " + run
                        + " in the meantime: nothing was committed",
                null);
    }

    static void delete(Sql sql, String job) throws SQLException {
        sql.update("delete from #position where job = ?", job);
    }
}
