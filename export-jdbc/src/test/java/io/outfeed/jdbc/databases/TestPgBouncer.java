package io.outfeed.jdbc.databases;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PgBouncer before a database of {@link TestPostgres}, in its transaction mode; tests are skipped where there is none.
 */
public final class TestPgBouncer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

    private final Process process;
    private final Path directory;
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();

    private TestPgBouncer(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** Skips the test where it is not installed. */
    public static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), "skipped: there is no " + PROGRAM);
    }

    /** @param options of the driver, such as {@code prepareThreshold=0} */
    public static TestPgBouncer start(DataSource database, String options) throws Exception {
        PGSimpleDataSource behind = database.unwrap(PGSimpleDataSource.class);
        Path directory = Files.createTempDirectory("outfeed-pgbouncer");
        int port = freePort();
        Path users = Files.writeString(directory.resolve("users"), "\"postgres\" \"postgres\"\n");
        Path settings = Files.writeString(
                directory.resolve("settings"), """
                [databases]
                * = host=127.0.0.1 port=%d pool_size=3
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = trust
                auth_file = %s
                pool_mode = transaction
                server_round_robin = 1
                ignore_startup_parameters = extra_float_digits
                """.formatted(behind.getPortNumbers()[0], port, users));
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        if (System.getProperty("user.name").equals("root")) { // it does not run as root
            Stream.of(directory, users, settings).forEach(path -> path.toFile().setReadable(true, false));
            directory.toFile().setExecutable(true, false);
            command.addAll(List.of("-u", "nobody"));
        }
        command.add(settings.toString());
        Path log = directory.resolve("log");
        TestPgBouncer started = new TestPgBouncer(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                directory);
        started.dataSource.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/" + behind.getDatabaseName()
                + "?user=postgres" + (options.isEmpty() ? "" : "&" + options));
        started.await(log);
        return started;
    }

    public DataSource dataSource() {
        return dataSource;
    }

    private void await(Path log) throws IOException, InterruptedException {
        SQLException last = null;
        for (int i = 0; i < 100; i++) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                break;
            }
            try (Connection connection = dataSource.getConnection()) {
                connection.isValid(1);
                return;
            } catch (SQLException e) {
                last = e;
            }
        }
        throw new IllegalStateException("pgbouncer does not answer:\n" + Files.readString(log), last);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
