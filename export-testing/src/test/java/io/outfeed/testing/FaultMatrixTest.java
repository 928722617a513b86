package io.outfeed.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.RetryPolicy;
import io.outfeed.RunStatus;
import io.outfeed.delivery.Delivery;
import io.outfeed.file.IfExists;
import io.outfeed.schedule.Schedule;
import io.outfeed.testing.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets every step with an outside effect go wrong, once each, and asks what the receivers have in the end: every record's
 * last version, each version once, whole files, and no gap in the sequence.
 */
class FaultMatrixTest {

    private static final String JOB = "visits-lakeside";

    private enum Receiver {
        LEAVES_FILES,
        TAKES_FILES_AT_ONCE
    }

    private enum Name {
        WITH_SEQUENCE,
        FIXED
    }

    /** In memory where the machine has such a file system: thousands of runs wait for the disk otherwise. */
    @TempDir(factory = InMemory.class)
    private Path directory;

    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "outfeed")
                    : Files.createTempDirectory("outfeed");
        }
    }

    static Stream<Arguments> worlds() {
        return Stream.of(Fault.values())
                .flatMap(fault -> IntStream.rangeClosed(1, 3)
                        .boxed()
                        .flatMap(destinations -> Stream.of(Receiver.values())
                                .flatMap(receiver -> Stream.of(Name.values())
                                        .flatMap(name -> retries(fault)
                                                .map(retries ->
                                                        Arguments.of(fault, destinations, receiver, name, retries))))));
    }

    /** A crash ends a run before it can try again. */
    private static Stream<RetryPolicy> retries(Fault fault) {
        boolean crash = fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER;
        return crash ? Stream.of(RetryPolicy.none()) : Stream.of(RetryPolicy.none(), new RetryPolicy(2, Duration.ZERO));
    }

    @ParameterizedTest(name = "{0} with {1} destinations, receiver {2}, name {3}, {4}")
    @MethodSource("worlds")
    void should_deliver_each_version_once_whatever_goes_wrong(
            Fault fault, int destinations, Receiver receiver, Name name, RetryPolicy retries) {
        int cases = 0;
        while (true) {
            FaultPlan plan = new FaultPlan(fault, cases);
            World world = new World(directory.resolve(Integer.toString(cases)), destinations, receiver, name, retries);
            world.live(plan);
            if (!plan.happened()) {
                break;
            }
            world.check(fault + " at step " + cases + ", " + plan.steps().get(cases));
            cases++;
        }
        assertThat(cases).isGreaterThan(4);
        System.out.printf(
                "%s, %d destinations, receiver %s, name %s, %s: %d cases%n",
                fault, destinations, receiver, name, retries, cases);
    }

    /** One life: two days before the fault and in it, three days after. */
    private static final class World {

        private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-02T00:00:00Z"));
        private final InMemoryStore store = new InMemoryStore();
        private final ListSource<Visit> source = Visit.source();
        private final Map<Long, String> truth = new HashMap<>();
        private final List<InMemoryDelivery> destinations;
        private final Receiver receiver;
        private final Name name;
        private final Path directory;
        private final RetryPolicy retries;
        private int version;

        World(Path directory, int destinations, Receiver receiver, Name name, RetryPolicy retries) {
            this.retries = retries;
            this.directory = directory;
            this.destinations = IntStream.range(0, destinations)
                    .mapToObj(i -> InMemoryDelivery.create("destination-" + i))
                    .toList();
            this.receiver = receiver;
            this.name = name;
        }

        void live(FaultPlan plan) {
            change(1, 2, 3);
            try {
                day(plan, 1);
                change(2, 4);
                day(plan, 1);
            } catch (FaultPlan.Crash crash) {
                store.breakLock(JOB);
            }
            change(3, 5);
            day(FaultPlan.none(), 1);
            change(1);
            day(FaultPlan.none(), 2);
        }

        private void change(long... ids) {
            for (long id : ids) {
                String note = "v" + ++version;
                truth.put(id, note);
                source.put(new Visit(id, note, clock.instant()));
            }
        }

        /** A host's life from start to stop. */
        private void day(FaultPlan plan, int days) {
            ManualScheduler scheduler = new ManualScheduler(clock);
            ExportEngine engine = ExportEngine.builder()
                    .directory(directory)
                    .store(plan.wrap(store))
                    .scheduler(scheduler)
                    .clock(clock)
                    .retry(retries)
                    .build();
            engine.add(job(plan));
            engine.start();
            for (int hour = 0; hour < days * 24; hour++) {
                scheduler.advance(Duration.ofHours(1));
                if (receiver == Receiver.TAKES_FILES_AT_ONCE) {
                    destinations.forEach(InMemoryDelivery::takeAll);
                }
            }
            engine.close();
        }

        private ExportJob job(FaultPlan plan) {
            return ExportJob.builder(
                            JOB,
                            Visit.export(
                                            source,
                                            f -> f.name(name == Name.FIXED ? "visits.csv" : "visits-{sequence}.csv")
                                                    .ifExists(name == Name.FIXED ? IfExists.REPLACE : IfExists.FAIL))
                                    .build())
                    .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                    .deliverTo(destinations.stream().map(plan::wrap).toArray(Delivery[]::new))
                    .build();
        }

        void check(String what) {
            for (InMemoryDelivery destination : destinations) {
                List<String> rows = new ArrayList<>();
                for (DeliveredFile file : destination.arrivals()) {
                    assertThat(file.lines().get(0)).as(what).isEqualTo("id,note");
                    rows.addAll(file.lines().subList(1, file.lines().size()));
                }
                Set<String> once = new HashSet<>(rows);
                assertThat(rows)
                        .as("%s: rows, each once, at %s", what, destination)
                        .hasSameSizeAs(once);
                Map<Long, String> last = new HashMap<>();
                rows.forEach(row -> last.put(
                        Long.valueOf(row.substring(0, row.indexOf(','))), row.substring(row.indexOf(',') + 1)));
                assertThat(last)
                        .as("%s: last versions at %s", what, destination)
                        .isEqualTo(truth);
                assertThat(destination.temporaryNames()).as(what).isEmpty();
                if (name == Name.WITH_SEQUENCE) {
                    assertThat(destination.arrivals())
                            .as(what)
                            .extracting(DeliveredFile::path)
                            .containsExactlyElementsOf(IntStream.rangeClosed(
                                            1, destination.arrivals().size())
                                    .mapToObj(i -> "visits-" + i + ".csv")
                                    .toList());
                }
            }
            assertThat(store.unfinishedRuns(JOB)).as(what).isEmpty();
            List<ExportRun> committed = store.runs(JOB, 100).stream()
                    .filter(run -> run.status() == RunStatus.COMMITTED)
                    .toList();
            assertThat(committed).as(what).hasSize((int) store.positions(JOB).sequence());
        }
    }
}
