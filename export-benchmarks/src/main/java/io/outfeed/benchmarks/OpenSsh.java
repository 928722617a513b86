package io.outfeed.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenSSH's server on a loopback port, with its default configuration, and OpenSSH's client. */
final class OpenSsh implements AutoCloseable {

    private final Path home;
    private final int port;
    private final Process server;

    private OpenSsh(Path home, int port, Process server) {
        this.home = home;
        this.port = port;
        this.server = server;
    }

    static OpenSsh start(Path home) throws IOException, InterruptedException {
        for (String key : List.of("host", "login")) {
            output(List.of(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    home.resolve(key).toString()));
        }
        Files.copy(home.resolve("login.pub"), home.resolve("authorized_keys"));
        Files.createDirectory(home.resolve("exports"));
        if (user().equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // sshd asks for it
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.write(
                home.resolve("sshd_config"),
                List.of(
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + home.resolve("host"),
                        "PidFile none",
                        "AuthorizedKeysFile " + home.resolve("authorized_keys"),
                        "StrictModes no",
                        "UsePAM no",
                        "Subsystem sftp internal-sftp"));
        Process server = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("sshd.log").toFile())
                .start();
        while (server.isAlive()) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return new OpenSsh(home, port, server);
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new IOException("sshd did not start: " + Files.readString(home.resolve("sshd.log")));
    }

    /** Uploads as {@code sftp} does, and returns how long the process took, in nanoseconds. */
    long upload(Path file, int throughPort) throws IOException, InterruptedException {
        Path batch = Files.writeString(home.resolve("batch"), "put " + file + " " + exported(file) + "\n");
        long start = System.nanoTime();
        output(List.of(
                "sftp",
                "-q",
                "-b",
                batch.toString(),
                "-P",
                Integer.toString(throughPort),
                "-i",
                key().toString(),
                "-oStrictHostKeyChecking=no",
                "-oUserKnownHostsFile=/dev/null",
                user() + "@127.0.0.1"));
        return System.nanoTime() - start;
    }

    int port() {
        return port;
    }

    Path key() {
        return home.resolve("login");
    }

    Path exports() {
        return home.resolve("exports");
    }

    Path exported(Path file) {
        return exports().resolve(file.getFileName());
    }

    String fingerprint() throws IOException, InterruptedException {
        String line = output(
                List.of("ssh-keygen", "-l", "-f", home.resolve("host.pub").toString()));
        return line.split(" ", -1)[1];
    }

    static String user() {
        return System.getProperty("user.name");
    }

    static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }

    @Override
    public void close() {
        server.descendants().forEach(ProcessHandle::destroy);
        server.destroy();
    }
}
