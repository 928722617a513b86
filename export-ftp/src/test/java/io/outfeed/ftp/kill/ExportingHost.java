package io.outfeed.ftp.kill;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.file.WhenEmpty;
import io.outfeed.ftp.FtpsDelivery;
import io.outfeed.ftp.fixture.ScriptedFtpServer;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** A process that exports once, until it is killed: the victim of {@link KillTest}. */
final class ExportingHost {

    private static final String JOB = "rows-lakeside";

    static final int ROWS = 50_000;

    private static final Instant NOW = Instant.parse("2026-03-01T07:00:00Z");

    private record Row(int id, Instant at) {}

    private ExportingHost() {}

    /**
     * Exports.
     *
     * @param arguments the directory of the engine, the port of the server, and the certificate that it is to have
     */
    public static void main(String[] arguments) {
        List<Row> all = IntStream.range(0, ROWS)
                .mapToObj(id -> new Row(id, NOW.minusSeconds(3600)))
                .toList();
        ExportDefinition<Row> rows = ExportDefinition.builder("rows", Row.class)
                .source(RecordSource.ofCollection(window -> all.stream()
                        .filter(row -> !row.at().isBefore(window.from().toInstant())
                                && row.at().isBefore(window.until().toInstant()))
                        .toList()))
                .recordKey(Row::id)
                .watermark(Watermark.timestamp(Row::at, Duration.ofMinutes(1)))
                .fields(f -> f.field("id", Row::id).field("note", row -> "a note that makes the file larger"))
                .file(f -> f.name("rows-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();
        FtpsDelivery delivery = FtpsDelivery.builder("lakeside", "127.0.0.1")
                .port(Integer.parseInt(arguments[1]))
                .user("outfeed")
                .password(ScriptedFtpServer.PASSWORD)
                .trustedCertificates(Path.of(arguments[2]))
                .directory("/exports")
                .build();
        String published;
        try (ExportEngine engine = ExportEngine.builder()
                .directory(Path.of(arguments[0]))
                .clock(SettableClock.at(NOW))
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build()) {
            ExportRun unused = engine.add(
                            ExportJob.builder(JOB, rows).deliverTo(delivery).build())
                    .runNow(); // finishes the run that a killed process has left
            ExportRun first = engine.runs(RunQuery.ofJob(JOB).status(RunStatus.COMMITTED))
                    .runs()
                    .get(0);
            published = first.number() + " "
                    + first.deliveries().get(0).receipt().orElseThrow().publication();
        }
        System.out.println(published); // the last line, after those of the log
    }
}
