package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.ArchiveEntry;
import io.outfeed.support.ChangingVisits;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.support.LiePlan;
import io.outfeed.support.LiePlan.Recognition;
import io.outfeed.support.LiePlan.Telling;
import io.outfeed.support.Runs;
import io.outfeed.support.SimulatedHost;
import io.outfeed.support.SimulatedProcess;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.LyingDelivery;
import io.outfeed.testing.LyingDelivery.Lie;
import io.outfeed.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets a destination tell each lie, once at every contact that the lie is about, or always for two days, also with a
 * crash right after it, and asks what the receivers have in the end: every record's last version, each version once, no
 * temporary file, and a ledger that says the same. A file may come twice only if its receipt says so, and counts as
 * taken only if a lie has hidden that it was.
 */
@Tag("slow")
class LyingDestinationMatrixTest {

    private static final String JOB = "visits-lakeside";

    /** At so many contacts the process crashes if the lie is told always: what is refused is tried each hour. */
    private static final int MOST_CRASHES = 5;

    private enum Receiver {
        LEAVES_FILES,
        /** Also between a crash and the next start. */
        TAKES_FILES_AT_ONCE
    }

    private enum Name {
        WITH_SEQUENCE("visits-{sequence}.csv", IfExists.FAIL),
        REPLACED("visits.csv", IfExists.REPLACE),
        KEEP_BOTH("visits.csv", IfExists.KEEP_BOTH),
        WAITING("visits.csv", IfExists.WAIT);

        private final String pattern;
        private final IfExists ifExists;

        Name(String pattern, IfExists ifExists) {
            this.pattern = pattern;
            this.ifExists = ifExists;
        }
    }

    /** Where the destination that lies is in the list of the job. */
    private enum Place {
        ALONE,
        BEFORE_AN_HONEST_ONE,
        AFTER_AN_HONEST_ONE
    }

    private enum Extras {
        NOTHING,
        MANIFEST_AND_DONE_FILE
    }

    private record Setting(
            Lie lie,
            Telling telling,
            boolean crash,
            Recognition recognition,
            Place place,
            Receiver receiver,
            Name name,
            Extras extras,
            IfVanished ifVanished,
            RetryPolicy retries) {

        boolean takesAtClose() {
            return lie == Lie.CLOSE_UNANSWERED;
        }

        boolean takenAtCrash() {
            return crash && receiver == Receiver.TAKES_FILES_AT_ONCE;
        }

        /** What is independent is not tried together. */
        boolean isTried() {
            boolean retried = !retries.equals(RetryPolicy.none());
            if (retried || place != Place.ALONE || extras != Extras.NOTHING) {
                return name == Name.WITH_SEQUENCE
                        && recognition == Recognition.KEY
                        && receiver == Receiver.LEAVES_FILES
                        && !(retried && crash);
            }
            boolean unusualName = name == Name.KEEP_BOTH || name == Name.WAITING;
            if (unusualName && (recognition != Recognition.KEY || ifVanished != IfVanished.ASSUME_TAKEN)) {
                return false;
            }
            if (telling == Telling.ALWAYS && crash && recognition != Recognition.KEY) {
                return false;
            }
            return mayHide(lie) || !crash || name == Name.WITH_SEQUENCE;
        }

        boolean isPossible() {
            if (ifVanished == IfVanished.SEND_AGAIN && !mayHide(lie)) {
                return false;
            }
            if (name == Name.WAITING && receiver == Receiver.LEAVES_FILES) {
                return false; // the run would wait for ever
            }
            if (takesAtClose() && (name.ifExists == IfExists.KEEP_BOTH || name.ifExists == IfExists.WAIT)) {
                return false; // no file is seen there
            }
            if (lie == Lie.RENAME_COPIES && takenAtCrash()) {
                return false; // as if nothing had been done: the temporary file is there, and no other
            }
            boolean findsItself = ifVanished == IfVanished.SEND_AGAIN && receiver == Receiver.LEAVES_FILES;
            return switch (recognition) {
                case KEY -> true;
                case TIME, CONTENT -> mayHide(lie) && !takesAtClose();
                case NOTHING -> isTrueOfFailures(lie) && (name == Name.REPLACED || !findsItself);
            };
        }

        /** What the destination says of a request is all that is known if it says nothing of its files. */
        private static boolean isTrueOfFailures(Lie lie) {
            return switch (lie) {
                case RENAME_FAILED_BUT_DONE,
                        RENAME_FAILED_BUT_TAKEN,
                        RENAME_UNANSWERED_BUT_DONE,
                        RENAME_UNANSWERED_BUT_TAKEN,
                        RENAME_DENIED -> true;
                default -> false;
            };
        }
    }

