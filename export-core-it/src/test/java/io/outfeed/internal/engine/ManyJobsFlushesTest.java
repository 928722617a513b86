package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Strace;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often the file store waits for the disk while many jobs are added: strace counts it. */
@Tag("slow")
class ManyJobsFlushesTest {

    private static final Pattern SYNC = Pattern.compile("\\d+ +f(?:data)?sync\\(.*= 0");
    private static final int THOUSANDS = 5;

    @TempDir
    private Path home;

    private long flushes(String name, int jobs) throws Exception {
        Path directory = Files.createDirectory(home.resolve(name));
        int exit = Strace.run(
                directory,
                List.of("--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-e", "signal=none"),
                Host.class,
                Integer.toString(jobs));
        assertThat(exit).as(() -> directory.resolve("output").toString()).isZero();
        try (Stream<String> lines = Files.lines(directory.resolve("strace"))) {
            return lines.filter(line -> SYNC.matcher(line).matches()).count();
        }
    }

    @Test
    void should_be_two_for_each_thousand_jobs() throws Exception {
        Strace.assumeThere();
        long first = flushes("one", 1_000); // with the directories that are created once

        long many = flushes("many", THOUSANDS * 1_000);
        assertThat(many - first).isLessThanOrEqualTo(2 * (THOUSANDS - 1));
        assertThat(first - flushes("none", 0)).as("a directory and a file").isLessThanOrEqualTo(2 + 1);
    }

    /** Adds jobs to an engine, and starts it. */
    static final class Host {

        private Host() {}

        public static void main(String[] arguments) {
            Path home = Path.of(arguments[0]);
            SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
            ExportDefinition<String> definition = ExportDefinition.builder("visits", String.class)
                    .source(RecordSource.of(window -> Stream.empty()))
                    .recordKey(visit -> visit)
                    .watermark(Watermark.fullSnapshot())
                    .fields(f -> f.field("visit", visit -> visit))
                    .file(f -> f.name("visits.csv"))
                    .build();
            List<ExportJob> jobs = IntStream.range(0, Integer.parseInt(arguments[1]))
                    .mapToObj(i -> ExportJob.builder("job-" + i, definition)
                            .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                            .build())
                    .toList();
            try (ExportEngine engine = ExportEngine.builder()
                    .directory(home.resolve("engine"))
                    .clock(clock)
                    .expectDeliveredWithin(Duration.ofHours(2))
                    .scheduler(new ManualScheduler(clock))
                    .build()) {
                engine.addAll(jobs);
                engine.start();
            }
        }
    }
}
