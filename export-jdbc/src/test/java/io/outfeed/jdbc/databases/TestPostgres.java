package io.outfeed.jdbc.databases;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A PostgreSQL server, started once for all tests of this JVM. */
public final class TestPostgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    /** Started when it is first used. */
    private static final class Server {

        private static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "100")
                        .setServerConfig("max_prepared_transactions", "10")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        postgres.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TestPostgres() {}

    /** Makes a new database. */
    public static DataSource newDatabase() throws SQLException {
        String name = "db" + DATABASES.incrementAndGet();
        execute(Server.POSTGRES.getPostgresDatabase(), "CREATE DATABASE " + name);
        return Server.POSTGRES.getDatabase("postgres", name);
    }

    /** The same database, for another role. */
    public static DataSource as(String role, DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return Server.POSTGRES.getDatabase(role, connection.getCatalog());
        }
    }

    /** Runs statements, each in a transaction of its own. */
    public static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
