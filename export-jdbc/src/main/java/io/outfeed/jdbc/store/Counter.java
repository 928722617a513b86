package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.sql.Sql;
import java.sql.SQLException;
import java.util.Locale;

/** Numbers that are given once among all nodes. */
enum Counter {
    RUN,
    TOKEN,
    /** Of the changes that other nodes follow. */
    CHANGE;

    /** The next number. Other transactions that ask for one wait until this one ends. */
    long next(Sql sql) throws SQLException {
        String name = name().toLowerCase(Locale.ROOT);
        sql.update("update #counter set last_value = last_value + 1 where name = ?", name);
        return sql.first("select last_value from #counter where name = ?", row -> row.getLong(1), name)
                .orElseThrow();
    }
}
