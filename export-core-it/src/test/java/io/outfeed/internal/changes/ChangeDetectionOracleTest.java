package io.outfeed.internal.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.ExportException;
import io.outfeed.error.RunHeldException;
import io.outfeed.operation.JobHandle;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceOrder;
import io.outfeed.support.FaultPlan;
import io.outfeed.support.FaultPlan.Fault;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.support.SimulatedProcess;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A receiver that applies what it gets, strictly: a row is added only if it is not there, changed only if it is there
 * with other cells, removed only if it is there. In the end it has what the source has, whatever went wrong in between.
 */
class ChangeDetectionOracleTest {

    private static final String JOB = "visits-lakeside";
    private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
    private static final List<Fault> FAULTS = List.of(Fault.values());
    private static final long SEED = Long.getLong("changes.seed", 20_260_302L);
    private static final int LIVES = Integer.getInteger("changes.lives", 40);

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    private enum Shape {
        COLUMN,
        THREE_FILES
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void should_deliver_each_change_once_whichever_step_goes_wrong(Fault fault) {
        int cases = 0;
        for (Shape shape : Shape.values()) {
            int at = 0;
            while (true) {
                FaultPlan plan = new FaultPlan(fault, at);
                World world = new World(directory.resolve(shape + "-" + at), shape, new Random(SEED));
                world.source.put(1L, "a");
                world.source.put(2L, "b");
                world.source.put(3L, "c");
                world.run(FaultPlan.none());
                world.source.put(2L, "changed");
                world.source.remove(3L);
                world.source.put(4L, "added");
                world.run(plan);
                world.source.put(3L, "again");
                world.source.put(2L, "changed twice");
                world.source.remove(1L);
                world.run(FaultPlan.none());
                world.source.remove(4L);
                world.run(FaultPlan.none());
                if (!plan.happened()) {
                    break;
                }
                world.check(fault + " at step " + at + ", " + plan.steps().get(at));
                at++;
            }
            assertThat(at).isGreaterThan(2);
            cases += at;
        }
        System.out.printf("changes: %s at each of %d steps, each change arrived once%n", fault, cases);
    }

    @Test
    void should_end_with_the_rows_of_the_source_after_many_edits_runs_and_faults() {
        Random random = new Random(SEED);
        int runs = 0;
        int faults = 0;
        int edits = 0;
        int changes = 0;
        for (int life = 0; life < LIVES; life++) {
            World world = new World(
                    directory.resolve("life-" + life), life % 2 == 0 ? Shape.COLUMN : Shape.THREE_FILES, random);
            for (int i = 0; i < 15; i++) {
                edits += world.edit();
                FaultPlan plan = random.nextBoolean()
                        ? FaultPlan.none()
                        : new FaultPlan(FAULTS.get(random.nextInt(FAULTS.size())), random.nextInt(14));
                world.run(plan);
                runs++;
                faults += plan.happened() ? 1 : 0;
            }
            world.repair();
            world.run(FaultPlan.none()); // an attempt of a run that waits has the bytes of its first one
            world.run(FaultPlan.none());
            changes += world.check("life " + life + " of seed " + SEED);
        }
        System.out.printf(
                "changes: %d lives, %d runs, %d faults, %d edits, %d rows delivered: the receivers have what the"
                        + " sources have%n",
                LIVES, runs, faults, edits, changes);
        assertThat(faults).isGreaterThan(LIVES);
    }

    private static final class World {

        private final SettableClock clock = SettableClock.at(START);
        private final InMemoryStore store = new InMemoryStore();
        private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        private final Map<Long, String> source = new TreeMap<>();
        private final Path directory;
        private final Shape shape;
        private final Random random;

        World(Path directory, Shape shape, Random random) {
            this.directory = directory;
            this.shape = shape;
            this.random = random;
        }

        int edit() {
            int edits = random.nextInt(8);
            for (int i = 0; i < edits; i++) {
                long key = random.nextInt(30);
                switch (random.nextInt(5)) {
                    case 0, 1 -> source.remove(key);
                    case 2 -> source.put(key, "bad");
                    default -> source.put(key, "note " + random.nextInt(3));
                }
            }
            return edits;
        }

        void repair() {
            source.replaceAll((key, note) -> note.equals("bad") ? "corrected" : note);
        }

        /** A process: it may die, or fail, or do its work. */
        void run(FaultPlan plan) {
            clock.advance(Duration.ofHours(1));
            try (ExportEngine engine = ExportEngine.builder()
                    .directory(directory)
                    .store(plan.wrap(store))
                    .scheduler(new ManualScheduler(clock))
                    .clock(clock)
                    .retryPolicy(RetryPolicy.none())
                    .renameLooks(Duration.ZERO)
                    .build()) {
                JobHandle job = engine.add(job(plan.wrap(lakeside)));
                try {
                    job.runNow();
                } catch (RunHeldException e) { // three crashes in a row
                    engine.run(e.run()).release();
                }
            } catch (ExportException e) {
                assertThat(plan.happened()).as("%s", e).isTrue();
            } catch (SimulatedProcess.Crash crash) {
                store.breakLock(JOB);
            }
        }

        private ExportJob job(Delivery delivery) {
            boolean sorted = random.nextBoolean();
            ChangeDetection changes = ChangeDetection.keyedBy("id");
            return ExportJob.builder(
                            JOB,
                            ExportDefinition.builder("visits", Visit.class)
                                    .source(RecordSource.ofCollection(window -> records(sorted)))
                                    .sourceOrder(sorted ? SourceOrder.BY_KEY : SourceOrder.ANY)
                                    .recordKey(Visit::id)
                                    .watermark(Watermark.fullSnapshot())
                                    .changes(shape == Shape.COLUMN ? changes : changes.threeFiles())
                                    .fields(f -> f.field("id", Visit::id).field("note", World::note))
                                    .rejectPolicy(RejectPolicy.skipUpTo(1_000))
                                    .file(f -> f.name("visits-{sequence}.csv"))
                                    .build())
                    .deliverTo(delivery)
                    .build();
        }

        private static String note(Visit visit) {
            if (visit.note().equals("bad")) {
                throw new IllegalStateException("can't be mapped, as the test wants");
            }
            return visit.note();
        }

        private List<Visit> records(boolean sorted) {
            List<Visit> records = new ArrayList<>();
            source.forEach((id, note) -> records.add(new Visit(id, note, START)));
            if (!sorted) {
                Collections.shuffle(records, random);
            }
            return records;
        }

        /**
         * Throws if the receiver got something twice, or has something else than the source; returns how many rows it
         * got.
         */
        int check(String what) {
            Map<Long, String> receiver = new HashMap<>();
            Set<String> files = new HashSet<>();
            int rows = 0;
            for (DeliveredFile file : lakeside.arrivals()) {
                assertThat(files.add(file.path()))
                        .as("%s: %s comes once", what, file.path())
                        .isTrue();
                for (String line : file.lines().subList(1, file.lines().size())) {
                    apply(what + ", " + file.path() + ": " + line, code(file), line, receiver);
                    rows++;
                }
            }
            assertThat(receiver).as(what).isEqualTo(source);
            assertThat(store.unfinishedRuns(JOB)).as(what).isEmpty();
            return rows;
        }

        private static String code(DeliveredFile file) {
            String path = file.path();
            return path.endsWith("-added.csv")
                    ? "A,"
                    : path.endsWith("-changed.csv") ? "C," : path.endsWith("-removed.csv") ? "D," : "";
        }

        private static void apply(String what, String code, String line, Map<Long, String> receiver) {
            String[] cells = (code + line).split(",", -1);
            long id = Long.parseLong(cells[1]);
            String before = receiver.get(id);
            switch (cells[0]) {
                case "A" -> {
                    assertThat(before).as(what).isNull();
                    receiver.put(id, cells[2]);
                }
                case "C" -> {
                    assertThat(before).as(what).isNotNull().isNotEqualTo(cells[2]);
                    receiver.put(id, cells[2]);
                }
                case "D" -> {
                    assertThat(before).as(what).isNotNull();
                    receiver.remove(id);
                }
                default -> throw new AssertionError(what);
            }
        }
    }
}
