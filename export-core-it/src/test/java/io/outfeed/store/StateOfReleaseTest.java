package io.outfeed.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.backfill.Backfill;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.error.DeliveryException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.Position;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The directory that an engine of a released version has left: the engine of now reads all of it and goes on, with the
 * bytes of a run that waits.
 *
 * <p>Until a version is released its directory is written anew when it changes: {@code -Doutfeed.record=true}.
 */
class StateOfReleaseTest {

    private static final String RELEASE = "0.1.0";
    private static final Instant SEVEN = Instant.parse("2026-03-02T07:00:00Z");
    private static final String REASON = "the registrar has asked for it, \\ and é \n in two lines";

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(SEVEN);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ListSource<Visit> visits = Visit.source();
    private final ManualScheduler scheduler = new ManualScheduler(clock);

    @BeforeEach
    void putVisit() {
        visits.put(Visit.of(1, "first", "2026-03-02T05:00:00Z"));
    }

    // ---- the host, which is the same in all versions

    private ExportEngine engine() {
        return ExportEngine.builder()
                .directory(directory)
                .clock(clock)
                .scheduler(scheduler)
                .retryPolicy(new RetryPolicy(1, Duration.ZERO))
                .build();
    }

    private ExportJob.Builder job(String name, InMemoryDelivery... deliveries) {
        return ExportJob.builder(
                        name,
                        Visit.export(
                                        visits,
                                        f -> f.name(name + "-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                                .build())
                .deliverTo(deliveries);
    }

    private void addJobs(ExportEngine engine) {
        engine.add(job("both", lakeside, riverside)
                .schedule(Schedule.daily(LocalTime.of(6, 0), ZoneOffset.UTC))
                .controlFiles(c -> c.doneFile("{file}.done"))
                .build());
        engine.add(job("empty", lakeside).build());
        engine.add(job("waiting", riverside).build());
        engine.add(job("paused", lakeside).build());
        engine.add(job("backfilled", lakeside).build());
    }

    private void live(ExportEngine engine) {
        addJobs(engine);
        engine.job("both").runNow();
        engine.job("empty").runNow();
        clock.advance(Duration.ofHours(1));
        engine.job("empty").runNow();
        engine.job("paused").pause(REASON);
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(engine.job("waiting")::runNow).isInstanceOf(DeliveryException.class);
        engine.add(job("old-name", lakeside).build());
        engine.job("old-name").runNow();
        engine.rename("old-name", job("renamed", lakeside).build());
        engine.job("backfilled").runNow();
        engine.job("backfilled")
                .startBackfill(Backfill.of("visits", SEVEN.minus(Duration.ofHours(3)), SEVEN)
                        .inChunksOf(Duration.ofHours(1)));
        engine.appendAudit(new AuditEntry(
                new UUID(1, 2).toString(),
                clock.instant(),
                "registrar",
                "pause",
                Optional.of("paused"),
                "",
                REASON,
                AuditEntry.Outcome.DONE,
                ""));
    }

    // ---- its directory

    @Test
    @EnabledIfSystemProperty(named = "outfeed.record", matches = "true")
    void should_record_the_directory() throws IOException {
        try (ExportEngine engine = engine()) {
            live(engine);
        }
        Path release =
                Path.of(System.getProperty("basedir", ""), "src/test/resources/io/outfeed/store/releases", RELEASE);
        if (Files.exists(release)) {
            try (Stream<Path> old = Files.walk(release)) {
                old.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
            }
        }
        copy(directory, release);
        assertThat(release).isNotEmptyDirectory();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.createDirectories(requireNonNull(target.getParent()));
                Files.copy(path, target);
            }
        }
    }

    @BeforeEach
    void leaveDirectory() throws IOException, URISyntaxException {
        if (!Boolean.getBoolean("outfeed.record")) {
            copy(
                    Path.of(requireNonNull(StateOfReleaseTest.class.getResource("releases/" + RELEASE))
                            .toURI()),
                    directory);
        }
    }

    // ---- the engine of now

    private static String text(ExportRun run) {
        return run.number() + " " + run.job() + " " + run.status() + " rows="
                + run.rows() + " "
                + run.deliveries().stream()
                        .map(step -> step.path() + "@" + step.delivery() + ":" + step.state())
                        .sorted()
                        .toList();
    }

    @Test
    void should_have_what_the_release_has_left() {
        try (ExportEngine engine = engine()) {
            addJobs(engine);

            assertThat(engine.runs(RunQuery.all()).runs().stream().map(StateOfReleaseTest::text))
                    .containsExactly(
                            "6 backfilled COMMITTED rows=1 [backfilled-1.csv@lakeside:PUBLISHED]",
                            "5 renamed COMMITTED rows=1 [old-name-1.csv@lakeside:PUBLISHED]",
                            "4 waiting WAITING rows=1 [waiting-1.csv@riverside:PREPARED]",
                            "3 empty EMPTY rows=0 []",
                            "2 empty COMMITTED rows=1 [empty-1.csv@lakeside:PUBLISHED]",
                            "1 both COMMITTED rows=1 [both-1.csv.done@lakeside:PUBLISHED,"
                                    + " both-1.csv.done@riverside:PUBLISHED, both-1.csv@lakeside:PUBLISHED,"
                                    + " both-1.csv@riverside:PUBLISHED]");
            assertThat(engine.job("both").position("visits")).contains(Position.of(SEVEN));
            assertThat(engine.job("paused").summary().pause())
                    .hasValueSatisfying(pause -> assertThat(pause.reason()).isEqualTo(REASON));
            assertThat(engine.incidents(IncidentQuery.all())).hasSize(1);
            assertThat(engine.audit(AuditQuery.all()))
                    .singleElement()
                    .satisfies(line -> assertThat(line.entry().reason()).isEqualTo(REASON));
            assertThatThrownBy(() -> engine.add(job("old-name", lakeside).build()))
                    .hasMessageContaining("it was renamed to 'renamed'");
        }
    }

    /** The lines of the last step of a run that has ended, which has all of it. */
    private static List<String> lines(String steps) {
        String last = steps.substring(steps.lastIndexOf("# outfeed "));
        assertThat(last).contains(" whole ");
        return last.lines().skip(1).toList();
    }

    @Test
    void should_lose_nothing_of_a_run_that_has_ended() throws IOException {
        try (ExportEngine engine = engine();
                Stream<Path> paths = Files.walk(directory.resolve("store/jobs"))) {
            List<Path> runs =
                    paths.filter(path -> path.toString().contains("/runs/")).toList();
            assertThat(runs).hasSize(5);
            for (Path run : runs) {
                long number = Long.parseLong(run.getFileName().toString());
                String now = RunStep.whole(engine.run(number).run()).text();

                assertThat(lines(now)).as("run %d", number).containsAll(lines(Files.readString(run)));
            }
        }
    }

    @Test
    void should_go_on_where_the_release_has_ended() {
        visits.put(Visit.of(1, "changed", "2026-03-02T09:00:00Z"), Visit.of(2, "second", "2026-03-02T09:00:00Z"));
        clock.set(SEVEN.plus(Duration.ofHours(3)));
        try (ExportEngine engine = engine()) {
            addJobs(engine);

            ExportRun next = engine.job("both").runNow();
            ExportRun finished = engine.job("waiting").runNow();

            assertThat(next.number()).as("after the runs of the release").isGreaterThan(6);
            assertThat(lakeside.file("both-2.csv").lines()).containsExactly("id,note", "1,changed", "2,second");
            assertThat(finished.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(riverside.file("waiting-1.csv").lines())
                    .as("as it was staged, whatever the source has now")
                    .containsExactly("id,note", "1,first");
            assertThat(riverside.files()).extracting(DeliveredFile::path).contains("both-2.csv", "both-2.csv.done");
        }
    }

    @Test
    void should_continue_the_backfill_that_the_release_has_begun() {
        try (ExportEngine engine = engine()) {
            addJobs(engine);
            clock.set(SEVEN.plus(Duration.ofHours(2)));
            engine.start();
            scheduler.advance(Duration.ofMinutes(1));

            assertThat(engine.job("backfilled").backfillProgress()).hasValueSatisfying(progress -> {
                assertThat(progress.status()).isEqualTo(BackfillProgress.Status.COMPLETED);
                assertThat(progress.done()).isEqualTo(3);
            });
        }
    }
}
