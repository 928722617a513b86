package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.store.LoadedJobs;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names of the jobs that each job source had when it was loaded last. */
final class LoadedJobsTable {

    private LoadedJobsTable() {}

    static LoadedJobs read(Sql sql, String source) throws SQLException {
        return find(sql, source, "").orElse(LoadedJobs.NONE);
    }

    private static Optional<LoadedJobs> find(Sql sql, String source, String lock) throws SQLException {
        return sql.first(
                "select version, names from #job_source where source = ?" + lock,
                row -> new LoadedJobs(row.getLong(1), row.getString(2).lines().collect(Collectors.toSet())),
                source);
    }

    static boolean replace(Sql sql, String source, LoadedJobs expected, LoadedJobs next) throws SQLException {
        Optional<LoadedJobs> stored = find(sql, source, " for update");
        LoadedJobs known = stored.orElse(LoadedJobs.NONE);
        if (sql.isRetry() && known.equals(next)) {
            return true; // committed before, and the answer was lost
        }
        if (!known.equals(expected)) {
            return false;
        }
        String names = String.join("\n", next.names());
        if (stored.isEmpty()) {
            sql.update(
                    "insert into #job_source (source, version, names) values (?, ?, ?)", source, next.version(), names);
        } else {
            sql.update("update #job_source set version = ?, names = ? where source = ?", next.version(), names, source);
        }
        return true;
    }
}
