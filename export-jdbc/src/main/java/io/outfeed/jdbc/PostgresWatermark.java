package io.outfeed.jdbc;

import java.sql.SQLException;

/** What PostgreSQL tells of itself. */
final class PostgresWatermark {

    private PostgresWatermark() {}

    static String database(JdbcSession<?> session) throws SQLException {
        return session.query(
                "SELECT s.system_identifier || '/' || CASE WHEN pg_is_in_recovery() THEN c.timeline_id::text"
                        + " ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int::text END"
                        + " FROM pg_control_system() s, pg_control_checkpoint() c",
                rows -> {
                    rows.next();
                    return rows.getString(1);
                });
    }
}
