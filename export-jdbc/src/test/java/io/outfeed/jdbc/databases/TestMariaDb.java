package io.outfeed.jdbc.databases;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** A MariaDB server of the machine's, started once for all tests of this JVM; tests are skipped where there is none. */
public final class TestMariaDb {

    private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
    private static final Path INSTALL = Path.of("/usr/bin/mariadb-install-db");
    private static final AtomicInteger DATABASES = new AtomicInteger();

    /** Started when it is first used. */
    private static final class Server {

        private static final int PORT = start();

        private static int start() {
            try {
                Path directory = Files.createTempDirectory("outfeed-mariadb");
                Path data = directory.resolve("data");
                List<String> asRoot =
                        System.getProperty("user.name").equals("root") ? List.of("--user=root") : List.of();
                List<String> install = new ArrayList<>(List.of(
                        INSTALL.toString(),
                        "--no-defaults",
                        "--datadir=" + data,
                        "--auth-root-authentication-method=normal",
                        "--skip-test-db"));
                install.addAll(asRoot);
                int installed =
                        command(directory.resolve("install.log"), install).waitFor();
                if (installed != 0) {
                    throw new IllegalStateException("mariadb-install-db ended with " + installed + ":\n"
                            + Files.readString(directory.resolve("install.log")));
                }
                int port = freePort(); // only now: another process may take it in the meantime
                List<String> run = new ArrayList<>(List.of(
                        SERVER.toString(),
                        "--no-defaults",
                        "--datadir=" + data,
                        "--socket=" + directory.resolve("socket"),
                        "--pid-file=" + directory.resolve("pid"),
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--default-time-zone=-05:00", // unlike what the tests expect
                        "--innodb-flush-log-at-trx-commit=0"));
                run.addAll(asRoot);
                Path log = directory.resolve("server.log");
                Process server = command(log, run);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, directory)));
                await(server, log, port);
                return port;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        private static Process command(Path log, List<String> command) throws IOException {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        }

        private static void await(Process server, Path log, int port) throws IOException, InterruptedException {
            SQLException last = null;
            for (int i = 0; i < 300; i++) {
                if (server.waitFor(100, TimeUnit.MILLISECONDS)) {
                    break;
                }
                try (Connection connection = dataSource(port, "").getConnection()) {
                    if (connection.isValid(1)) {
                        return;
                    }
                } catch (SQLException e) {
                    last = e;
                }
            }
            throw new IllegalStateException("mariadbd does not answer:\n" + Files.readString(log), last);
        }

        private static void stop(Process server, Path directory) {
            server.destroy();
            try {
                server.waitFor(20, TimeUnit.SECONDS);
                try (Stream<Path> files = Files.walk(directory)) {
                    files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static int freePort() throws IOException {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }

    private TestMariaDb() {}

    /** Skips the test where the server is not installed. */
    public static void assumeInstalled() {
        assumeTrue(Files.isExecutable(SERVER) && Files.isExecutable(INSTALL), "skipped: there is no " + SERVER);
    }

    /** Makes a new database. */
    public static DataSource newDatabase() throws SQLException {
        String name = "db" + DATABASES.incrementAndGet();
        TestPostgres.execute(dataSource(Server.PORT, ""), "CREATE DATABASE " + name);
        return dataSource(Server.PORT, name);
    }

    /** @param options what the address has besides the user, such as {@code &useServerPrepStmts=true} */
    public static DataSource withOptions(DataSource database, String options) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + Server.PORT + "/" + connection.getCatalog()
                    + "?user=root&sslMode=disable" + options);
        }
    }

    /** The same database by MySQL's own driver, with its defaults. */
    public static DataSource byMySqlDriver(DataSource database) throws SQLException {
        return byMySqlDriver(database, "");
    }

    /** @param options what the address has besides the user, such as {@code &useCursorFetch=true} */
    public static DataSource byMySqlDriver(DataSource database, String options) throws SQLException {
        try (Connection connection = database.getConnection()) {
            MysqlDataSource same = new MysqlDataSource();
            same.setUrl(
                    "jdbc:mysql://127.0.0.1:" + Server.PORT + "/" + connection.getCatalog() + "?user=root" + options);
            return same;
        }
    }

    private static MariaDbDataSource dataSource(int port, String database) throws SQLException {
        return new MariaDbDataSource(
                "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root&sslMode=disable");
    }
}
