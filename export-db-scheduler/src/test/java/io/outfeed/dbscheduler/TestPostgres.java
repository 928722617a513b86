package io.outfeed.dbscheduler;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A PostgreSQL server, started once for all tests of this JVM. */
final class TestPostgres {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    /** Started when it is first used. */
    private static final class Server {

        private static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "100")
                        .setServerConfig("fsync", "off")
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

    /** Makes a new database, with a pool. */
    static HikariDataSource newDatabase() throws SQLException {
        String name = "db" + DATABASES.incrementAndGet();
        execute(Server.POSTGRES.getPostgresDatabase(), "CREATE DATABASE " + name);
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(Server.POSTGRES.getDatabase("postgres", name));
        pool.setMaximumPoolSize(8);
        return new HikariDataSource(pool);
    }

    static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of a query, as text. */
    static List<String> list(DataSource database, String query) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> list = new ArrayList<>();
            while (rows.next()) {
                list.add(rows.getString(1));
            }
            return list;
        }
    }
}
