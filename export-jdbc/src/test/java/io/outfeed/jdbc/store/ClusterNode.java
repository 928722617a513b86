package io.outfeed.jdbc.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.file.WhenEmpty;
import io.outfeed.internal.engine.EngineSettings;
import io.outfeed.internal.engine.JobEngine;
import io.outfeed.schedule.Schedule;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A node of a host, in a process of its own, that runs jobs until its input ends or it is killed. */
final class ClusterNode {

    static final Duration LEASE = Duration.ofSeconds(2);

    private ClusterNode() {}

    /**
     * Arguments: name, URL, home of the node, where files go, jobs, seconds between two fires of a job, and by how many
     * seconds the clock of its host is ahead.
     */
    public static void main(String[] arguments) throws Exception {
        String name = arguments[0];
        int jobs = Integer.parseInt(arguments[4]);
        Duration every = Duration.ofSeconds(Integer.parseInt(arguments[5]));
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(arguments[1]);
        pool.setMaximumPoolSize(8);
        pool.setConnectionTimeout(2_000);
        pool.setInitializationFailTimeout(-1);
        try (HikariDataSource database = new HikariDataSource(pool);
                JdbcStore store =
                        JdbcStore.builder(database).node(name).lease(LEASE).build();
                JobEngine engine = new JobEngine(
                        settings(store, Path.of(arguments[2]), Duration.ofSeconds(Long.parseLong(arguments[6]))))) {
            for (int job = 0; job < jobs; job++) {
                Instant anchor = Instant.EPOCH.plusMillis(every.toMillis() * job / jobs);
                engine.add(ExportJob.builder(ClusterTest.job(job), definition(database))
                        .parameter("job", Integer.toString(job))
                        .schedule(Schedule.every(every, anchor))
                        .deliverTo(DirectoryDelivery.to("out", Path.of(arguments[3])))
                        .build());
            }
            engine.start();
            System.out.println("started");
            while (System.in.read() >= 0) {}
        }
    }

    /** Those of an engine's builder, but for the clock of the host. */
    private static EngineSettings settings(JdbcStore store, Path directory, Duration hostIsAhead) {
        EngineSettings settings = new EngineSettings();
        settings.directory = directory;
        settings.store = store;
        settings.spool = store.spool();
        settings.hostClock = Clock.offset(Clock.systemUTC(), hostIsAhead);
        settings.retryPolicy = new RetryPolicy(1, Duration.ofMillis(1));
        settings.renameLooks = Duration.ZERO;
        return settings;
    }

    private static ExportDefinition<Long> definition(DataSource database) {
        return ExportDefinition.builder("visits", Long.class)
                .source(parameters -> window -> numbers(
                        database,
                        "select id from visit where job = ? and id >= ? and id < ? order by id",
                        Integer.parseInt(parameters.get("job")),
                        window.from().toLong(),
                        window.until().toLong())
                        .stream())
                .recordKey(id -> id)
                .watermark(Watermark.sequence(id -> id, () -> firstUnsettled(database)))
                .fields(f -> f.field("id", id -> id))
                .file(f -> f.name("{job}-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();
    }

    /** One writer commits one row after the other. */
    private static long firstUnsettled(DataSource database) throws SQLException {
        return numbers(database, "select coalesce(max(id), 0) + 1 from visit").get(0);
    }

    private static List<Long> numbers(DataSource database, String query, Object... arguments) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<Long> numbers = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
            return numbers;
        }
    }
}
