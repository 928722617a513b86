package io.outfeed.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.file.WhenEmpty;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Strace;
import io.outfeed.support.Visit;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a small run by schedule waits for the disk, with the file store: strace counts it. */
@Tag("slow")
class SmallRunFlushesTest {

    private static final Pattern SYNC = Pattern.compile("\\d+ +f(?:data)?sync\\(.*= 0");
    private static final int FEW = 3;
    private static final int MORE = 13;

    @TempDir
    private Path home;

    @Test
    void should_be_7_for_a_run_that_finds_nothing() throws Exception {
        Strace.assumeThere();

        assertThat(flushesOfTenRuns(0)).isEqualTo(10 * 7);
    }

    @Test
    void should_be_16_for_a_run_with_a_file_in_a_directory() throws Exception {
        Strace.assumeThere();

        assertThat(flushesOfTenRuns(1)).isEqualTo(10 * 16);
    }

    /** Of later runs: the first one creates directories, and reserves numbers for those after it. */
    private long flushesOfTenRuns(int records) throws Exception {
        return flushes("more", MORE, records) - flushes("few", FEW, records);
    }

    private long flushes(String name, int runs, int records) throws Exception {
        Path directory = Files.createDirectory(home.resolve(name));
        int exit = Strace.run(
                directory,
                List.of("--seccomp-bpf", "-y", "-e", "trace=fsync,fdatasync", "-e", "signal=none"),
                Host.class,
                Integer.toString(runs),
                Integer.toString(records));
        assertThat(exit).as(() -> directory.resolve("output").toString()).isZero();
        try (Stream<String> lines = Files.lines(directory.resolve("strace"))) {
            return lines.filter(line -> SYNC.matcher(line).matches()).count();
        }
    }

    /** Runs a job as often as its second argument says, with as many records each time as its third. */
    static final class Host {

        private Host() {}

        public static void main(String[] arguments) throws Exception {
            Path home = Path.of(arguments[0]);
            int runs = Integer.parseInt(arguments[1]);
            int records = Integer.parseInt(arguments[2]);
            SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
            ManualScheduler scheduler = new ManualScheduler(clock);
            ExportDefinition<Visit> definition = Visit.export(
                            Visit.source(), f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                    .source(RecordSource.between((from, until) ->
                            Stream.of(new Visit(1, "a", until.minusSeconds(60))).limit(records)))
                    .build();
            ExportJob job = ExportJob.builder("visits", definition)
                    .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                    .deliverTo(DirectoryDelivery.to("lakeside", Files.createDirectory(home.resolve("lakeside"))))
                    .build();
            try (ExportEngine engine = ExportEngine.builder()
                    .directory(home.resolve("engine"))
                    .clock(clock)
                    .scheduler(scheduler)
                    .build()) {
                engine.add(job);
                engine.start();
                for (int run = 0; run < runs; run++) {
                    scheduler.advance(Duration.ofDays(1));
                }
                RunStatus expected = records == 0 ? RunStatus.EMPTY : RunStatus.COMMITTED;
                List<ExportRun> ended = engine.runs(
                                RunQuery.ofJob("visits").status(expected).limit(runs + 1))
                        .runs();
                if (ended.size() != runs) {
                    throw new IllegalStateException("runs: " + ended);
                }
            }
        }
    }
}
