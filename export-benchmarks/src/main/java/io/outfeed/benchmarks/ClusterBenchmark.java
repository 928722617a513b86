package io.outfeed.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.benchmarks.ClusterNode.Due;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.ExportStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Many hourly jobs on several processes that share one PostgreSQL, of which a tenth is due at the same minute: how late
 * their runs begin, and what they cost the database. With nodes that are killed, a tenth is due each minute, and a node
 * is killed every 20 seconds and replaced: how soon its runs are continued, and whether a fire was lost or doubled.
 *
 * <p>Deliveries go to memory. Statements are counted by pg_stat_statements, which counts BEGIN and not COMMIT.
 */
public final class ClusterBenchmark {

    private static final Duration KILLED_EVERY = Duration.ofSeconds(20);
    private static final int FREQUENT = 12;
    private static final Duration LAST_RUNS = Duration.ofMinutes(3);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private final int jobs;
    private final int dueJobs;
    private final int minutes;
    private final String scheduler;
    private final Due due;
    private final Path home;
    private final String url;
    private final DataSource database;
    private final List<Instant> kills = new ArrayList<>();
    private int started;

    private ClusterBenchmark(
            int jobs, int dueJobs, int minutes, String scheduler, Due due, Path home, String url, DataSource database) {
        this.jobs = jobs;
        this.dueJobs = dueJobs;
        this.minutes = minutes;
        this.scheduler = scheduler;
        this.due = due;
        this.home = home;
        this.url = url;
        this.database = database;
    }

