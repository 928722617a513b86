package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.run.RunStatus;
import io.outfeed.support.CrashingHost;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.support.Strace;
import io.outfeed.support.Visit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills a process at each of its writes, flushes, renames and removals of files, one after the other, and asks what the
 * receivers have after the next run. The kills are strace's, which counts the system calls.
 *
 * <p>Takes every 5th by default; all of them, in some minutes, by {@code mvn -pl export-core-it -am test
 * -Dtest=SystemCallCrashTest -Dsurefire.failIfNoSpecifiedTests=false -Dcrash.every=1}.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("slow")
class SystemCallCrashTest {

    /** The kinds of calls by which the JDK writes, on one system or another; strace counts each by itself. */
    private static final List<String> KINDS = List.of(
            "write",
            "pwrite64",
            "copy_file_range",
            "sendfile",
            "ftruncate",
            "fsync",
            "fdatasync",
            "rename",
            "renameat",
            "renameat2",
            "unlink",
            "unlinkat",
            "mkdir",
            "mkdirat");

    private static final List<String> RECEIVERS = List.of("lakeside", "riverside");
    private static final Instant FIRST = Instant.parse("2026-03-02T07:00:00Z");
    private static final int EVERY = Integer.getInteger("crash.every", 5);

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_deliver_each_version_once_wherever_the_process_dies(boolean archive) throws Exception {
        Strace.assumeThere();
        Map<String, Integer> counts = new TreeMap<>(calls(archive));
        int kills = 0;
        for (Map.Entry<String, Integer> kind : counts.entrySet()) {
            for (int call = 1; call <= kind.getValue(); call += EVERY) {
                live(directory.resolve(kind.getKey() + "-" + call), archive, kind.getKey(), call);
                kills++;
            }
        }
        System.out.printf(
                "killed %d times%s, at every %d. call of %s: each version arrived once%n",
                kills, archive ? ", with an archive" : "", EVERY, counts);
        assertThat(kills).isGreaterThan(10);
    }

    /** How many calls of each kind a life makes that is not ended. */
    private Map<String, Integer> calls(boolean archive) throws Exception {
        Path home = directory.resolve("counted");
        begin(home, archive, new ArrayList<>(), new HashMap<>());
        int exit = Strace.run(
                home,
                FIRST.plus(Duration.ofDays(1)),
                archive,
                "--seccomp-bpf",
                "-e",
                "trace=" + String.join(",", KINDS));
        assertThat(exit).as(() -> home.resolve("output").toString()).isZero();
        return Strace.counts(home);
    }

    /** One life, which ends at a call. */
    private static void live(Path home, boolean archive, String kind, int call) throws Exception {
        boolean receiverTakesFiles = call % 2 == 0;
        List<Visit> visits = new ArrayList<>();
        Map<Long, String> truth = new HashMap<>();
        begin(home, archive, visits, truth);
        kill(home, FIRST.plus(Duration.ofDays(1)), archive, kind, call);
        if (receiverTakesFiles) {
            take(home);
        }
        change(home, visits, truth, FIRST.plus(Duration.ofDays(2)), 3, 5);
        for (int hour = 0;
                hour < 2;
                hour++) { // the run that was killed may have staged its bytes: it is delivered first
            assertThat(CrashingHost.export(home, FIRST.plus(Duration.ofDays(2)).plus(Duration.ofHours(hour)), archive)
                            .status())
                    .isEqualTo(RunStatus.COMMITTED);
            take(home);
        }

        for (String receiver : RECEIVERS) {
            check(
                    "killed at " + kind + " " + call + ", " + receiver,
                    home.resolve("taken-" + receiver),
                    archive ? ".zip" : ".csv",
                    truth);
            try (Stream<Path> left = Files.list(home.resolve(receiver))) {
                assertThat(left)
                        .as("left at %s after %s %d", receiver, kind, call)
                        .isEmpty();
            }
        }
    }

    /** A first run that is complete, and records for the second. */
    private static void begin(Path home, boolean archive, List<Visit> visits, Map<Long, String> truth)
            throws IOException {
        for (String receiver : RECEIVERS) {
            Files.createDirectories(home.resolve(receiver));
            Files.createDirectories(home.resolve("taken-" + receiver));
        }
        change(home, visits, truth, FIRST, 1, 2, 3);
        CrashingHost.export(home, FIRST, archive);
        change(home, visits, truth, FIRST.plus(Duration.ofDays(1)), 2, 4);
    }

    private static void change(Path home, List<Visit> visits, Map<Long, String> truth, Instant before, long... ids)
            throws IOException {
        for (long id : ids) {
            String note = "v" + truth.size() + "-" + before.getEpochSecond();
            truth.put(id, note);
            visits.removeIf(visit -> visit.id() == id);
            visits.add(new Visit(id, note, before.minusSeconds(60)));
        }
        CrashingHost.write(home, visits);
    }

    private static void kill(Path home, Instant now, boolean archive, String kind, int call) throws Exception {
        int exit = Strace.run(
                home, now, archive, "-e", "trace=" + kind, "-e", "inject=" + kind + ":signal=KILL:when=" + call);
        assertThat(exit)
                .as(() -> home.resolve("output") + " of " + kind + " " + call)
                .isIn(137, 9);
    }

    /** What a receiver does that moves what it has read: it sees no name that begins with a dot. */
    private static void take(Path home) throws IOException {
        for (String receiver : RECEIVERS) {
            try (Stream<Path> files = Files.list(home.resolve(receiver))) {
                for (Path file : files.toList()) {
                    String name = file.getFileName().toString();
                    if (!name.startsWith(".")) {
                        Path to = home.resolve("taken-" + receiver).resolve(name);
                        assertThat(to).as("%s came twice", name).doesNotExist();
                        Files.move(file, to);
                    }
                }
            }
        }
    }

    private static void check(String what, Path taken, String ending, Map<Long, String> truth) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(taken)) {
            files = all.sorted().toList();
        }
        assertThat(files)
                .as(what)
                .extracting(file -> file.getFileName().toString())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, files.size())
                        .mapToObj(i -> "visits-" + i + ending)
                        .toList());
        List<String> rows = new ArrayList<>();
        for (Path file : files) {
            String text = text(file);
            assertThat(text).as(what).startsWith("id,note\r\n").endsWith("\r\n");
            text.lines().skip(1).forEach(rows::add);
        }
        Set<String> once = new HashSet<>(rows);
        assertThat(rows).as("%s: rows, each once", what).hasSameSizeAs(once);
        Map<Long, String> last = new HashMap<>();
        rows.forEach(
                row -> last.put(Long.valueOf(row.substring(0, row.indexOf(','))), row.substring(row.indexOf(',') + 1)));
        assertThat(last).as("%s: last versions", what).isEqualTo(truth);
    }

    /** What is in a file, or in the only entry of an archive, which has its name. */
    private static String text(Path file) throws IOException {
        if (file.toString().endsWith(".csv")) {
            return Files.readString(file);
        }
        try (ZipFile archive = new ZipFile(file.toFile())) {
            assertThat(archive.stream().map(ZipEntry::getName))
                    .containsExactly(file.getFileName().toString().replace(".zip", ".csv"));
            return new String(
                    archive.getInputStream(archive.entries().nextElement()).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
