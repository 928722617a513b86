package io.outfeed.sftp.outbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An {@link OutboxHost} in a process of its own, since permissions apply to a user that is not root only. */
final class HostProcess implements AutoCloseable {

    /** The user and the group of the host. No entry in the user database is needed, and it is in no other group. */
    static final String USER = "47110";

    static final String ANSWER = "answer: ";

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader output;

    private HostProcess(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it; {@code classPath} must be readable by the host's user. */
    static HostProcess start(String classPath, Path outbox, HostOptions options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "umask " + options.umask() + "; exec setpriv --reuid=" + USER + " --regid=" + USER
                        + " --clear-groups \"$@\"",
                "host",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                classPath,
                OutboxHost.class.getName(),
                outbox.toString()));
        command.addAll(options.arguments());
        return new HostProcess(new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start());
    }

    /** Returns {@code OK}, or the code of the first problem that {@code check()} of the job finds. */
    String check() throws IOException {
        return ask("check");
    }

    /** Makes a run, or the next attempt of a waiting one; returns its status, and the code of its failure if any. */
    String run() throws IOException {
        return ask("run");
    }

    /** Lets time pass, with the inspections and deletions that are due in it. */
    void advance(String duration) throws IOException {
        ask("advance " + duration);
    }

    /** Returns the state of the watch of the newest run's file, and the outcome of its removal if it is over. */
    String file() throws IOException {
        return ask("file");
    }

    private String ask(String command) throws IOException {
        commands.println(command);
        StringBuilder log = new StringBuilder();
        String line;
        while ((line = output.readLine()) != null) {
            if (line.startsWith(ANSWER)) {
                return line.substring(ANSWER.length());
            }
            log.append(line).append('\n');
        }
        throw new IOException("the host has ended:\n" + log);
    }

    @Override
    public void close() throws IOException {
        commands.close(); // it ends at the end of its input
        output.transferTo(Writer.nullWriter());
        process.destroy();
    }
}
