package io.outfeed.sftp.kill;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What an OpenSSH server lies about: a relay in front of its SFTP server falsifies or withholds answers to renames, or
 * takes files, and records each lie. Without Python on this machine the test is skipped.
 */
final class SftpLies {

    private static final String RELAY = "lying_sftp_server.py";
    private static final String INTERRUPTED = "INTERRUPTED";
    private static final List<Path> SERVERS = List.of(
            Path.of("/usr/lib/openssh/sftp-server"),
            Path.of("/usr/libexec/openssh/sftp-server"),
            Path.of("/usr/lib/ssh/sftp-server"));

    private final Path home;

    private SftpLies(Path home) {
        this.home = home;
    }

    /** What is done, and what is answered. */
    enum Lie {
        DONE_FAILURE,
        DONE_MISSING,
        DONE_UNANSWERED,
        /** The receiver takes the file at once. */
        TAKEN_FAILURE,
        TAKEN_MISSING,
        TAKEN_UNANSWERED,
        /** An honest answer, which a kill or an outage may withhold. */
        TAKEN_OK,
        /** The temporary file stays. */
        COPIED_OK,
        NOT_DONE_OK;

        boolean takes() {
            return name().startsWith("TAKEN_");
        }

        /** Whether the exporter can't know by the answer that the file is visible. */
        boolean withholdsTruth() {
            return !name().endsWith("_OK");
        }

        /** Whether the attempt fails: what happened can't be found out by the same connection, or nothing happened. */
        boolean failsAttempt() {
            return name().endsWith("_UNANSWERED") || this == NOT_DONE_OK;
        }
    }

    /**
     * A lie that was told.
     *
     * @param lie the lie
     * @param file the name of the file that was to be renamed
     * @param interrupted whether the process was killed or the connection broke next to it
     */
    record Told(Lie lie, String file, boolean interrupted) {

        /** Whether the exporter can't know by the answer that the file was taken. */
        boolean hidesTaking() {
            return lie.takes() && (lie.withholdsTruth() || interrupted);
        }
    }

    static SftpLies prepare(Path home) throws IOException {
        Files.createDirectories(home.resolve("taken"));
        try (InputStream relay = requireNonNull(SftpLies.class.getResourceAsStream(RELAY), RELAY)) {
            Files.copy(relay, home.resolve(RELAY));
        }
        return new SftpLies(home);
    }

    /** The line of sshd's configuration that puts the relay before the server. */
    String option() {
        Path server = SERVERS.stream().filter(Files::isExecutable).findFirst().orElse(SERVERS.get(0));
        assumeThat(server)
                .as("skipped: %s is not on this machine (Debian: apt-get install openssh-sftp-server)", server)
                .isExecutable();
        return "ForceCommand %s -I -S %s %s %s".formatted(python(), home.resolve(RELAY), server, home);
    }

    /** The real path: a wrapper may need more of the environment than sshd gives it. */
    private static String python() {
        String path = "";
        try {
            Process process = new ProcessBuilder("python3", "-c", "import sys; print(sys.executable)").start();
            path = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            // it is not there
        }
        assumeThat(path).as("skipped: python3 is not installed").isNotEmpty();
        return path;
    }

    /** Where files are that were taken: a directory for each name, with a file for each arrival. */
    Path taken() {
        return home.resolve("taken");
    }

    void begin(Random random) throws IOException {
        List<Lie> lies = new ArrayList<>(List.of(Lie.values()));
        Collections.shuffle(lies, random);
        Path next = home.resolve("lies.next");
        Files.write(next, lies.stream().map(Lie::name).toList());
        Files.move(next, lies());
    }

    void end() throws IOException {
        Files.delete(lies());
    }

    boolean areTold() {
        return Files.exists(lies());
    }

    private Path lies() {
        return home.resolve("lies");
    }

    /** Records that the process was killed or that the server went down: answers may be lost. */
    void interrupted() throws IOException {
        Files.writeString(log(), INTERRUPTED + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** All lies so far, in order. */
    List<Told> told() throws IOException {
        List<String> lines = Files.readAllLines(log());
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).equals(INTERRUPTED)) {
                String[] words = lines.get(i).split(" ", -1);
                told.add(new Told(Lie.valueOf(words[0]), words[1], wasInterrupted(lines, i)));
            }
        }
        return told;
    }

    /** A server may carry out a request after the process that sent it has ended. */
    private static boolean wasInterrupted(List<String> lines, int line) {
        return lines.subList(Math.max(0, line - 1), Math.min(lines.size(), line + 2))
                .contains(INTERRUPTED);
    }

    private Path log() {
        return home.resolve("told");
    }
}
