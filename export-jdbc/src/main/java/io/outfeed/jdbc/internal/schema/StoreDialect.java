package io.outfeed.jdbc.internal.schema;

import io.outfeed.jdbc.internal.sql.Sql;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** What the store does differently for each database: it reads its clock, and locks its tables for a migration. */
public enum StoreDialect {
    POSTGRESQL(
            "cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)",
            "select pg_advisory_xact_lock(7723904118)",
            ""),
    MYSQL(
            "cast(unix_timestamp(sysdate(6)) * 1000000 as signed)",
            "select get_lock('outfeed migration', 60)",
            "select release_lock('outfeed migration')"),
    H2("cast(extract(epoch from current_timestamp(6)) * 1000000 as bigint)", "", "");

    private final String nowMicros;
    private final String lockMigration;
    private final String unlockMigration;

    StoreDialect(String nowMicros, String lockMigration, String unlockMigration) {
        this.nowMicros = nowMicros;
        this.lockMigration = lockMigration;
        this.unlockMigration = unlockMigration;
    }

    public static StoreDialect of(Sql sql) throws SQLException {
        String product = sql.productName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> POSTGRESQL;
            case "mysql", "mariadb" -> MYSQL;
            case "h2" -> H2;
            default ->
                throw new IllegalArgumentException("JdbcStore works on PostgreSQL, MySQL, MariaDB and H2, not on "
                        + product + ": use one of these, or a FileStore");
        };
    }

    /** An expression for the database's time, in microseconds since 1970. */
    public String nowMicros() {
        return nowMicros;
    }

    /** An expression for a column plus one, which {@link Sql#updateReturning} returns. */
    public String incremented(String column) {
        return this == MYSQL ? "last_insert_id(" + column + " + 1)" : column + " + 1";
    }

    /** The directory of its DDL. */
    String directory() {
        return name().toLowerCase(Locale.ROOT);
    }

    Optional<String> lockMigration() {
        return Optional.of(lockMigration).filter(text -> !text.isEmpty());
    }

    Optional<String> unlockMigration() {
        return Optional.of(unlockMigration).filter(text -> !text.isEmpty());
    }
}
