package io.outfeed.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.support.CrashingHost;
import io.outfeed.support.Strace;
import io.outfeed.support.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a power failure leaves. A file has its bytes on the disk before it gets its name, and a name is on the disk
 * before anything else is done: POSIX promises neither without {@code fsync}, of the file and of its directory. A step
 * of a run is one write and one flush. strace shows the order.
 */
@Tag("slow")
class DurableWritesTest {

    private static final Instant NOW = Instant.parse("2026-03-02T07:00:00Z");
    private static final Pattern SYNC = Pattern.compile("f(?:data)?sync\\(\\d+<(.*)>\\)");
    /** Runs, positions and fire times are appended to. Other files are written under a temporary name. */
    private static final String GROWING = "/store/jobs/[^/]*/(?:(?:open|runs)/\\d+|positions|fire)";

    private static final Pattern APPENDED = Pattern.compile("write\\(\\d+<(.*" + GROWING + ")>, .*");
    private static final Pattern APPENDED_TO = Pattern.compile(GROWING + ">");
    /** Not flushed: its end is on the disk, and counts. */
    private static final Pattern OPEN_RUN = Pattern.compile(".*/store/jobs/[^/]*/open/\\d+");

    /** A path, perhaps below an open directory, whose name strace adds. */
    private static final Pattern PATH = Pattern.compile("(?:\\w+<([^>]*)>, )?\"([^\"]*)\"");

    @TempDir
    private Path home;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_have_everything_on_the_disk_before_the_next_step(boolean archive) throws Exception {
        Strace.assumeThere();
        for (String receiver : List.of("lakeside", "riverside")) {
            Files.createDirectory(home.resolve(receiver));
        }
        CrashingHost.write(home, List.of(new Visit(1, "a", NOW.minusSeconds(60))));

        int exit = Strace.run(
                home,
                NOW,
                archive,
                "-y", // names files
                "-s",
                "500",
                "-e",
                "trace=write,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat",
                "-e",
                "signal=none");

        assertThat(exit).as(() -> home.resolve("output").toString()).isZero();
        List<String> calls = calls();
        assertThat(calls).filteredOn(call -> call.startsWith("rename")).hasSizeGreaterThan(7);
        assertThat(calls)
                .filteredOn(call -> APPENDED.matcher(call).matches())
                .hasSizeGreaterThan(5)
                .as("one flush for each step that is appended")
                .hasSameSizeAs(calls.stream()
                        .filter(call -> SYNC.matcher(call).lookingAt()
                                && APPENDED_TO.matcher(call).find())
                        .toList());
        Set<String> synced = new HashSet<>();
        for (int i = 0; i < calls.size(); i++) {
            String call = calls.get(i);
            Matcher appended = APPENDED.matcher(call);
            if (appended.matches()) {
                assertSyncs(calls.get(i + 1), appended.group(1));
                continue;
            }
            Matcher sync = SYNC.matcher(call);
            if (sync.lookingAt()) {
                synced.add(sync.group(1));
                continue;
            }
            List<String> paths =
                    PATH.matcher(call).results().map(DurableWritesTest::path).toList();
            String named = paths.get(paths.size() - 1);
            String directory = named.substring(0, named.lastIndexOf('/'));
            List<String> following = calls.subList(i + 1, calls.size());
            if (call.startsWith("rename")) {
                assertThat(synced).as("before %s", call).contains(paths.get(0));
                synced.remove(paths.get(0)); // another file of this name has to be written again
            }
            if (call.startsWith("unlink") && OPEN_RUN.matcher(named).matches()) {
                assertThat(synced).as("before %s", call).contains(directory.replaceFirst("open$", "runs"));
            } else if (call.startsWith("unlink")) {
                assertThat(following).as("after %s", call).anySatisfy(next -> assertSyncs(next, directory));
            } else {
                assertThat(following).as("after %s", call).isNotEmpty();
                assertSyncs(following.get(0), directory);
            }
        }
    }

    /** Below the host's directory, without the numbers of the threads. */
    private List<String> calls() throws IOException {
        return Files.readAllLines(home.resolve("strace")).stream()
                .filter(line -> line.contains(home.toString()))
                .map(line -> line.replaceFirst("^\\d+ +", ""))
                .filter(call -> call.endsWith("= 0") || APPENDED.matcher(call).matches())
                .toList();
    }

    private static void assertSyncs(String call, String directory) {
        Matcher sync = SYNC.matcher(call);
        assertThat(sync.lookingAt()).as(call).isTrue();
        assertThat(sync.group(1)).isEqualTo(directory);
    }

    private static String path(MatchResult quoted) {
        String name = quoted.group(2);
        return name.startsWith("/") ? name : quoted.group(1) + "/" + name;
    }
}