    /**
     * Of the arguments: the number of jobs, of nodes and of minutes that are measured at most, the scheduler
     * ({@code db-scheduler} or {@code in-jvm}), whether nodes are {@code left} or {@code killed}, and how many jobs are
     * due together.
     */
    public static void main(String[] args) throws Exception {
        int jobs = Integer.parseInt(args[0]);
        Due due = args[4].equals("killed") ? Due.EACH_MINUTE : Due.HOURLY;
        Path home = Files.createTempDirectory("cluster-benchmark");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                .start()) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(postgres.getPostgresDatabase());
            config.setMaximumPoolSize(2);
            try (HikariDataSource database = new HikariDataSource(config)) {
                String url = postgres.getJdbcUrl("postgres", "postgres");
                int dueJobs = Integer.parseInt(args[5]);
                new ClusterBenchmark(jobs, dueJobs, Integer.parseInt(args[2]), args[3], due, home, url, database)
                        .run(Integer.parseInt(args[1]));
            }
        } finally {
            CsvBenchmark.delete(home);
        }
    }

    @SuppressWarnings("try") // the store is not closed while it is read
    private void run(int number) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%,d jobs, %,d of them due %s, %d nodes with %s on %d processors%n",
                jobs,
                dueJobs,
                due == Due.HOURLY ? "at once" : "each minute",
                number,
                scheduler,
                Runtime.getRuntime().availableProcessors());
        execute("CREATE EXTENSION pg_stat_statements");
        // the first node stores the jobs; all start before the first is due
        Instant at = Instant.now()
                .plus(Duration.ofSeconds(60 + jobs * 3 / 2000))
                .truncatedTo(ChronoUnit.MINUTES)
                .plus(Duration.ofMinutes(1));
        List<Process> nodes = new ArrayList<>();
        try (JdbcStore store = JdbcStore.builder(database).migrate().build()) {
            for (int i = 0; i < number; i++) {
                nodes.add(start(at));
            }
            System.out.printf(
                    Locale.ROOT, "all started %s before the first fire%n", Duration.between(Instant.now(), at));
            awaitTime(at.minusSeconds(1));
            execute("SELECT pg_stat_statements_reset()");
            Instant end = due == Due.HOURLY ? awaitRuns(at) : killNodes(store, nodes, at);
            long statements = statements();
            List<String> frequent = frequent();
            System.out.printf(
                    Locale.ROOT,
                    "%,d statements in %d s, %.1f a run%n",
                    statements,
                    Duration.between(at, Instant.now()).toSeconds(),
                    statements / (double) Math.max(1, count()));
            frequent.forEach(System.out::println);
            report(store, at, end);
        } finally {
            nodes.forEach(Process::destroyForcibly);
        }
    }

    /** Starts a node, and returns when its engine has started. */
    private Process start(Instant at) throws IOException {
        String name = "node-" + ++started;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        ClusterNode.class.getName(),
                        url,
                        name,
                        home.resolve(name).toString(),
                        Integer.toString(jobs),
                        scheduler,
                        due.name(),
                        at.toString(),
                        Integer.toString(dueJobs))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith("node ")) { // a line of the log
            System.out.println(line);
            line = output.readLine();
        }
        System.out.println(line);
        Thread reader = new Thread(() -> output.lines().forEach(System.out::println), name);
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    private static void awaitTime(Instant at) throws InterruptedException {
        Thread.sleep(Math.max(0, Duration.between(Instant.now(), at).toMillis()));
    }

    /** Waits until all runs have ended, or the time is over. */
    private Instant awaitRuns(Instant at) throws Exception {
        Instant limit = at.plus(Duration.ofMinutes(minutes));
        while (Instant.now().isBefore(limit) && count() < dueJobs) {
            Thread.sleep(1000);
        }
        return at.plus(Duration.ofMinutes(1));
    }

    private long count() throws SQLException {
        return number("SELECT count(*) FROM outfeed_run WHERE status = 'COMMITTED'");
    }

    /** Kills one node after the other while fires are due, and lets the last fires be run. */
    private Instant killNodes(ExportStore store, List<Process> nodes, Instant at) throws Exception {
        Instant end = at.plus(Duration.ofMinutes(minutes));
        for (int i = 0; Instant.now().isBefore(end); i++) {
            awaitTime(at.plus(KILLED_EVERY.multipliedBy(i)).plusSeconds(5)); // while there is work
            int which = i % nodes.size();
            kills.add(Instant.now());
            nodes.get(which).destroyForcibly().waitFor();
            nodes.set(which, start(at));
        }
        Instant limit = end.plus(LAST_RUNS); // of the fires before the end
        long all = Duration.between(at, end).toMinutes() * dueJobs;
        while (Instant.now().isBefore(limit) && fires(committed(store, end)) < all) {
            Thread.sleep(1000);
        }
        return end;
    }

    /** The runs for fires before a time that have committed. */
    private static List<ExportRun> committed(ExportStore store, Instant before) {
        RunQuery query = RunQuery.all().trigger(Trigger.SCHEDULED).status(RunStatus.COMMITTED);
        return store.runs(query.limit(Integer.MAX_VALUE)).stream()
                .filter(run ->
                        run.fireTime().filter(fire -> fire.isBefore(before)).isPresent())
                .toList();
    }

    private static long fires(List<ExportRun> runs) {
        return runs.stream()
                .mapToLong(run -> run.coveredFires().orElseThrow().count())
                .sum();
    }

    private void report(ExportStore store, Instant at, Instant end) {
        List<ExportRun> runs = committed(store, end);
        List<Long> begun = new ArrayList<>();
        List<Long> ended = new ArrayList<>();
        Map<String, Long> fires = new HashMap<>();
        for (ExportRun run : runs) {
            Instant fire = run.fireTime().orElseThrow();
            begun.add(Duration.between(fire, run.startedAt()).toMillis());
            run.endedAt()
                    .ifPresent(time -> ended.add(Duration.between(fire, time).toMillis()));
            fires.merge(run.job(), run.coveredFires().orElseThrow().count(), Long::sum);
        }
        long each = Duration.between(at, end).toMinutes();
        long whole = fires.values().stream().mapToLong(Long::longValue).sum();
        System.out.printf(
                Locale.ROOT,
                "%,d fires of %,d; lost %d, doubled %d; %,d runs%n",
                whole,
                each * dueJobs,
                each * dueJobs
                        - fires.values().stream()
                                .mapToLong(n -> Math.min(n, each))
                                .sum(),
                fires.values().stream().mapToLong(n -> Math.max(0, n - each)).sum(),
                runs.size());
        print("from the fire to the run's begin", begun);
        print("from the fire to its commit", ended);
        if (!kills.isEmpty()) {
            List<Long> taken = runs.stream().flatMap(this::takeOvers).toList();
            System.out.printf(
                    Locale.ROOT,
                    "%d nodes killed, %d runs continued elsewhere; in heartbeats of %s the last after %.1f%n",
                    kills.size(),
                    taken.size(),
                    HEARTBEAT,
                    taken.stream().mapToLong(Long::longValue).max().orElse(0) / (double) HEARTBEAT.toMillis());
            print("from the kill to the next attempt", taken);
        }
    }

    /** How long after the death of its node each crashed attempt was followed by another one. */
    private Stream<Long> takeOvers(ExportRun run) {
        List<Long> found = new ArrayList<>();
        List<Attempt> attempts = run.attempts();
        for (int i = 1; i < attempts.size(); i++) {
            Instant next = attempts.get(i).startedAt();
            if (attempts.get(i - 1).outcome() == Attempt.Outcome.CRASHED) {
                Instant crashed = attempts.get(i - 1).startedAt();
                kills.stream()
                        .filter(kill -> !kill.isBefore(crashed) && kill.isBefore(next))
                        .findFirst()
                        .ifPresent(
                                kill -> found.add(Duration.between(kill, next).toMillis()));
            }
        }
        return found.stream();
    }

    private static void print(String title, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        if (sorted.isEmpty()) {
            System.out.println(title + ": none");
            return;
        }
        System.out.printf(
                Locale.ROOT,
                "%s: p50 %.1f s, p99 %.1f s, max %.1f s%n",
                title,
                sorted.get(sorted.size() / 2) / 1e3,
                sorted.get(sorted.size() * 99 / 100) / 1e3,
                sorted.get(sorted.size() - 1) / 1e3);
    }

    private long statements() throws SQLException {
        return number("SELECT sum(calls) FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'"
                + " AND query NOT LIKE 'SELECT count(*)%'");
    }

    /** The most frequent statements, with how often they were executed and how long one took. */
    private List<String> frequent() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT calls, mean_exec_time, query FROM pg_stat_statements"
                        + " ORDER BY calls DESC LIMIT " + FREQUENT)) {
            List<String> list = new ArrayList<>();
            while (rows.next()) {
                String query = rows.getString(3).replaceAll("\\s+", " ");
                list.add(String.format(
                        Locale.ROOT,
                        "%9d x %8.3f ms  %s",
                        rows.getLong(1),
                        rows.getDouble(2),
                        query.substring(0, Math.min(100, query.length()))));
            }
            return list;
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
