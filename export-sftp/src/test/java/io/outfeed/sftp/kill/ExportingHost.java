package io.outfeed.sftp.kill;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.IfVanished;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.RunHeldException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.fixture.OpenSshServer;
import io.outfeed.sftp.kill.HostRecords.Row;
import io.outfeed.source.RecordSource;
import io.outfeed.source.Window;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/** A process that exports until it is killed: the victim of {@link KillTest}. */
final class ExportingHost {

    static final String JOB = "rows-lakeside";
    static final String DEFINITION = "rows";

    /** How late a record may be seen. */
    static final Duration SETTLE = Duration.ofMillis(500);

    /**
     * So short that history expires while the test runs, but not before the test has read it after the next kill.
     */
    static final Duration KEEP_HISTORY = Duration.ofSeconds(30);

    /** What makes it export. */
    enum Mode {
        /** Attempt after attempt, as fast as possible. */
        RUN_AFTER_RUN,
        /** The scheduler, which waits between the attempts of a run. */
        BY_SCHEDULE,
        /** The run that is open is finished, and one more exports the rest. */
        TO_THE_END
    }

    private ExportingHost() {}

    /**
     * Exports.
     *
     * @param arguments a file of settings, the mode, and what becomes of a file that has vanished
     */
    public static void main(String[] arguments) throws Exception {
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(reader);
        }
        HostRecords records = new HostRecords(path(settings, "records"));
        try (ExportEngine engine = ExportEngine.builder()
                .directory(path(settings, "directory"))
                .clock(records.clock())
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .keepHistory(KEEP_HISTORY)
                .build()) {
            JobHandle job = engine.add(job(records, settings, IfVanished.valueOf(arguments[2])));
            for (ExportRun held :
                    engine.runs(RunQuery.ofJob(JOB).status(RunStatus.HELD)).runs()) {
                tryToSend(() -> engine.run(held.number()).release()); // as a person does
            }
            Files.createFile(path(settings, "ready"));
            export(engine, job, Mode.valueOf(arguments[1]));
        }
    }

    private static void export(ExportEngine engine, JobHandle job, Mode mode) throws InterruptedException {
        switch (mode) {
            case RUN_AFTER_RUN -> {
                while (true) {
                    tryToSend(() -> runOrRelease(engine, job));
                }
            }
            case BY_SCHEDULE -> {
                engine.start();
                new CountDownLatch(1).await();
            }
            case TO_THE_END -> {
                runOrRelease(engine, job);
                job.runNow();
                if (!engine.litter().isEmpty()) {
                    throw new IllegalStateException("litter is left: " + engine.litter());
                }
            }
        }
    }

    /** The crash of the last process may be the third in a row. */
    private static void runOrRelease(ExportEngine engine, JobHandle job) {
        try {
            job.runNow();
        } catch (RunHeldException e) {
            engine.run(e.run()).release();
        }
    }

    private static void tryToSend(Runnable call) {
        try {
            call.run();
        } catch (DeliveryException e) {
            // an outage: the next call is the next attempt
        }
    }

    private static ExportJob job(HostRecords records, Properties settings, IfVanished ifVanished) {
        ExportDefinition<Row> rows = ExportDefinition.builder(DEFINITION, Row.class)
                .source(RecordSource.ofCollection(window -> within(window, records)))
                .recordKey(Row::id)
                .watermark(Watermark.timestamp(Row::updatedAt, SETTLE))
                .fields(f ->
                        f.field("id", Row::id).field("version", Row::version).field("note", Row::note))
                .file(f -> f.name("rows-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();
        return ExportJob.builder(JOB, rows)
                .schedule(Schedule.every(Duration.ofSeconds(1), Instant.EPOCH))
                .deliverTo(
                        delivery("lakeside", settings), delivery("archive", settings), delivery("riverside", settings))
                .ifVanished(ifVanished)
                .build();
    }

    private static Delivery delivery(String id, Properties settings) {
        return SftpDelivery.builder(id, "127.0.0.1")
                .port(Integer.parseInt(settings.getProperty(id + ".port")))
                .user(OpenSshServer.user())
                .privateKey(path(settings, id + ".key"))
                .hostKey(settings.getProperty(id + ".hostKey"))
                .directory(settings.getProperty(id + ".exports"))
                .build();
    }

    private static List<Row> within(Window window, HostRecords records) throws IOException {
        Instant from = window.from().toInstant();
        Instant until = window.until().toInstant();
        return records.read().stream()
                .filter(row ->
                        !row.updatedAt().isBefore(from) && row.updatedAt().isBefore(until))
                .toList();
    }

    private static Path path(Properties settings, String name) {
        return Path.of(settings.getProperty(name));
    }
}