    /** Whether the exporter can't know by the answer that the file is visible. */
    private static boolean mayHide(Lie lie) {
        return hides(lie) || hidesUnlessInspected(lie);
    }

    private static boolean hides(Lie lie) {
        return switch (lie) {
            case RENAME_FAILED_BUT_TAKEN,
                    RENAME_MISSING_BUT_TAKEN,
                    RENAME_UNANSWERED_BUT_TAKEN,
                    CLOSE_UNANSWERED -> true;
            default -> false;
        };
    }

    private static boolean hidesUnlessInspected(Lie lie) {
        return switch (lie) {
            case RENAME_FAILED_BUT_DONE, RENAME_MISSING_BUT_DONE, RENAME_UNANSWERED_BUT_DONE -> true;
            default -> false;
        };
    }

    private static boolean takesUploads(Lie lie) {
        return lie == Lie.UPLOAD_TAKEN || lie == Lie.UPLOAD_TAKEN_AND_NOTICED;
    }

    static List<Setting> settings() {
        return Stream.of(Lie.values())
                .flatMap(lie -> Stream.of(Telling.values())
                        .flatMap(telling -> Stream.of(false, true).flatMap(crash -> settings(lie, telling, crash))))
                .filter(Setting::isPossible)
                .filter(Setting::isTried)
                .toList();
    }

    private static Stream<Setting> settings(Lie lie, Telling telling, boolean crash) {
        List<Setting> settings = new ArrayList<>();
        for (Recognition recognition : Recognition.values()) {
            for (Place place : Place.values()) {
                for (Receiver receiver : Receiver.values()) {
                    for (Name name : Name.values()) {
                        for (Extras extras : Extras.values()) {
                            for (IfVanished ifVanished : IfVanished.values()) {
                                for (RetryPolicy retries :
                                        List.of(RetryPolicy.none(), new RetryPolicy(2, Duration.ZERO))) {
                                    settings.add(new Setting(
                                            lie,
                                            telling,
                                            crash,
                                            recognition,
                                            place,
                                            receiver,
                                            name,
                                            extras,
                                            ifVanished,
                                            retries));
                                }
                            }
                        }
                    }
                }
            }
        }
        return settings.stream();
    }

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    @ParameterizedTest
    @MethodSource("settings")
    void should_deliver_each_version_once_whatever_a_destination_says(Setting setting) {
        boolean once = setting.telling() == Telling.ONCE || setting.crash();
        int cases = 0;
        boolean happened = true;
        while (happened) {
            World world = new World(directory.resolve(Integer.toString(cases)), setting, cases);
            happened = world.live() && once && (setting.telling() == Telling.ONCE || cases < MOST_CRASHES);
            world.check("%s, contact %d".formatted(setting, cases));
            cases++;
        }
        assertThat(cases).isGreaterThan(once ? 1 : 0);
    }

    /** One life: two days with lies, three without. */
    private static final class World {

        private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

        private final SettableClock clock = SettableClock.at(START);
        private final InMemoryStore store = new InMemoryStore();
        private final ChangingVisits visits = new ChangingVisits();
        private final LyingDelivery liar = LyingDelivery.create("liar");
        private final InMemoryDelivery honest = InMemoryDelivery.create("honest");
        private final SimulatedHost host;
        private final Setting setting;
        private final LiePlan lies;
        private boolean crashed;

        World(Path directory, Setting setting, int contact) {
            this.setting = setting;
            this.host = new SimulatedHost(directory, clock, setting.retries());
            this.lies = new LiePlan(
                    liar, setting.lie(), setting.telling(), setting.crash(), setting.recognition(), contact);
            liar.takesAtClose(setting.takesAtClose());
        }

        /** Returns whether the contact was reached. */
        boolean live() {
            if (setting.telling() == Telling.ALWAYS) {
                liar.tellAlways(setting.lie());
            }
            change(1, 2, 3);
            try {
                day(lies, 1);
                change(2, 4);
                day(lies, 1);
            } catch (SimulatedProcess.Crash crash) {
                crashed = true;
                store.breakLock(JOB);
                take();
            }
            liar.beHonest();
            change(3, 5);
            visits.comeLate(runs(), 6);
            day(lies.honest(), 1);
            change(1);
            visits.comeLate(runs(), 7);
            day(lies.honest(), 2);
            return lies.happened();
        }

