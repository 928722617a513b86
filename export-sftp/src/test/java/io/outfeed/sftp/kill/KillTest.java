package io.outfeed.sftp.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.error.FailureCode;
import io.outfeed.run.Attempt;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.sftp.kill.ExportingHost.Mode;
import io.outfeed.sftp.kill.HostRecords.Row;
import io.outfeed.store.FileStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that exports, repeatedly and at any moment, while its destinations fail now and then and one of them
 * lies, and verifies what the receivers have in the end: every record's last version, each version once, whole files,
 * no gap in the sequence, no temporary file, and a ledger that says the same. A file that the ledger only assumes to be
 * taken, or that was sent again, must be one whose answer a lie has withheld.
 *
 * <p>The process delivers to three servers with OpenSSH, so that one of them may have a file that another has not. One
 * is down or {@linkplain SftpLies lies} half of the time, the others are down now and then: they fail and come back
 * while the process exports. The test owns the records and the clock, which is in their file; so it knows that every
 * record is seen within the settle time, however slow the machine is. Only the moments of the kills, the outages and
 * the lies are left to chance: half of the kills come at any time, half when the last upload of a run has started,
 * since what follows is short.
 *
 * <p>A build kills {@value #KILLS} times. Before a release:
 *
 * <pre>
 * mvn -pl export-sftp -am verify -Dtest=KillTest -Dsurefire.failIfNoSpecifiedTests=false -Dkills=200
 * </pre>
 */
@Tag("slow")
class KillTest {

    private static final int KILLS = 15;
    private static final String SEED = "kills.seed";

    private static final int TICK_MILLIS = 20;
    private static final int LATEST_KILL_TICKS = 80;
    private static final int MOST_AIMING_TICKS = 100;

    /** More than the slowest machine needs. */
    private static final int MOST_STARTING_TICKS = 6_000;

    /** How far a tick of the test advances the host's clock: fire times are frequent, and history expires. */
    private static final Duration TICK = Duration.ofMillis(100);

    private static final int MOST_RECORDS = 400;

    /** So many in a row end a run that has published nothing. */
    private static final int CRASHES = 3;

    private static final Set<RunStatus> COMPLETED = Set.of(RunStatus.COMMITTED, RunStatus.EMPTY);
    private static final Set<RunStatus> COMPLETED_OR_FAILED =
            Set.of(RunStatus.COMMITTED, RunStatus.EMPTY, RunStatus.FAILED);

    @TempDir
    private Path directory;

    private final int kills = Integer.getInteger("kills", KILLS);
    private final long seed = Long.getLong(SEED, System.nanoTime());
    private final Random random = new Random(seed);

    private final Map<Integer, Row> rows = new TreeMap<>();
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");

    /** Every run that was ever in the ledger, whose history expires. */
    private final Map<Long, ExportRun> runs = new TreeMap<>();

    /** The run that the positions came from when the ledger was read last. */
    private long lastCommitted;

    /** The run that is open since the last kill. */
    private Optional<ExportRun> open = Optional.empty();

    private final Map<String, Integer> moments = new TreeMap<>();
    private final Map<String, Integer> recoveries = new TreeMap<>();

    @Test
    void should_deliver_each_version_once_whatever_fails_or_lies_while_the_process_is_killed() throws Exception {
        System.out.printf("%d kills with -D%s=%d%n", kills, SEED, seed);
        SftpLies lies = SftpLies.prepare(directory.resolve("lies-riverside"));
        try (Destination lakeside = Destination.honest("lakeside", directory);
                Destination archive = Destination.honest("archive", directory);
                Destination riverside = Destination.lying("riverside", directory, lies)) {
            List<Destination> destinations = List.of(lakeside, archive, riverside);
            Weather weather = new Weather(List.of(lakeside, archive), riverside, lies, random);
            writeSettings(destinations);
            tick();

            for (int kill = 0; kill < kills; kill++) {
                exportUntilKilled(destinations, weather);
                lies.interrupted();
                readLedger("killed in ");
            }
            weather.calm();
            now = now.plus(ExportingHost.SETTLE).plus(TICK);
            records().replace(now, rows.values());
            exportToTheEnd();
            readLedger("ended by itself in ");

            for (Destination destination : destinations) {
                destination.takeAll();
            }
            LieCheck lieCheck = new LieCheck(committed(), riverside, lies.told());
            report(destinations, lieCheck);
            lieCheck.check();
            for (Destination destination : destinations) {
                check(destination, lieCheck);
            }
            checkThatFailuresMadeAttempts(outages(destinations) + lieCheck.liesThatFailAttempts());
            checkNothingIsLeft(destinations);
        }
    }

    // ---- the process

    private void exportUntilKilled(List<Destination> destinations, Weather weather) throws Exception {
        List<Destination> takenAtOnce = random.nextBoolean() ? destinations : List.of();
        Mode mode = random.nextInt(3) == 0 ? Mode.BY_SCHEDULE : Mode.RUN_AFTER_RUN;
        if (mode == Mode.BY_SCHEDULE) {
            leapToTheNextAttempt();
        }
        Files.deleteIfExists(ready());
        Process host = start(mode);
        try {
            for (int tick = 0; !Files.exists(ready()); tick++) {
                assertThat(tick).as("ticks until the process is ready").isLessThan(MOST_STARTING_TICKS);
                live(host, takenAtOnce);
            }
            int ticks = random.nextInt(LATEST_KILL_TICKS);
            int change = random.nextInt(LATEST_KILL_TICKS);
            for (int tick = 0; tick < ticks; tick++) {
                if (tick == change) {
                    weather.change();
                }
                live(host, takenAtOnce);
            }
            List<Destination> up =
                    destinations.stream().filter(Destination::isUp).toList();
            if (!up.isEmpty() && random.nextBoolean()) {
                awaitUpload(host, up.get(up.size() - 1), takenAtOnce);
            }
            waitFor(host, random.nextInt(TICK_MILLIS));
        } finally {
            host.destroyForcibly().waitFor();
        }
        if (random.nextInt(3) == 0) {
            weather.change();
        }
    }

    /** The scheduler would wait for minutes, by the host's clock. What ended before has been read. */
    private void leapToTheNextAttempt() {
        Instant due = open.flatMap(ExportRun::waiting).map(Waiting::until).orElse(now);
        if (due.isAfter(now)) {
            now = due;
            records().replace(now, rows.values());
        }
    }

    private void awaitUpload(Process host, Destination destination, List<Destination> takenAtOnce) throws Exception {
        Set<String> before = destination.uploads();
        int checks = MOST_AIMING_TICKS * TICK_MILLIS;
        for (int check = 1; check < checks && before.containsAll(destination.uploads()); check++) {
            waitFor(host, 1);
            if (check % TICK_MILLIS == 0) {
                live(host, takenAtOnce);
            }
        }
    }

    private void live(Process host, List<Destination> takenAtOnce) throws Exception {
        waitFor(host, TICK_MILLIS);
        tick();
        for (Destination destination : takenAtOnce) {
            destination.takeOlder();
        }
    }

    private void waitFor(Process host, int millis) throws InterruptedException {
        assertThat(host.waitFor(millis, TimeUnit.MILLISECONDS))
                .as(() -> "the process has ended by itself: " + output())
                .isFalse();
    }

    private void exportToTheEnd() throws Exception {
        Files.deleteIfExists(ready());
        Process host = start(Mode.TO_THE_END);
        try {
            assertThat(host.waitFor(2, TimeUnit.MINUTES))
                    .as("the last run has ended")
                    .isTrue();
            assertThat(host.exitValue()).as(this::output).isZero();
        } finally {
            host.destroyForcibly();
        }
    }

    private Process start(Mode mode) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ExportingHost.class.getName(),
                        settings().toString(),
                        mode.name(),
                        (random.nextBoolean() ? IfVanished.ASSUME_TAKEN : IfVanished.SEND_AGAIN).name())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
    }

    private void writeSettings(List<Destination> destinations) throws IOException {
        Properties settings = new Properties();
        settings.setProperty("directory", home().toString());
        settings.setProperty("records", directory.resolve("records").toString());
        settings.setProperty("ready", ready().toString());
        destinations.forEach(destination -> destination.writeSettings(settings));
        try (OutputStream out = Files.newOutputStream(settings())) {
            settings.store(out, null);
        }
    }

    private Path home() {
        return directory.resolve("outfeed");
    }

    private Path settings() {
        return directory.resolve("settings");
    }

    private Path ready() {
        return directory.resolve("ready");
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return e.toString();
        }
    }

    // ---- the records

    private HostRecords records() {
        return new HostRecords(directory.resolve("records"));
    }

    /** Some records change, with timestamps as old as the settle time allows: no window has reached them. */
    private void tick() {
        Instant earliest = now.minus(ExportingHost.SETTLE);
        now = now.plus(TICK);
        long millis = Duration.between(earliest, now).toMillis();
        int changes = random.nextInt(20) == 0 ? 300 : random.nextInt(5);
        for (int i = 0; i < changes; i++) {
            int id = random.nextInt(Math.min(rows.size() + 3, MOST_RECORDS));
            Instant at = earliest.plusMillis((long) (random.nextDouble() * millis));
            int version = rows.containsKey(id) ? rows.get(id).version() + 1 : 1;
            rows.put(id, new Row(id, version, at));
        }
        records().replace(now, rows.values());
    }

    // ---- what the receivers have

    private void check(Destination destination, LieCheck lieCheck) throws Exception {
        List<ExportRun> committed = committed();
        assertThat(destination.takenNames())
                .as("files at %s", destination)
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, committed.size())
                        .mapToObj(KillTest::file)
                        .toList());
        Map<Integer, Integer> last = new TreeMap<>();
        for (ExportRun run : committed) {
            List<Path> arrivals = destination.arrivals(file(run.sequence().orElseThrow()));
            assertThat(arrivals)
                    .as("arrivals of %s at %s", run, destination)
                    .hasSize(lieCheck.arrivals(run, destination));
            byte[] content = Files.readAllBytes(arrivals.get(0));
            assertThat(arrivals)
                    .as("arrivals of %s at %s", run, destination)
                    .allSatisfy(arrival -> assertThat(arrival).hasBinaryContent(content));
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
                    .as("%s at %s", run, destination)
                    .isEqualTo(run.files().get(0).sha256());
            for (Row row : rows(new String(content, StandardCharsets.UTF_8), run + " at " + destination)) {
                assertThat(row.version())
                        .as("the version of record %d in %s at %s, after the one before", row.id(), run, destination)
                        .isGreaterThan(last.getOrDefault(row.id(), 0));
                last.put(row.id(), row.version());
            }
        }
        Map<Integer, Integer> truth = new TreeMap<>();
        rows.forEach((id, row) -> truth.put(id, row.version()));
        assertThat(last).as("last versions at %s", destination).isEqualTo(truth);
    }

    private static String file(long sequence) {
        return "rows-" + sequence + ".csv";
    }

    private static List<Row> rows(String content, String what) {
        assertThat(content).as(what).startsWith("id,version,note\r\n").endsWith("\r\n");
        List<Row> rows = new ArrayList<>();
        for (String line : content.lines().skip(1).toList()) {
            String[] cells = line.split(",", -1);
            Row row = new Row(Integer.parseInt(cells[0]), Integer.parseInt(cells[1]), Instant.EPOCH);
            assertThat(line).as(what).isEqualTo(row.line());
            rows.add(row);
        }
        return rows;
    }

    // ---- what the ledger has

    private List<ExportRun> committed() {
        return runs.values().stream()
                .filter(run -> run.status() == RunStatus.COMMITTED)
                .sorted(Comparator.comparingLong(run -> run.sequence().orElseThrow()))
                .toList();
    }

    /** Reads the ledger of a killed process: how far its run came, and how it ended the run of the process before. */
    private void readLedger(String moment) {
        try (FileStore store = FileStore.open(home().resolve("store"))) {
            List<ExportRun> unfinished = store.unfinishedRuns(ExportingHost.JOB);
            assertThat(unfinished).hasSizeLessThan(2);
            open = unfinished.stream().findFirst();
            long committed = store.positions(ExportingHost.JOB).run();
            count(moments, moment + open.map(run -> phase(run, committed)).orElse("no run"));
            for (ExportRun run : store.runs(RunQuery.ofJob(ExportingHost.JOB).limit(Integer.MAX_VALUE))) {
                ExportRun before = runs.put(run.number(), run);
                if (before != null && !before.status().ended() && run.status().ended()) {
                    checkRecovery(before, run);
                }
                checkFailure(run);
            }
            lastCommitted = committed;
        }
    }

    /** What was published, or had committed, is completed; the rest is tried until it is, or has crashed too often. */
    private void checkRecovery(ExportRun before, ExportRun after) {
        boolean bound = before.publishing() || before.number() == lastCommitted;
        count(recoveries, (bound ? "published " : "unpublished ") + before.status() + " became " + after.status());
        assertThat(after.status())
                .as("%s, after a kill in %s", after, before.status())
                .isIn(bound ? COMPLETED : COMPLETED_OR_FAILED);
    }

    /** Only kills, outages and lies are failures, and only three crashes in a row are an end. */
    private static void checkFailure(ExportRun run) {
        assertThat(run.failure().map(RunFailure::code).stream())
                .as(run::toString)
                .isSubsetOf(FailureCode.CRASHED, FailureCode.DESTINATION_UNAVAILABLE, FailureCode.DESTINATION_REFUSED);
        if (run.status() == RunStatus.FAILED || run.status() == RunStatus.HELD) {
            assertThat(run.status() == RunStatus.HELD).as(run::toString).isEqualTo(run.publishing());
            List<Attempt> attempts = run.attempts();
            assertThat(attempts.subList(Math.max(0, attempts.size() - CRASHES), attempts.size()))
                    .as(run::toString)
                    .hasSize(CRASHES)
                    .extracting(Attempt::outcome)
                    .containsOnly(Attempt.Outcome.CRASHED);
        }
    }

    private String phase(ExportRun run, long committed) {
        String again = runs.containsKey(run.number()) ? " of the process before" : "";
        if (run.number() == committed) {
            return run.status() + again + ", positions moved";
        }
        if (!run.publishing()) {
            return run.status() + again;
        }
        long prepared = run.deliveries().stream()
                .filter(step -> step.state() == DeliveryState.PREPARED)
                .count();
        long hidden = run.deliveries().stream().filter(KillTest::isHidden).count();
        return run.status() + again + ", " + (run.deliveries().size() - prepared) + " receipts and "
                + (prepared - hidden) + " more visible";
    }

    private static boolean isHidden(FileDelivery step) {
        return step.state() == DeliveryState.PREPARED
                && step.prepared().flatMap(PreparedFile::temporary).map(Path::of).stream()
                        .anyMatch(Files::exists);
    }

    private static void count(Map<String, Integer> counts, String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private void report(List<Destination> destinations, LieCheck lieCheck) throws IOException {
        long rowsSent = committed().stream().mapToLong(ExportRun::rows).sum();
        Map<String, Integer> ends = new TreeMap<>();
        runs.values().forEach(run -> count(ends, run.trigger() + " " + run.status()));
        System.out.printf(
                "%d kills, %d outages, seed %d: %d attempts of %d runs %s, %d of them delayed by a failure; %d rows in"
                        + " %d files at each destination; %s%n",
                kills,
                outages(destinations),
                seed,
                runs.values().stream().mapToInt(ExportRun::attemptCount).sum(),
                runs.size(),
                ends,
                delayed(),
                rowsSent,
                destinations.get(0).takenNames().size(),
                lieCheck);
        moments.forEach((moment, times) -> System.out.printf("  %4d %s%n", times, moment));
        recoveries.forEach((recovery, times) -> System.out.printf("  %4d %s%n", times, recovery));
    }

    private static int outages(List<Destination> destinations) {
        return destinations.stream().mapToInt(Destination::outages).sum();
    }

    private long delayed() {
        return runs.values().stream()
                .filter(run -> run.failingSince().isPresent())
                .count();
    }

    /** While a destination is down no run can end there, so that an outage delays one run at most, unless it ends. */
    private void checkThatFailuresMadeAttempts(int failures) {
        long crashed = runs.values().stream()
                .filter(run -> run.status() == RunStatus.FAILED)
                .count();
        assertThat(delayed()).as("runs delayed by outages and lies").isLessThanOrEqualTo(failures + crashed);
    }

    // ---- leftovers

    private void checkNothingIsLeft(List<Destination> destinations) throws IOException {
        for (Destination destination : destinations) {
            assertThat(destination.left())
                    .as("left at %s by these runs: %s", destination, runs.values())
                    .isEmpty();
        }
        try (FileStore store = FileStore.open(home().resolve("store"))) {
            List<ExportRun> remembered =
                    store.runs(RunQuery.ofJob(ExportingHost.JOB).limit(Integer.MAX_VALUE));
            assertThat(remembered).allMatch(run -> run.status().ended());
            assertThat(remembered.get(0).litter())
                    .as("litter, which the newest run has taken over")
                    .isEmpty();
            assertThat(store.positions(ExportingHost.JOB).sequence())
                    .isEqualTo(committed().size());
            assertThat(files(home().resolve("spool")).stream().map(KillTest::name))
                    .as("directories of the spool")
                    .containsExactlyInAnyOrderElementsOf(remembered.stream()
                            .filter(run -> run.status() == RunStatus.COMMITTED)
                            .map(run -> Long.toString(run.number()))
                            .toList());
        }
        assertThat(files(home().resolve("store/jobs").resolve(ExportingHost.JOB).resolve("open")))
                .as("files of unfinished runs")
                .isEmpty();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
