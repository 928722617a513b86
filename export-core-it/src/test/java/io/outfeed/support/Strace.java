package io.outfeed.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process whose system calls are seen, or counted and ended, by strace: mostly a {@link CrashingHost}. */
public final class Strace {

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

    /**
     * Runs the host; what strace says is in {@code home/strace}, what the process says in {@code home/output}.
     *
     * @return the exit code of the process
     */
    public static int run(Path home, Instant now, boolean archive, String... options) throws Exception {
        return run(home, List.of(options), CrashingHost.class, now.toString(), Boolean.toString(archive));
    }

    /**
     * Runs a main class, whose first argument is the directory; its output is as of the host.
     *
     * @return the exit code of the process
     */
    public static int run(Path home, List<String> options, Class<?> main, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("strace", "-f", "-qq", "-o", home.resolve("strace").toString()));
        command.addAll(options);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp"));
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