        private void change(long... ids) {
            visits.change(clock.instant(), ids);
        }

        private List<ExportRun> runs() {
            return store.runs(RunQuery.ofJob(JOB).limit(100));
        }

        private void day(LiePlan plan, int days) {
            host.live(plan.wrap(store), job(plan), days * 24, job -> {
                take();
                askAgain(job);
            });
        }

        private void take() {
            if (setting.receiver() == Receiver.TAKES_FILES_AT_ONCE) {
                liar.destination().takeAll();
                honest.takeAll();
            }
        }

        /** A person finds out what has taken the uploads. */
        private void askAgain(JobHandle job) {
            boolean taken = store.unfinishedRuns(JOB).stream()
                    .flatMap(run -> run.failure().stream())
                    .anyMatch(failure -> failure.code() == FailureCode.TEMPORARY_TAKEN);
            if (taken && clock.instant().isAfter(START.plus(Duration.ofDays(2)))) {
                job.runNow();
            }
        }

        private ExportJob job(LiePlan plan) {
            List<Delivery> deliveries =
                    switch (setting.place()) {
                        case ALONE -> List.of(liar);
                        case BEFORE_AN_HONEST_ONE -> List.of(liar, honest);
                        case AFTER_AN_HONEST_ONE -> List.of(honest, liar);
                    };
            ExportJob.Builder job = ExportJob.builder(
                            JOB,
                            Visit.export(
                                            visits.source(),
                                            f -> f.name(setting.name().pattern).ifExists(setting.name().ifExists))
                                    .lookback(Duration.ofHours(3))
                                    .build())
                    .retryFor(Duration.ofDays(3))
                    .ifVanished(setting.ifVanished())
                    .schedule(Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC))
                    .deliverTo(deliveries.stream().map(plan::wrap).toArray(Delivery[]::new));
            if (setting.extras() == Extras.MANIFEST_AND_DONE_FILE) {
                job.controlFiles(c -> c.manifest("{job}-{sequence}.json").doneFile("{file}.done"));
            }
            return job.build();
        }

        // ---- what there is in the end

        void check(String what) {
            Runs.checkSettled(
                    what,
                    store,
                    JOB,
                    Duration.between(START, clock.instant()).plusHours(24 - 7).toDays());
            if (setting.lie() != Lie.UPLOAD_TAKEN_AND_NOTICED) { // else its bytes are kept: they may have arrived
                Runs.checkFireTimes(what, store, JOB);
            }
            checkDestination("%s at %s".formatted(what, liar), liar.destination(), count(told -> takesUploads(told)));
            if (setting.place() != Place.ALONE) {
                checkDestination("%s at %s".formatted(what, honest), honest, 0);
                assertThat(receipts(honest.id()))
                        .as("%s: receipts of %s", what, honest)
                        .allMatch(receipt -> receipt.publication() == Publication.ATOMIC && !receipt.repeated());
            }
            checkReceipts("%s: receipts of %s for %s".formatted(what, liar, liar.told()));
            assertThat(runs().get(0).litter()).as("%s: litter", what).isEmpty();
            assertThat(committed())
                    .as("%s: unconfirmed", what)
                    .allMatch(run -> run.unconfirmed()
                            == run.deliveries().stream().anyMatch(FileDelivery::assumed));
        }

        private List<ExportRun> committed() {
            return Runs.committed(store, JOB).stream()
                    .sorted(Comparator.comparingLong(ExportRun::number))
                    .toList();
        }

        /** @param takenUploads how many arrivals are uploads that were taken under their temporary names */
        private void checkDestination(String what, InMemoryDelivery destination, long takenUploads) {
            List<ArchiveEntry> data = new ArrayList<>();
            long expected = takenUploads;
            for (ExportRun run : committed()) {
                for (FileDelivery step : steps(run, destination.id())) {
                    DeliveryReceipt receipt = step.receipt().orElseThrow();
                    List<DeliveredFile> arrivals = destination.arrivals().stream()
                            .filter(file -> file.run() == run.number()
                                    && file.path().equals(receipt.location()))
                            .toList();
                    int times = receipt.repeated() ? 2 : 1;
                    expected += times;
                    assertThat(arrivals)
                            .as("%s: arrivals for %s", what, receipt)
                            .hasSizeBetween(times, times + (int) takenUploads);
                    DeliveredFile last = arrivals.get(arrivals.size() - 1);
                    if (takenUploads == 0) {
                        assertThat(arrivals).as(what).allMatch(file -> file.text()
                                .equals(last.text()));
                    }
                    if (step.path().endsWith(".csv")) {
                        data.add(ArchiveEntry.unarchived(last));
                    }
                    checkStillThere(what, destination, step, last);
                }
            }
            assertThat(destination.arrivals()).as("%s: all that came", what).hasSize((int) expected);
            visits.check(what, data);
            assertThat(destination.temporaryNames())
                    .as("%s: temporary files", what)
                    .isEmpty();
        }

