package io.outfeed.support;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.run.ExportRun;
import io.outfeed.source.RecordSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process that exports once, and that strace kills in between: see {@link Strace}. */
public final class CrashingHost {

    static final String JOB = "visits-lakeside";

    private CrashingHost() {}

    /**
     * Exports once.
     *
     * @param arguments the directory of the host, what its clock shows, and whether there is an archive
     */
    public static void main(String[] arguments) {
        ExportRun run = export(Path.of(arguments[0]), Instant.parse(arguments[1]), Boolean.parseBoolean(arguments[2]));
        System.out.println(run);
    }

    public static ExportRun export(Path home, Instant now, boolean archive) {
        ExportJob.Builder job = ExportJob.builder(
                        JOB,
                        Visit.export(Visit.source(), f -> f.name("visits-{sequence}.csv"))
                                .source(RecordSource.between((from, until) -> records(home, from, until)))
                                .build())
                .deliverTo(
                        DirectoryDelivery.to("lakeside", home.resolve("lakeside")),
                        DirectoryDelivery.to("riverside", home.resolve("riverside")));
        if (archive) {
            job.archive("visits-{sequence}.zip");
        }
        try (ExportEngine engine = ExportEngine.builder()
                .directory(home.resolve("outfeed"))
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build()) {
            return engine.add(job.build()).runNow();
        }
    }

    /** A line for each record: id, note, time. */
    public static void write(Path home, List<Visit> visits) throws IOException {
        List<String> lines = new ArrayList<>();
        visits.forEach(visit -> lines.add(visit.id() + " " + visit.note() + " " + visit.updatedAt()));
        Files.write(home.resolve("records"), lines);
    }

    private static Stream<Visit> records(Path home, Instant from, Instant until) throws IOException {
        return Files.readAllLines(home.resolve("records")).stream()
                .map(line -> {
                    int first = line.indexOf(' ');
                    int last = line.lastIndexOf(' ');
                    return Visit.of(
                            Long.parseLong(line.substring(0, first)),
                            line.substring(first + 1, last),
                            line.substring(last + 1));
                })
                .filter(visit ->
                        !visit.updatedAt().isBefore(from) && visit.updatedAt().isBefore(until));
    }
}
