package io.outfeed.jdbc.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.run.CoveredFires;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes of a host in three processes, on one PostgreSQL, with two hundred jobs. They are killed and started
 * again with an empty disk, suspended for longer than their leases, and cut off from the database, which has a spool
 * for the bytes of their runs; the database is restarted; the clock of one host is an hour ahead. In the end each row
 * is in one file, and each fire time in one run.
 *
 * <p>One process writes the rows in between and knows them; the nodes find out what is new as any host does. A build
 * has one round, with each fault in random order. Before a release:
 *
 * <pre>
 * mvn -pl export-jdbc -am test -Dtest=ClusterTest -Dsurefire.failIfNoSpecifiedTests=false -Dcluster.rounds=15
 * </pre>
 */
@Tag("slow")
class ClusterTest {

    private static final int NODES = 3;
    private static final int JOBS = 200;
    private static final int SECONDS_BETWEEN_FIRES = 10;
    private static final long BEYOND_LEASE =
            ClusterNode.LEASE.multipliedBy(5).dividedBy(2).toMillis();

    /** The node that reaches the database by a network which can be frozen. */
    private static final int BEHIND_PROXY = 1;

    private static final int HOUR_AHEAD = 2;
    private static final Duration MOST_WAITING = Duration.ofSeconds(Integer.getInteger("cluster.wait", 300));

    @TempDir
    private Path directory;

    private final int rounds = Integer.getInteger("cluster.rounds", 1);
    private final long seed = Long.getLong("cluster.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Process[] nodes = new Process[NODES];

    @SuppressWarnings("NullAway.Init") // set by the test
    private RestartablePostgres server;

    @SuppressWarnings("NullAway.Init") // set by the test
    private FreezableProxy proxy;

    private int starts;
    private int written;
    private int lockTakeOvers;
    private long slowestTakeOver;

    private enum Fault {
        KILL,
        KILL_ANOTHER,
        SUSPEND,
        FREEZE_NETWORK,
        RESTART_DATABASE
    }

    static String job(int number) {
        return "job-%03d".formatted(number);
    }

    @Test
    void should_run_each_fire_once_and_deliver_each_row_once_whatever_becomes_of_nodes() throws Exception {
        System.out.printf("%d rounds with -Dcluster.seed=%d%n", rounds, seed);
        Files.createDirectory(directory.resolve("out"));
        try (RestartablePostgres started = RestartablePostgres.start(directory.resolve("postgres"));
                FreezableProxy network = FreezableProxy.to(started.port())) {
            server = started;
            proxy = network;
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
                    for (int round = 0; round < rounds; round++) {
                        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
                        Collections.shuffle(faults, random);
                        for (Fault fault : faults) {
                            writeFor(2_000 + random.nextInt(2_000));
                            happen(fault);
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

    private void happen(Fault fault) throws Exception {
        int node = random.nextInt(NODES);
        switch (fault) {
            case KILL, KILL_ANOTHER -> {
                nodes[node].destroyForcibly().waitFor();
                awaitTakeOver(locksOf(node));
                writeFor(random.nextInt(1_000));
                nodes[node] = startNode(node);
            }
            case SUSPEND -> {
                signal("-STOP", nodes[node]);
                writeFor(BEYOND_LEASE);
                signal("-CONT", nodes[node]);
            }
            case FREEZE_NETWORK -> {
                proxy.freeze();
                writeFor(BEYOND_LEASE);
                proxy.thaw();
            }
            case RESTART_DATABASE -> server.restart();
        }
    }

    private static void signal(String signal, Process node) throws Exception {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(node.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The tokens of the locks that a dead node has left behind. */
    private String locksOf(int node) throws SQLException {
        try (Connection connection = server.database().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select coalesce(string_agg(token::text, ','), '')"
                        + " from outfeed_lock where expires_at > 0 and owner like 'node-" + node + ":%'")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private void awaitTakeOver(String tokens) throws Exception {
        if (tokens.isEmpty()) {
            return;
        }
        long killed = System.nanoTime();
        while (number("select count(*) from outfeed_lock where token in (" + tokens + ")") > 0) {
            assertThat(System.nanoTime())
                    .as("the locks of a dead node taken over within %s", MOST_WAITING)
                    .isLessThan(killed + MOST_WAITING.toNanos());
            writeFor(0);
        }
        lockTakeOvers += tokens.split(",").length;
        slowestTakeOver = Math.max(slowestTakeOver, System.nanoTime() - killed);
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
                        server.url(number == BEHIND_PROXY ? proxy.port() : server.port()),
                        directory.resolve("node-" + number + "-" + starts++).toString(),
                        directory.resolve("out").toString(),
                        Integer.toString(JOBS),
                        Integer.toString(SECONDS_BETWEEN_FIRES),
                        number == HOUR_AHEAD ? "3600" : "0")
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
    private void writeFor(long millis) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try (Connection connection = server.database().getConnection();
                Statement statement = connection.createStatement()) {
            do {
                for (int row = 0; row < 20; row++) {
                    statement.executeUpdate("insert into visit (job) values (" + random.nextInt(JOBS) + ")");
                    written++;
                }
            } while (!nodes[0].waitFor(20, TimeUnit.MILLISECONDS) && System.nanoTime() < end);
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
        Map<String, TreeSet<Instant>> fires = new HashMap<>();
        int runs = 0;
        for (ExportRun run : store.runs(RunQuery.all().limit(Integer.MAX_VALUE))) {
            assertThat(run.trigger()).isEqualTo(Trigger.SCHEDULED);
            assertThat(run.status().ended())
                    .as("%s of %s ended", run.number(), run.job())
                    .isTrue();
            statuses.merge(run.status(), 1, Integer::sum);
            runs++;
            CoveredFires covered = run.coveredFires().orElseThrow();
            for (Instant fire : times(covered.first(), covered.last())) {
                assertThat(fires.computeIfAbsent(run.job(), job -> new TreeSet<>())
                                .add(fire))
                        .as("fire %s of %s ran once", fire, run.job())
                        .isTrue();
            }
        }
        fires.forEach((job, times) -> assertThat(times)
                .as("fires of %s, none lost", job)
                .containsExactlyElementsOf(times(times.first(), times.last())));
        assertThat(number("select count(*) from outfeed_spool where run_number not in (select run_number from"
                        + " outfeed_run where status = 'COMMITTED')"))
                .as("files in the spool of runs without files")
                .isZero();
        int claims = number("select count(*) from outfeed_fire");
        System.out.printf(
                "%d rows in %d files of %d jobs, each once; %d faults on %d nodes; %d fire times in %d runs: %s;"
                        + " %d locks of dead nodes taken over, the last one after %.1f leases%n",
                written,
                files,
                JOBS,
                rounds * Fault.values().length,
                NODES,
                fires.values().stream().mapToInt(Set::size).sum(),
                runs,
                statuses,
                lockTakeOvers,
                slowestTakeOver / (double) ClusterNode.LEASE.toNanos());
        assertThat(store.incidents(IncidentQuery.all()))
                .extracting(record -> record.incident().code())
                .as("incidents")
                .contains(FailureCode.CLOCK_SKEW);
        assertThat(number("select count(*) from visit")).isEqualTo(written);
        assertThat(claims).isGreaterThan(JOBS);
        assertThat(statuses).containsKey(RunStatus.COMMITTED);
    }

    private static List<Instant> times(Instant first, Instant last) {
        return Stream.iterate(first, at -> at.plusSeconds(SECONDS_BETWEEN_FIRES))
                .takeWhile(at -> !at.isAfter(last))
                .toList();
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
