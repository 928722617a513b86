package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.schema.StoreDialect;
import io.outfeed.jdbc.internal.sql.Sql;
import java.sql.SQLException;
import java.util.Locale;

/** Numbers that are given once among all nodes. */
enum Counter {
    RUN,
    TOKEN,
    /** Of the changes that other nodes follow. */
    CHANGE;

    /** The next number. Transactions that ask for one wait until this one ends. */
    long next(Sql sql, StoreDialect dialect) throws SQLException {
        return sql.updateReturning(
                        "last_value",
                        "update #counter set last_value = " + dialect.incremented("last_value") + " where name = ?",
                        name().toLowerCase(Locale.ROOT))
                .orElseThrow();
    }
}