        /** The ledger says of a file that is there where it is; others may have replaced it. */
        private void checkStillThere(
                String what, InMemoryDelivery destination, FileDelivery step, DeliveredFile arrived) {
            boolean left = setting.receiver() == Receiver.LEAVES_FILES
                    && setting.name() != Name.REPLACED
                    && !setting.takesAtClose();
            if (left && !step.assumed()) {
                assertThat(destination.file(arrived.path()).text()).as(what).isEqualTo(arrived.text());
            }
        }

        private static List<FileDelivery> steps(ExportRun run, String delivery) {
            return run.deliveries().stream()
                    .filter(step -> step.delivery().equals(delivery))
                    .toList();
        }

        private List<DeliveryReceipt> receipts(String delivery) {
            return committed().stream()
                    .flatMap(run -> steps(run, delivery).stream())
                    .map(step -> step.receipt().orElseThrow())
                    .toList();
        }

        private long count(Predicate<Lie> which) {
            return liar.told().stream().filter(which).count();
        }

        private long count(Publication publication) {
            return receipts(liar.id()).stream()
                    .filter(receipt -> receipt.publication() == publication)
                    .count();
        }

        /** Each lie that hides a file makes one receipt uncertain, or is seen through. */
        private void checkReceipts(String what) {
            long hidden = count(LyingDestinationMatrixTest::hides);
            long done = count(LyingDestinationMatrixTest::hidesUnlessInspected);
            long repeated = receipts(liar.id()).stream()
                    .filter(DeliveryReceipt::repeated)
                    .count();
            long vanished = repeated + count(Publication.ASSUMED);
            long inferred = count(Publication.INFERRED);
            if (setting.ifVanished() == IfVanished.ASSUME_TAKEN) {
                assertThat(repeated).as(what).isZero();
            }
            switch (setting.lie()) {
                case RENAME_COPIES -> {
                    assertThat(vanished).as(what).isZero();
                    assertThat(inferred).as(what).isEqualTo(crashed && done(Lie.RENAME_COPIES) ? 1 : 0);
                }
                case NOTHING_SAID -> checkSilence(what, vanished, inferred);
                default -> {
                    assertThat(vanished + inferred).as(what).isEqualTo(hidden + done);
                    long taken = setting.takenAtCrash() && crashed && done > 0 ? 1 : 0;
                    switch (setting.recognition()) {
                        case KEY, TIME -> assertThat(vanished).as(what).isEqualTo(hidden + taken);
                        case CONTENT -> assertThat(vanished).as(what).isGreaterThanOrEqualTo(hidden + taken);
                        case NOTHING -> assertThat(inferred).as(what).isZero();
                    }
                }
            }
            Publication certain = setting.takesAtClose()
                    ? Publication.ACCEPTED
                    : setting.recognition() == Recognition.NOTHING ? Publication.ACKNOWLEDGED : Publication.ATOMIC;
            if (setting.lie() != Lie.NOTHING_SAID) {
                assertThat(count(certain) + count(Publication.ASSUMED) + inferred)
                        .as(what)
                        .isEqualTo(receipts(liar.id()).size());
            }
        }

        private boolean done(Lie lie) {
            return liar.told().contains(lie);
        }

        /** Only the file of a run that crashed is not certain; it can't be recognized if it was never described. */
        private void checkSilence(String what, long vanished, long inferred) {
            assertThat(vanished + inferred).as(what).isLessThanOrEqualTo(crashed ? 1 : 0);
            boolean unknown = setting.takenAtCrash() || setting.telling() == Telling.ALWAYS;
            assertThat(vanished).as(what).isLessThanOrEqualTo(unknown ? 1 : 0);
            assertThat(count(Publication.ACKNOWLEDGED)).as(what).isLessThanOrEqualTo(liar.told().size());
        }
    }
}
