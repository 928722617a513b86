package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.schedule.Schedule;
import io.outfeed.support.ArchiveEntry;
import io.outfeed.support.ChangingVisits;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.support.LiePlan;
import io.outfeed.support.LiePlan.Crash;
import io.outfeed.support.LiePlan.Recognition;
import io.outfeed.support.LiePlan.Telling;
import io.outfeed.support.LieSetting;
import io.outfeed.support.LieSetting.Extras;
import io.outfeed.support.LieSetting.Place;
import io.outfeed.support.LieSetting.Receiver;
import io.outfeed.support.Naming;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lets a destination tell each lie, once at every contact that the lie is about, or always for two days, also with a
 * crash after it, and asks what the receivers have in the end: every record's last version, each version once, no
 * temporary file, and a ledger that says the same. A file may come twice only if its receipt says so, and counts as
 * taken only if a lie has hidden that it was.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class LyingDestinationMatrixTest {

    private static final String JOB = "visits-lakeside";

    /** At so many contacts the process crashes if the lie is told always: what is refused is tried each hour. */
    private static final int MOST_CRASHES = 5;

    /** After so many contacts more a lie has no effect. */
    private static final int LATEST_CRASH = 8;

    static List<LieSetting> settings() {
        return LieSetting.all();
    }

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    @ParameterizedTest
    @MethodSource("settings")
    void should_deliver_each_version_once_whatever_a_destination_says(LieSetting setting) {
        boolean once = setting.telling() == Telling.ONCE || setting.crashes();
        int contacts = 0;
        boolean happened = true;
        while (happened) {
            int contact = contacts++;
            happened = live(setting, contact) && once;
            happened &= setting.telling() == Telling.ONCE || contact < MOST_CRASHES;
        }
        assertThat(contacts).isGreaterThan(once ? 1 : 0);
    }

    /** Returns whether the contact was reached. */
    private boolean live(LieSetting setting, int contact) {
        boolean happened = false;
        int last = setting.crash() == Crash.LATER ? LATEST_CRASH : 0;
        for (int later = Math.min(1, last); later <= last; later++) {
            World world = new World(directory.resolve(contact + "-" + later), setting, contact, later);
            happened = world.live();
            world.check("%s, contact %d, crash %d contacts later".formatted(setting, contact, later));
        }
        return happened;
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
        private final LieSetting setting;
        private final LiePlan lies;
        private boolean crashed;

        World(Path directory, LieSetting setting, int contact, int later) {
            this.setting = setting;
            this.host = new SimulatedHost(directory, clock, setting.retries());
            this.lies = new LiePlan(liar, setting, contact, later);
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
                takeOrClean();
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
                takeOrClean();
                askAgain(job);
            });
        }

        private void takeOrClean() {
            if (setting.receiver() == Receiver.TAKES_FILES_AT_ONCE) {
                liar.destination().takeAll();
                honest.takeAll();
            } else if (setting.receiver() == Receiver.LEAVES_FILES_AND_CLEANS_UP) {
                liar.clean();
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
            List<Delivery> deliveries = switch (setting.place()) {
                case ALONE -> List.of(liar);
                case BEFORE_AN_HONEST_ONE -> List.of(liar, honest);
                case AFTER_AN_HONEST_ONE -> List.of(honest, liar);
            };
            ExportJob.Builder job = ExportJob.builder(
                            JOB,
                            Visit.export(visits.source(), setting.name()::applyTo)
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
            checkDestination("%s at %s".formatted(what, liar), liar.destination(), count(LieSetting::takesUploads));
            if (!setting.crashes()) { // else another session has made the next upload
                int uploads = setting.extras() == Extras.NOTHING ? 1 : 3;
                assertThat(count(LieSetting::takesUploads))
                        .as("%s: uploads that were taken", what)
                        .isLessThanOrEqualTo(uploads + 1);
            }
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
                    .allMatch(run ->
                            run.unconfirmed() == run.deliveries().stream().anyMatch(FileDelivery::assumed));
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
                            .filter(file ->
                                    file.run() == run.number() && file.path().equals(receipt.location()))
                            .toList();
                    int times = receipt.repeated() ? 2 : 1;
                    expected += times;
                    assertThat(arrivals)
                            .as("%s: arrivals for %s", what, receipt)
                            .hasSizeBetween(times, times + (int) takenUploads);
                    DeliveredFile last = arrivals.get(arrivals.size() - 1);
                    if (takenUploads == 0) {
                        assertThat(arrivals)
                                .as(what)
                                .allMatch(file -> file.text().equals(last.text()));
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
            boolean left = setting.leavesFiles() && setting.name() != Naming.REPLACED && !setting.takesAtClose();
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
            long hidden = count(LieSetting::hides);
            long done = count(LieSetting::hidesUnlessInspected);
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
                    assertThat(inferred).as(what).isBetween(inTransit(Crash.AT_ONCE), inTransit(Crash.values()));
                }
                case NOTHING_SAID -> checkSilence(what, vanished, inferred);
                default -> {
                    assertThat(vanished + inferred)
                            .as(what)
                            .isBetween(hidden + done, hidden + done + (setting.crash() == Crash.LATER ? 1 : 0));
                    long taken = setting.takenAtCrash() && crashed && done > 0 ? 1 : 0;
                    switch (setting.recognition()) {
                        case KEY, TIME -> assertThat(vanished).as(what).isEqualTo(hidden + taken);
                        case CONTENT -> // an old file of the same size can't be told from the new one
                            assertThat(vanished)
                                    .as(what)
                                    .isBetween(
                                            hidden + taken,
                                            setting.name() == Naming.REPLACED ? hidden + done : hidden + taken);
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

        /** How many receipts a crash of these kinds may have kept from being stored. */
        private long inTransit(Crash... crashes) {
            return crashed
                            && List.of(crashes).contains(setting.crash())
                            && !liar.told().isEmpty()
                    ? 1
                    : 0;
        }

        /** Only the file of a run that crashed is not certain; it can't be recognized if it was never described. */
        private void checkSilence(String what, long vanished, long inferred) {
            assertThat(vanished + inferred).as(what).isLessThanOrEqualTo(crashed ? 1 : 0);
            boolean unknown =
                    setting.takenAtCrash() || setting.telling() == Telling.ALWAYS || setting.crash() == Crash.LATER;
            assertThat(vanished).as(what).isLessThanOrEqualTo(unknown ? 1 : 0);
            assertThat(count(Publication.ACKNOWLEDGED))
                    .as(what)
                    .isLessThanOrEqualTo(liar.told().size());
        }
    }
}
