package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.ExportStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes of a host in three processes, on one PostgreSQL, with two hundred jobs: they are killed and started
 * again, and the database is restarted in between. In the end each row is in one file, and no fire was run twice.
 *
 * <p>One process writes the rows in between and knows them; the nodes find out what is new as any host does. A build
 * kills {@value #KILLS} times. Before a release:
 *
 * <pre>
 * mvn -pl export-jdbc -am test -Dtest=ClusterTest -Dsurefire.failIfNoSpecifiedTests=false -Dcluster.kills=40
 * </pre>
 */
@Tag("slow")
class ClusterTest {

    private static final int KILLS = 4;
    private static final int NODES = 3;
    private static final int JOBS = 200;
    private static final int SECONDS_BETWEEN_FIRES = 10;
    private static final Duration MOST_WAITING = Duration.ofSeconds(Integer.getInteger("cluster.wait", 300));

    @TempDir
    private Path directory;

    private final int kills = Integer.getInteger("cluster.kills", KILLS);
    private final long seed = Long.getLong("cluster.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Process[] nodes = new Process[NODES];

    @SuppressWarnings("NullAway.Init") // set by the test
    private RestartablePostgres server;

    private int written;

    static String job(int number) {
        return "job-%03d".formatted(number);
    }

    @Test
    void should_run_each_fire_once_and_deliver_each_row_once_however_often_nodes_are_killed() throws Exception {
        System.out.printf("%d kills with -Dcluster.seed=%d%n", kills, seed);
        Files.createDirectory(directory.resolve("out"));
        try (RestartablePostgres started = RestartablePostgres.start(directory.resolve("postgres"))) {
            server = started;
            try (JdbcStore store = JdbcStore.builder(server.database())
                    .migrate()
                    .retryTimeout(Duration.ofMinutes(1))
                    .build()) {
                execute("create table visit (id bigserial primary key, job integer not null)");
                execute("create index on visit (job, id)");
                try {
                    for (int node = 0; node < NODES; node++) {
                        nodes[node] = startNode(node);
                    }
                    for (int kill = 0; kill < kills; kill++) {
                        writeFor(2_000 + random.nextInt(2_000));
                        int node = random.nextInt(NODES);
                        nodes[node].destroyForcibly().waitFor();
                        writeFor(random.nextInt(2_000));
                        nodes[node] = startNode(node);
                        if (kill == kills / 2) {
                            server.restart();
                        }
                    }
                    awaitDelivery(store);
                } catch (Exception | AssertionError e) {
                    printLogs();
                    throw e;
                } finally {
                    stopNodes();
                }
                check(store);
            }
        }
    }

    private Process startNode(int number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClusterNode.class.getName(),
                        "node-" + number,
                        server.url(),
                        directory.resolve("node-" + number).toString(),
                        directory.resolve("out").toString(),
                        Integer.toString(JOBS),
                        Integer.toString(SECONDS_BETWEEN_FIRES))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("node-" + number + ".log").toFile()))
                .start();
    }

    private void printLogs() throws IOException {
        for (int node = 0; node < NODES; node++) {
            List<String> lines = Files.readAllLines(directory.resolve("node-" + node + ".log"));
            System.out.println("node-" + node + " at last:");
            lines.subList(Math.max(0, lines.size() - 40), lines.size()).forEach(System.out::println);
        }
    }

    /** Ends the input of each node, and waits until it has closed its engine. */
    private void stopNodes() throws Exception {
        for (Process node : nodes) {
            if (node != null) {
                node.getOutputStream().close();
            }
        }
        for (Process node : nodes) {
            if (node != null && !node.waitFor(1, TimeUnit.MINUTES)) {
                node.destroyForcibly().waitFor();
            }
        }
    }

    /** Writes rows of random jobs, one commit after the other. */
    private void writeFor(int millis) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try (Connection connection = server.database().getConnection();
                Statement statement = connection.createStatement()) {
            do {
                for (int row = 0; row < 20; row++) {
                    statement.executeUpdate("insert into visit (job) values (" + random.nextInt(JOBS) + ")");
                    written++;
                }
            } while (System.nanoTime() < end && !nodes[0].waitFor(20, TimeUnit.MILLISECONDS));
        }
    }

    private void awaitDelivery(ExportStore store) throws Exception {
        long end = System.nanoTime() + MOST_WAITING.toNanos();
        while (!delivered(store)) {
            assertThat(System.nanoTime())
                    .as("all rows delivered within %s", MOST_WAITING)
                    .isLessThan(end);
            assertThat(nodes[0].waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private boolean delivered(ExportStore store) throws SQLException {
        Map<Integer, Long> last = new HashMap<>();
        try (Connection connection = server.database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select job, max(id) from visit group by job")) {
            while (rows.next()) {
                last.put(rows.getInt(1), rows.getLong(2));
            }
        }
        return last.entrySet().stream()
                .allMatch(entry -> store.positions(job(entry.getKey()))
                        .position("visits")
                        .filter(position -> position.toLong() > entry.getValue())
                        .isPresent());
    }

    private void check(ExportStore store) throws Exception {
        Map<Integer, Set<Long>> expected = new TreeMap<>();
        try (Connection connection = server.database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select job, id from visit")) {
            while (rows.next()) {
                expected.computeIfAbsent(rows.getInt(1), job -> new HashSet<>()).add(rows.getLong(2));
            }
        }
        int files = 0;
        for (int job = 0; job < JOBS; job++) {
            List<Long> delivered = new ArrayList<>();
            int sequence = 1;
            for (Path file = file(job, sequence); Files.exists(file); file = file(job, ++sequence)) {
                Files.readAllLines(file).stream().skip(1).map(Long::valueOf).forEach(delivered::add);
                files++;
            }
            assertThat(delivered).as(job(job)).doesNotHaveDuplicates();
            assertThat(new HashSet<>(delivered)).as(job(job)).isEqualTo(expected.getOrDefault(job, Set.of()));
        }
        try (Stream<Path> all = Files.list(directory.resolve("out"))) {
            assertThat(all.toList())
                    .as("files, none without a sequence and none left over")
                    .hasSize(files);
        }

        Map<RunStatus, Integer> statuses = new TreeMap<>();
        Map<String, Set<Instant>> fires = new HashMap<>();
        int runs = 0;
        for (ExportRun run : store.runs(RunQuery.all().limit(Integer.MAX_VALUE))) {
            assertThat(run.trigger()).isEqualTo(Trigger.SCHEDULED);
            assertThat(run.status().ended())
                    .as("%s of %s ended", run.number(), run.job())
                    .isTrue();
            statuses.merge(run.status(), 1, Integer::sum);
            runs++;
            if (run.status() == RunStatus.COMMITTED || run.status() == RunStatus.EMPTY) {
                assertThat(fires.computeIfAbsent(run.job(), job -> new HashSet<>())
                                .add(run.fireTime().orElseThrow()))
                        .as("fire %s of %s ran once", run.fireTime(), run.job())
                        .isTrue();
            }
        }
        int claims = number("select count(*) from outfeed_fire");
        System.out.printf(
                "%d rows in %d files of %d jobs, each once; %d nodes killed %d times, database restarted once;"
                        + " %d fires claimed, %d runs: %s%n",
                written, files, JOBS, NODES, kills, claims, runs, statuses);
        assertThat(number("select count(*) from visit")).isEqualTo(written);
        assertThat(claims).isGreaterThan(JOBS);
        assertThat(statuses).containsKey(RunStatus.COMMITTED);
    }

    private Path file(int job, int sequence) {
        return directory.resolve("out").resolve(job(job) + "-" + sequence + ".csv");
    }

    private void execute(String statement) throws SQLException {
        try (Connection connection = server.database().getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private int number(String query) throws SQLException {
        try (Connection connection = server.database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
