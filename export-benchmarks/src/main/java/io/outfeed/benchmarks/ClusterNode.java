package io.outfeed.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.dbscheduler.DbScheduler;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A node of the {@link ClusterBenchmark}, in a process of its own, until that ends it. */
public final class ClusterNode {

    static final int WORKERS = 8;
    static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration READING = Duration.ofSeconds(2);

    /** When some of the jobs are due together. */
    enum Due {
        /** At the same minute of each hour. */
        HOURLY,
        /** Each minute. */
        EACH_MINUTE
    }

    private ClusterNode() {}

    /**
     * Of the arguments: the URL of the database, the name of the node, its directory, the number of jobs, the
     * scheduler, how often jobs are due together, at which time first, and how many.
     */
    public static void main(String[] args) throws Exception {
        String node = args[1];
        int jobs = Integer.parseInt(args[3]);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[0]);
        config.setMaximumPoolSize(WORKERS + 2);
        HikariDataSource database = new HikariDataSource(config);
        JdbcStore store =
                JdbcStore.builder(database).migrate().node(node).lease(LEASE).build();
        long begin = System.nanoTime();
        ExportEngine.Builder builder = ExportEngine.builder()
                .directory(Path.of(args[2]))
                .store(store)
                .spool(store.spool())
                .workers(WORKERS)
                .runsPerServer(WORKERS)
                .retryPolicy(RetryPolicy.none());
        DbScheduler scheduler = scheduler(args[4], database);
        if (scheduler != null) {
            builder.scheduler(scheduler);
        }
        ExportEngine engine = builder.build();
        engine.addAll(jobs(jobs, Integer.parseInt(args[7]), Due.valueOf(args[5]), Instant.parse(args[6])));
        engine.start();
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "node %s: %,d jobs started in %.1f s, heap %d MiB%n",
                node,
                jobs,
                seconds,
                (runtime.totalMemory() - runtime.freeMemory()) >> 20);
        System.out.flush();
        new CountDownLatch(1).await();
    }

    private static @Nullable DbScheduler scheduler(String name, DataSource database) {
        return switch (name) {
            case "db-scheduler" ->
                DbScheduler.builder(database).migrate().workers(WORKERS).build();
            case "in-jvm" -> null;
            default -> throw new IllegalArgumentException("no scheduler '" + name + "', only db-scheduler and in-jvm");
        };
    }

    /** Where nodes are killed, a run takes its time, so that some are in progress. */
    private static List<String> read(Due due) throws InterruptedException {
        if (due == Due.EACH_MINUTE) {
            Thread.sleep(READING.toMillis());
        }
        return List.of("1");
    }

    /** Some jobs are due at a time; the others are not for the twenty minutes before and after it. */
    private static List<ExportJob> jobs(int number, int dueJobs, Due due, Instant at) {
        ExportDefinition<String> definition = ExportDefinition.builder("visits", String.class)
                .source(RecordSource.ofCollection(window -> read(due)))
                .recordKey(visit -> visit)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("visit", visit -> visit))
                .file(file -> file.name("{job}-{sequence}.csv"))
                .build();
        InMemoryDelivery delivery = InMemoryDelivery.create("memory");
        Schedule together = Schedule.every(due == Due.HOURLY ? Duration.ofHours(1) : Duration.ofMinutes(1), at);
        List<Schedule> others = IntStream.range(20, 40)
                .mapToObj(minutes -> Schedule.every(Duration.ofHours(1), at.plus(Duration.ofMinutes(minutes))))
                .toList();
        return IntStream.range(0, number)
                .mapToObj(i -> ExportJob.builder("visits-of-customer-" + i, definition)
                        .schedule(i < dueJobs ? together : others.get(i % others.size()))
                        .deliverTo(delivery)
                        .build())
                .toList();
    }
}
