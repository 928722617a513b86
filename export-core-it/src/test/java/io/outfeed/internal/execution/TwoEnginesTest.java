package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Publication;
import io.outfeed.error.ExportException;
import io.outfeed.error.StoreException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.support.DeploymentLoader;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.HookedDelivery.Point;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two engines that want the same job: only one of them may have it, and what both do to a run is done once. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TwoEnginesTest {

    private static final String JOB = "visits-lakeside";
    private static final String LOST =
            "the lock of job 'visits-lakeside' was lost: nothing was written, its new owner continues";

    @TempDir
    private Path directory;

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T07:00:00Z"));
    private final InMemoryStore store = new InMemoryStore();
    private final ListSource<Visit> source = Visit.source();
    private final List<InMemoryDelivery> destinations =
            List.of(InMemoryDelivery.create("lakeside"), InMemoryDelivery.create("archive"));
    private final Map<Long, String> truth = new HashMap<>();
    private int version;

    // ---- one directory

    @Test
    void should_refuse_a_second_engine_in_one_process() {
        try (ExportEngine first = ExportEngine.builder().directory(directory).build()) {
            assertThatThrownBy(() -> ExportEngine.builder().directory(directory).build())
                    .isInstanceOf(StoreException.class)
                    .hasMessage(inUse());

            first.add(job(destinations.get(0)));
            assertThat(first.job(JOB).runNow().status()).isEqualTo(RunStatus.COMMITTED);
        }
        ExportEngine.builder().directory(directory).build().close();
    }

    @Test
    void should_refuse_a_second_engine_in_another_process() throws Exception {
        try (ExportEngine first = ExportEngine.builder().directory(directory).build()) {
            assertThat(openInAnotherProcess()).isEqualTo("refused: " + inUse());

            first.add(job(destinations.get(0)));
            assertThat(first.job(JOB).runNow().status()).isEqualTo(RunStatus.COMMITTED);
        }
        assertThat(openInAnotherProcess()).isEqualTo("opened");
    }

    @Test
    void should_stay_locked_when_an_engine_of_another_class_loader_is_refused() throws Exception {
        Callable<?> other = (Callable<?>) new DeploymentLoader()
                .loadClass(SecondEngine.class.getName())
                .getConstructor(Path.class)
                .newInstance(directory);
        try (ExportEngine first = ExportEngine.builder().directory(directory).build()) {
            assertThat(other.call()).isEqualTo("refused: " + inUse());

            assertThat(openInAnotherProcess()).isEqualTo("refused: " + inUse());
            first.add(job(destinations.get(0)));
            assertThat(first.job(JOB).runNow().status()).isEqualTo(RunStatus.COMMITTED);
        }
        assertThat(other.call()).isEqualTo("opened");
        assertThat(openInAnotherProcess()).isEqualTo("opened");
    }

    private String inUse() {
        return "another engine uses " + directory.resolve("store")
                + ": close it first, or give each engine a directory of its own";
    }

    private String openInAnotherProcess() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecondEngine.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    /** An engine that wants the directory, in another process or of another class loader. */
    public static final class SecondEngine implements Callable<String> {

        private final Path directory;

        public SecondEngine(Path directory) {
            this.directory = directory;
        }

        public static void main(String[] arguments) {
            System.out.println(new SecondEngine(Path.of(arguments[0])).call());
        }

        @Override
        public String call() {
            try {
                ExportEngine.builder().directory(directory).build().close();
                return "opened";
            } catch (StoreException e) {
                return "refused: " + e.getMessage();
            }
        }
    }

    // ---- a lock that is lost

    private enum Receiver {
        LEAVES_FILES,
        TAKES_FILES_AT_ONCE
    }

    static Stream<Arguments> worlds() {
        return EnumSet.complementOf(EnumSet.of(Point.BEFORE_DISCARD)).stream() // nothing failed: nothing is discarded
                .flatMap(point -> IntStream.range(0, 2)
                        .boxed()
                        .flatMap(destination -> Stream.of(Receiver.values())
                                .map(receiver -> Arguments.of(point, destination, receiver))));
    }

    /** Closing comes after the last receipt is on record and before the positions move. */
    @ParameterizedTest(name = "{0} at destination {1}, receiver {2}")
    @MethodSource("worlds")
    void should_leave_a_run_to_the_engine_that_took_it_over(Point point, int destination, Receiver receiver) {
        change(1, 2, 3);
        clock.advance(Duration.ofHours(1));
        Delivery[] hooked = destinations.toArray(Delivery[]::new);
        hooked[destination] = new HookedDelivery(destinations.get(destination), point, () -> takeOver(receiver));

        ExportException failure = catchThrowableOfType(
                ExportException.class, () -> engine(hooked).job(JOB).runNow());

        assertThat(Stream.concat(Stream.of(failure), Stream.of(failure.getSuppressed())))
                .as("%s", failure)
                .anySatisfy(
                        e -> assertThat(e).isInstanceOf(StoreException.class).hasMessage(LOST));
        ExportRun first = store.run(1).orElseThrow();
        assertThat(first.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(first.attempts())
                .extracting(Attempt::outcome)
                .containsExactly(Attempt.Outcome.CRASHED, Attempt.Outcome.COMPLETED);
        assertThat(store.run(2).orElseThrow().status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(store.positions(JOB).run()).isEqualTo(2);
        check(2);

        change(3);
        clock.advance(Duration.ofHours(1));
        engine(destinations.toArray(Delivery[]::new)).job(JOB).runNow();
        check(3);
    }

    /** What another node does which thinks that the first one is dead. */
    private void takeOver(Receiver receiver) {
        store.breakLock(JOB);
        change(2, 4);
        clock.advance(Duration.ofHours(1));
        JobHandle job = engine(destinations.toArray(Delivery[]::new)).job(JOB);
        if (job.runNow().number() == 1) { // the next attempt of the run, with its bytes if it had staged them
            job.runNow();
        }
        if (receiver == Receiver.TAKES_FILES_AT_ONCE) {
            destinations.forEach(InMemoryDelivery::takeAll);
        }
    }

    @Test
    void should_publish_once_when_the_old_owner_renames_while_the_new_one_finishes() {
        change(1, 2, 3);
        clock.advance(Duration.ofHours(1));
        CompletableFuture<Void> oldOwnerWaits = new CompletableFuture<>();
        CompletableFuture<Void> newOwnerCame = new CompletableFuture<>();
        Delivery oldOwners = new HookedDelivery(destinations.get(0), Point.BEFORE_PUBLISH, () -> {
            oldOwnerWaits.complete(null);
            newOwnerCame.join();
        });
        ExportEngine oldEngine = engine(oldOwners, destinations.get(1));
        CompletableFuture<ExportException> failure = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                ExportException.class, () -> oldEngine.job(JOB).runNow()));
        oldOwnerWaits.join();
        store.breakLock(JOB);
        Delivery newOwners = new HookedDelivery(destinations.get(0), Point.BEFORE_PUBLISH, () -> {
            newOwnerCame.complete(null);
            failure.join();
        });

        engine(newOwners, destinations.get(1)).job(JOB).runNow();

        assertThat(failure.join()).isInstanceOf(StoreException.class).hasMessage(LOST);
        ExportRun run = store.run(1).orElseThrow();
        assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(run.deliveries())
                .extracting(
                        FileDelivery::delivery,
                        step -> step.receipt().orElseThrow().publication())
                .containsExactly(tuple("lakeside", Publication.INFERRED), tuple("archive", Publication.ATOMIC));
        check(2);
    }

    // ---- the world

    private void change(long... ids) {
        for (long id : ids) {
            String note = "v" + ++version;
            truth.put(id, note);
            source.put(new Visit(id, note, clock.instant()));
        }
    }

    private ExportEngine engine(Delivery... deliveries) {
        ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .store(store)
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .build();
        engine.add(job(deliveries));
        return engine;
    }

    private ExportJob job(Delivery... deliveries) {
        return ExportJob.builder(JOB, Visit.export(source))
                .deliverTo(deliveries)
                .build();
    }

    private void check(int files) {
        for (InMemoryDelivery destination : destinations) {
            assertThat(destination.arrivals())
                    .as("%s", destination)
                    .extracting(DeliveredFile::path)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, files)
                            .mapToObj(sequence -> "visits-" + sequence + ".csv")
                            .toList());
            assertThat(destination.temporaryNames()).isEmpty();
            List<String> rows = destination.arrivals().stream()
                    .flatMap(file -> file.lines().stream().skip(1))
                    .toList();
            assertThat(rows).as("%s", destination).doesNotHaveDuplicates();
            Map<Long, String> last = new HashMap<>();
            rows.forEach(row ->
                    last.put(Long.valueOf(row.substring(0, row.indexOf(','))), row.substring(row.indexOf(',') + 1)));
            assertThat(last).as("last versions at %s", destination).isEqualTo(truth);
        }
        assertThat(store.unfinishedRuns(JOB)).isEmpty();
        assertThat(store.positions(JOB).sequence()).isEqualTo(files);
        assertThat(store.runs(RunQuery.ofJob(JOB).limit(100)).stream()
                        .filter(run -> run.status() == RunStatus.COMMITTED))
                .hasSize(files);
    }
}
