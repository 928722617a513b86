package io.outfeed.jdbc.store;

import io.outfeed.internal.model.StoreFailures;
import io.outfeed.jdbc.internal.sql.Sql;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renames jobs in all tables, and keeps the names that they had. */
final class RenamedJobTable {

    /** The tables with a row or more for each job, whose names are moved. */
    private static final List<String> TABLES = List.of("#job", "#position", "#run", "#fire");

    private RenamedJobTable() {}

    /** Returns the name that a job was renamed to, and perhaps renamed again since. */
    static Optional<String> next(Sql sql, String job) throws SQLException {
        return sql.first("select renamed_to from #renamed_job where job = ?", row -> row.getString(1), job);
    }

    /** Returns the name that a job has now. */
    static Optional<String> now(Sql sql, String job) throws SQLException {
        Optional<String> now = next(sql, job);
        for (Optional<String> next = now; next.isPresent(); next = next(sql, next.get())) {
            now = next;
        }
        return now;
    }

    /** Returns the names that jobs have now, of those that were renamed. */
    static Map<String, String> now(Sql sql, List<String> jobs) throws SQLException {
        Map<String, String> renamed = new HashMap<>();
        for (String job : sql.list(
                "select job from #renamed_job where job in (" + RunTable.placeholders(jobs.size()) + ")",
                row -> row.getString(1),
                jobs.toArray())) {
            renamed.put(job, now(sql, job).orElseThrow());
        }
        return renamed;
    }

    /** Fails if a job was renamed: what is written under the old name would begin a second history. */
    static void check(Sql sql, String job) throws SQLException {
        Optional<String> now = now(sql, job);
        if (now.isPresent()) {
            throw StoreFailures.renamed(job, now.get());
        }
    }

    /** Renames a job, whose lock and that of the new name the transaction has. */
    static void rename(Sql sql, String job, String to) throws SQLException {
        check(sql, job);
        if (RunTable.hasUnfinished(sql, job)) {
            throw StoreFailures.cantRenameUnfinished(job, to);
        }
        Optional<String> now = now(sql, to);
        if (now.isPresent()) {
            throw StoreFailures.cantRenameToFormer(job, to, now.get());
        }
        if (JobTable.hasRunsOrPositions(sql, to)) {
            throw StoreFailures.cantRenameToKnown(job, to);
        }
        for (String table : TABLES) {
            sql.update("delete from " + table + " where job = ?", to);
            sql.update("update " + table + " set job = ? where job = ?", to, job);
        }
        sql.update("insert into #renamed_job (job, renamed_to) values (?, ?)", job, to);
    }

    static void delete(Sql sql, String job) throws SQLException {
        sql.update("delete from #renamed_job where job = ?", job);
    }
}
