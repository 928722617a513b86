package io.outfeed.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process whose system calls are seen, or counted and ended, by strace: mostly a {@link CrashingHost}. */
public final class Strace {

    /** A line of its output; one that resumes a call does not begin so. */
    private static final Pattern CALL = Pattern.compile("(?<thread>[0-9]+) +(?<name>[a-z0-9_]+)\\(");

    private Strace() {}

    /** Without strace the test is skipped. */
    public static void assumeThere() throws InterruptedException {
        boolean there;
        try {
            there = new ProcessBuilder("strace", "-qq", "-e", "trace=none", "true")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, "skipped: strace is not installed, or must not trace here");
    }

    /** A compiler makes thousands of system calls, at each of which strace stops it. */
    private static final List<String> INTERPRETED = List.of("-Xint");

    private static final List<String> COMPILED = List.of("-XX:TieredStopAtLevel=1");

    /**
     * Runs the host; what strace says is in {@code home/strace}, what the process says in {@code home/output}.
     *
     * @return the exit code of the process
     */
    public static int run(Path home, Instant now, boolean archive, String... options) throws Exception {
        return run(home, List.of(options), INTERPRETED, CrashingHost.class, now.toString(), Boolean.toString(archive));
    }

    /** Returns how often the last run has made each system call that was traced, in the thread that made most. */
    public static Map<String, Integer> counts(Path home) throws IOException {
        Map<List<String>, Integer> byThread = new HashMap<>();
        for (String line : Files.readAllLines(home.resolve("strace"))) {
            Matcher call = CALL.matcher(line);
            if (call.lookingAt()) {
                byThread.merge(List.of(call.group("thread"), call.group("name")), 1, Integer::sum);
            }
        }
        Map<String, Integer> counts = new HashMap<>();
        byThread.forEach((call, count) -> counts.merge(call.get(1), count, Math::max));
        return counts;
    }

    /**
     * Runs a main class, whose first argument is the directory; its output is as of the host.
     *
     * @return the exit code of the process
     */
    public static int run(Path home, List<String> options, Class<?> main, String... arguments) throws Exception {
        return run(home, options, COMPILED, main, arguments);
    }

    private static int run(Path home, List<String> options, List<String> jvm, Class<?> main, String... arguments)
            throws Exception {
        List<String> command = new ArrayList<>(
                List.of("strace", "-f", "-qq", "-o", home.resolve("strace").toString()));
        command.addAll(options);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(main.getName(), home.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the process hangs: " + Files.readString(home.resolve("output")));
        }
        return process.exitValue();
    }
}
