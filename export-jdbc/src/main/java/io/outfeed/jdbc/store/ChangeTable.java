package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.schema.StoreDialect;
import io.outfeed.jdbc.internal.sql.Micros;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.store.StoreChanges;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a node tells the others: the jobs that it has changed, each with the number of its last change. */
final class ChangeTable {

    private static final String CHANGE = "change";
    private static final String LOCK = "lock";
    private static final String VERSION = "version";

    private ChangeTable() {}

    /**
     * Adds a change of a job, last in the transaction that makes it: until its end no other transaction gets a number,
     * so that a higher one is never seen before.
     */
    static void add(Sql sql, StoreDialect dialect, String job) throws SQLException {
        long number = Counter.CHANGE.next(sql, dialect);
        if (sql.update("update #change set change_number = ? where job = ?", number, job) == 0) {
            sql.update("insert into #change (job, change_number) values (?, ?)", job, number);
        }
    }

    /** A row of the one statement: what it is, of which job, and a number or time; with the database's time. */
    private record Row(String kind, String name, long number, long now) {}

    /** Reads the changes after a version, and all locks that have an owner, in one statement. */
    static StoreChanges since(Sql sql, StoreDialect dialect, long version, Duration lease) throws SQLException {
        List<Row> rows = sql.list(
                since(dialect),
                row -> new Row(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
                version < 0 ? Long.MAX_VALUE : version);
        Set<String> changed = new HashSet<>();
        Set<String> locked = new HashSet<>();
        Set<String> abandoned = new HashSet<>();
        long last = 0;
        long now = 0;
        for (Row row : rows) {
            switch (row.kind()) {
                case CHANGE -> changed.add(row.name());
                case LOCK -> (row.number() > row.now() ? locked : abandoned).add(row.name());
                default -> {
                    last = row.number();
                    now = row.now();
                }
            }
        }
        return new StoreChanges(Micros.toInstant(now), lease, last, changed, locked, abandoned);
    }

    /** The statement, with the version for its only parameter. */
    static String since(StoreDialect dialect) {
        String now = dialect.nowMicros();
        return "select '" + VERSION + "', name, last_value, " + now + " from #counter where name = 'change'"
                + " union all select '" + LOCK + "', job, expires_at, " + now + " from #lock where expires_at > 0"
                + " union all select '" + CHANGE + "', job, change_number, " + now
                + " from #change where change_number > ?";
    }
}
