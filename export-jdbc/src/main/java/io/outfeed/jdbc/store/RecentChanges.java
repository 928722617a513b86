package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.sql.Sql;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The ids of the last changes to a job's row: by them a retry finds that its change was committed and the answer lost.
 */
final class RecentChanges {

    /** Room for the ids of ten changes. */
    private static final int LENGTH = 370;

    /** Adds a change in an update of the job's row. Its argument is the change. */
    static final String ADD =
            "recent_changes = substring(concat(coalesce(?, ''), ' ', recent_changes), 1, " + LENGTH + ")";

    private RecentChanges() {}

    static String newId() {
        return UUID.randomUUID().toString();
    }

    static boolean contains(Sql sql, String job, String change) throws SQLException {
        return read(sql, job).contains(change);
    }

    /** Adds a change, in the transaction that makes it. */
    static void add(Sql sql, String job, String change) throws SQLException {
        sql.update("update #job set " + ADD + " where job = ?", change, job);
    }

    private static String read(Sql sql, String job) throws SQLException {
        return sql.first("select recent_changes from #job where job = ?", row -> row.getString(1), job)
                .orElse("");
    }
}
