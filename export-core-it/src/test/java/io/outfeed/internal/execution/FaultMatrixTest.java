package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.ArchiveEntry;
import io.outfeed.support.ChangingVisits;
import io.outfeed.support.FaultPlan;
import io.outfeed.support.FaultPlan.Fault;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.support.Naming;
import io.outfeed.support.Runs;
import io.outfeed.support.SimulatedHost;
import io.outfeed.support.SimulatedProcess;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets every step with an outside effect go wrong, once each, and asks what the receivers have in the end: every
 * record's last version, each version once, whole files, and no gap in the sequence.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class FaultMatrixTest {

    private static final String JOB = "visits-lakeside";

    private enum Receiver {
        LEAVES_FILES,
        TAKES_FILES_AT_ONCE,
        /** Each other fire finds the file of the one before. */
        TAKES_FILES_EVERY_TWO_DAYS
    }

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    private enum Rename {
        SUPPORTED,
        /** As mail: nothing shows that a file was sent, so that it may come twice. */
        NOT_SUPPORTED
    }

    /**
     * A receiver that leaves files keeps a run waiting for ever; one that takes them late matters only to a run that
     * waits.
     */
    private static boolean suits(Naming name, Receiver receiver, Rename rename) {
        if (name == Naming.WAITING) {
            return receiver != Receiver.LEAVES_FILES && rename == Rename.SUPPORTED;
        }
        return receiver != Receiver.TAKES_FILES_EVERY_TWO_DAYS
                && (name != Naming.KEEP_BOTH || rename == Rename.SUPPORTED);
    }

    private enum Extras {
        NOTHING,
        MANIFEST_AND_DONE_FILE,
        /** Both, next to the archive of the data. */
        ARCHIVE;

        /** One name and two destinations show what there is to see. */
        boolean suits(Naming name, int destinations) {
            return this == NOTHING || (name == Naming.WITH_SEQUENCE && destinations == 2);
        }
    }

    /** What else happens to a run. */
    private enum Meanwhile {
        NOTHING,
        /** After the fault the destinations are away for more than a day: fire times pass. */
        FIRES_WHILE_WAITING,
        /** The destinations are away, and the host starts with another version of the job. */
        CHANGED_WHILE_WAITING,
        /** The destinations are away before the fault, which strikes a run that a later fire time has joined. */
        FIRES_BEFORE_FAULT,
        /** The destinations are away before the fault, which strikes a run that another version is to plan anew. */
        CHANGED_BEFORE_FAULT;

        boolean changes() {
            return this == CHANGED_WHILE_WAITING || this == CHANGED_BEFORE_FAULT;
        }

        boolean outageBeforeFault() {
            return this == FIRES_BEFORE_FAULT || this == CHANGED_BEFORE_FAULT;
        }

        boolean outageAfterFault() {
            return this == FIRES_WHILE_WAITING || this == CHANGED_WHILE_WAITING;
        }

        /** Three destinations and all names are tried without it. */
        boolean suits(int destinations, Receiver receiver, Naming name, Rename rename, Extras extras) {
            if (this == NOTHING) {
                return true;
            }
            boolean replans = receiver != Receiver.TAKES_FILES_EVERY_TWO_DAYS
                    && name != Naming.WAITING
                    && rename == Rename.SUPPORTED;
            return outageBeforeFault()
                    ? replans
                            && destinations == 2
                            && receiver == Receiver.LEAVES_FILES
                            && extras != Extras.MANIFEST_AND_DONE_FILE
                    : replans && destinations < 3 && (destinations == 2 || extras == Extras.NOTHING);
        }
    }

    private record Setting(
            Meanwhile meanwhile,
            Fault fault,
            int destinations,
            Receiver receiver,
            Naming name,
            Rename rename,
            Extras extras,
            RetryPolicy retries) {}

    static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            for (int destinations = 1; destinations <= 3; destinations++) {
                for (Receiver receiver : Receiver.values()) {
                    for (Naming name : Naming.values()) {
                        for (Rename rename : Rename.values()) {
                            if (!suits(name, receiver, rename)) {
                                continue;
                            }
                            for (Extras extras : Extras.values()) {
                                if (!extras.suits(name, destinations)) {
                                    continue;
                                }
                                for (Meanwhile meanwhile : Meanwhile.values()) {
                                    if (!meanwhile.suits(destinations, receiver, name, rename, extras)) {
                                        continue;
                                    }
                                    for (RetryPolicy retries : retries(fault, meanwhile)) {
                                        settings.add(new Setting(
                                                meanwhile,
                                                fault,
                                                destinations,
                                                receiver,
                                                name,
                                                rename,
                                                extras,
                                                retries));
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return settings;
    }

    /** A crash ends a run before it can try again. */
    private static List<RetryPolicy> retries(Fault fault, Meanwhile meanwhile) {
        boolean once = fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER || meanwhile != Meanwhile.NOTHING;
        return once ? List.of(RetryPolicy.none()) : List.of(RetryPolicy.none(), new RetryPolicy(2, Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void should_deliver_each_version_once_whatever_goes_wrong(Setting setting) {
        int cases = 0;
        int duplicates = 0;
        while (true) {
            FaultPlan plan = new FaultPlan(setting.fault(), cases);
            World world = new World(directory.resolve(Integer.toString(cases)), setting);
            world.live(plan);
            if (!plan.happened()) {
                break;
            }
            duplicates += world.check(
                    setting.fault() + " at step " + cases + ", " + plan.steps().get(cases));
            cases++;
        }
        assertThat(cases).isGreaterThan(4);
        if (setting.rename() == Rename.SUPPORTED) {
            assertThat(duplicates).isZero();
        }
        System.out.printf("%s: %d cases, %d files came twice%n", setting, cases, duplicates);
    }

    /** One life: two days before the fault and in it, three days after, and a day of an outage if there is one. */
    private static final class World {

        private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

        private final SettableClock clock = SettableClock.at(START);
        private final InMemoryStore store = new InMemoryStore();
        private final ChangingVisits visits = new ChangingVisits();
        private final List<InMemoryDelivery> destinations;
        private final Setting setting;
        private final SimulatedHost host;

        /** The version of the job that each run must have been planned by. */
        private final Map<Long, Integer> plannedBy = new HashMap<>();

        private int starts;

        World(Path directory, Setting setting) {
            this.host = new SimulatedHost(directory, clock, setting.retries());
            this.setting = setting;
            this.destinations = IntStream.range(0, setting.destinations())
                    .mapToObj(i -> setting.rename() == Rename.SUPPORTED
                            ? InMemoryDelivery.create("destination-" + i)
                            : InMemoryDelivery.withoutRename("destination-" + i))
                    .toList();
        }

        void live(FaultPlan plan) {
            change(1, 2, 3);
            if (setting.meanwhile().outageBeforeFault()) {
                outage();
            }
            try {
                day(plan, 1);
                change(2, 4);
                day(plan, 1);
            } catch (SimulatedProcess.Crash crash) {
                store.breakLock(JOB);
            }
            change(3, 5);
            comeLate(6);
            if (setting.meanwhile().outageAfterFault()) {
                outage();
            }
            day(FaultPlan.none(), 1);
            change(1);
            comeLate(7);
            day(FaultPlan.none(), 2);
            if (setting.name() == Naming.WAITING) {
                destinations.forEach(InMemoryDelivery::takeAll);
                hours(FaultPlan.none(), 6); // the run that waits; the next fire would find its file
            }
        }

        /** Refuses as many connections as attempts come in a day and a half, at one destination after the other. */
        private void outage() {
            for (InMemoryDelivery destination : destinations) {
                for (int attempt = 0; attempt < 40 / destinations.size(); attempt++) {
                    destination.failNext(Operation.OPEN, Failure.REFUSED);
                }
            }
            day(FaultPlan.none(), 1);
            change(5, 8);
        }

        private void change(long... ids) {
            visits.change(clock.instant(), ids);
        }

        private void comeLate(long id) {
            visits.comeLate(runs(), id);
        }

        /** A host's life from start to stop. */
        private void day(FaultPlan plan, int days) {
            hours(plan, days * 24);
        }

        private void hours(FaultPlan plan, int hours) {
            restart();
            host.live(plan.wrap(store), job(plan), hours, handle -> {
                if (takesNow()) {
                    destinations.forEach(InMemoryDelivery::takeAll);
                }
            });
        }

        /** What has published nothing is planned anew by the next version of the job. */
        private void restart() {
            runs().forEach(run -> plannedBy.putIfAbsent(run.number(), starts));
            if (setting.meanwhile().changes()) {
                starts++;
            }
            store.unfinishedRuns(JOB).stream()
                    .filter(run -> !run.publishing())
                    .forEach(run -> plannedBy.put(run.number(), starts));
        }

        private List<ExportRun> runs() {
            return store.runs(RunQuery.ofJob(JOB).limit(100));
        }

        private boolean takesNow() {
            return switch (setting.receiver()) {
                case LEAVES_FILES -> false;
                case TAKES_FILES_AT_ONCE -> true;
                case TAKES_FILES_EVERY_TWO_DAYS -> {
                    Duration since = Duration.between(START, clock.instant());
                    yield since.toHours() % 48 == 47;
                }
            };
        }

        private ExportJob job(FaultPlan plan) {
            ExportJob.Builder job = ExportJob.builder(
                            JOB,
                            Visit.export(visits.source(), setting.name()::applyTo)
                                    .lookback(Duration.ofHours(3))
                                    .fields(f -> f.field("id", Visit::id)
                                            .field("note", Visit::note)
                                            .constant("version " + starts, "-"))
                                    .version(Integer.toString(starts))
                                    .build())
                    .retryFor(Duration.ofDays(3))
                    .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                    .deliverTo(destinations.stream().map(plan::wrap).toArray(Delivery[]::new));
            if (setting.extras() == Extras.ARCHIVE) {
                job.archive("{job}-{sequence}.zip");
            }
            if (setting.extras() != Extras.NOTHING) {
                job.controlFiles(c -> c.manifest("{job}-{sequence}.json").doneFile("{file}.done"));
            }
            return job.build();
        }

        /** Throws if a promise was broken; returns how many files came twice. */
        int check(String what) {
            int duplicates = 0;
            for (InMemoryDelivery destination : destinations) {
                Map<Long, DeliveredFile> byRun = new LinkedHashMap<>();
                Map<Long, Map<String, DeliveredFile>> extras = new HashMap<>();
                for (DeliveredFile file : destination.arrivals()) {
                    DeliveredFile before;
                    if (file.path().endsWith(dataEnding())) {
                        before = byRun.putIfAbsent(file.run(), file);
                    } else {
                        Map<String, DeliveredFile> seen =
                                extras.computeIfAbsent(file.run(), run -> new LinkedHashMap<>());
                        before = seen.putIfAbsent(ending(file), file);
                        checkOrder("%s at %s".formatted(what, destination), file, byRun.get(file.run()), seen);
                    }
                    if (before != null) {
                        assertThat(file.bytes()).as(what).isEqualTo(before.bytes());
                        duplicates++;
                    }
                }
                if (setting.extras() != Extras.NOTHING) {
                    assertThat(extras.keySet()).as(what).isEqualTo(byRun.keySet());
                    assertThat(extras.values()).as(what).allMatch(files -> files.size() == 2);
                }
                byRun.forEach((run, file) -> assertThat(unpacked(file).lines())
                        .as("%s: the version of run %s", what, run)
                        .startsWith("id,note,version " + plannedBy.getOrDefault(run, starts)));
                checkRows(
                        "%s at %s".formatted(what, destination),
                        byRun.values().stream().map(this::unpacked).toList());
                assertThat(destination.temporaryNames()).as(what).isEmpty();
            }
            Runs.checkSettled(
                    what,
                    store,
                    JOB,
                    Duration.between(START, clock.instant()).plusHours(24 - 7).toDays());
            Runs.checkFireTimes(what, store, JOB);
            assertThat(runs())
                    .as("%s: no run without a fire time", what)
                    .allMatch(run -> run.coveredFires().isPresent() || run.status() == RunStatus.SKIPPED);
            return duplicates;
        }

        private String dataEnding() {
            return setting.extras() == Extras.ARCHIVE ? ".zip" : ".csv";
        }

        private ArchiveEntry unpacked(DeliveredFile file) {
            if (setting.extras() != Extras.ARCHIVE) {
                return ArchiveEntry.unarchived(file);
            }
            List<ArchiveEntry> entries = ArchiveEntry.allOf(file);
            assertThat(entries).as(file.toString()).hasSize(1);
            return entries.get(0);
        }

        private static String ending(DeliveredFile file) {
            return file.path().substring(file.path().lastIndexOf('.'));
        }

        /** A manifest appears after its data, and a done file after both. */
        private static void checkOrder(
                String what, DeliveredFile file, @Nullable DeliveredFile data, Map<String, DeliveredFile> seen) {
            if (data == null) {
                throw new AssertionError("%s: %s is visible before the data".formatted(what, file));
            }
            if (ending(file).equals(".done")) {
                assertThat(seen).as("%s: the manifest before %s", what, file).containsKey(".json");
            } else {
                assertThat(file.text())
                        .as("%s: what %s says", what, file)
                        .contains("\"path\": \"" + data.path() + "\"", "\"bytes\": " + data.bytes().length + ",");
            }
        }

        private void checkRows(String what, List<ArchiveEntry> files) {
            visits.check(what, files);
            if (setting.name() == Naming.WITH_SEQUENCE) {
                assertThat(files)
                        .as(what)
                        .extracting(ArchiveEntry::path)
                        .containsExactlyElementsOf(IntStream.rangeClosed(1, files.size())
                                .mapToObj(i -> "visits-" + i + ".csv")
                                .toList());
            }
        }
    }
}
