package io.outfeed.jdbc.store;

import java.sql.SQLException;
import java.util.Locale;

/** Numbers that are given once in all nodes. */
enum Counter {
    RUN,
    TOKEN;

    /** The next number. The transaction that gets it keeps others waiting until it ends. */
    long next(Sql sql) throws SQLException {
        String name = name().toLowerCase(Locale.ROOT);
        sql.update("update #counter set last_value = last_value + 1 where name = ?", name);
        return sql.first("select last_value from #counter where name = ?", row -> row.getLong(1), name)
                .orElseThrow();
    }
}
