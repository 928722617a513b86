package io.outfeed.dbscheduler;

import io.outfeed.error.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/**
 * The table of db-scheduler, in PostgreSQL: as db-scheduler 16.12 documents it, in {@code postgresql_tables.sql} of its
 * tests (Apache License 2.0), without the column and the index of its priorities, which are not used.
 */
final class TaskTable {

    private static final String POSTGRESQL = "PostgreSQL";

    /** Keeps two nodes from creating the table at once; any number that nothing else takes. */
    private static final long LOCK = 0x6f757466656564L;

    private final DataSource database;
    private final String name;

    TaskTable(DataSource database, String name) {
        this.database = database;
        this.name = name;
    }

    static List<String> ddl(String table) {
        String index = table.substring(table.indexOf('.') + 1);
        return List.of(
                "create table if not exists " + table + " ("
                        + "task_name text not null,"
                        + " task_instance text not null,"
                        + " task_data bytea,"
                        + " execution_time timestamp with time zone not null,"
                        + " picked boolean not null,"
                        + " picked_by text,"
                        + " last_success timestamp with time zone,"
                        + " last_failure timestamp with time zone,"
                        + " consecutive_failures int,"
                        + " last_heartbeat timestamp with time zone,"
                        + " version bigint not null,"
                        + " primary key (task_name, task_instance))",
                "create index if not exists " + index + "_execution_time on " + table + " (execution_time)",
                "create index if not exists " + index + "_last_heartbeat on " + table + " (last_heartbeat)");
    }

    /** Creates the table unless it is there. */
    void create() {
        run("create", statement -> {
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            boolean missing;
            try (ResultSet row = statement.executeQuery("select to_regclass('" + name + "') is null")) {
                row.next();
                missing = row.getBoolean(1);
            }
            if (missing) { // the indexes of a table that a host has may have other names
                for (String sql : ddl(name)) {
                    statement.execute(sql);
                }
            }
        });
    }

    /** Fails unless the table is there, with the columns that are used. */
    void check() {
        run(
                "read",
                statement -> statement
                        .executeQuery("select task_name, task_instance, task_data, execution_time, picked, picked_by,"
                                + " last_success, last_failure, consecutive_failures, last_heartbeat, version from "
                                + name + " where 1 = 0")
                        .close());
    }

    private interface Work {

        void with(Statement statement) throws SQLException;
    }

    private void run(String what, Work work) {
        try (Connection connection = database.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            if (!product.equals(POSTGRESQL)) {
                throw new IllegalStateException("DbScheduler needs PostgreSQL, and the data source is of " + product
                        + ": use the default scheduler, which works with every store");
            }
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                work.with(statement);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            throw new StoreException(
                    "can't " + what + " table " + name + " of db-scheduler: if it is missing, run the statements of"
                            + " DbScheduler.ddl(), or let migrate() run them",
                    e);
        }
    }
}
