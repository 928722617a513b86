package io.outfeed.sftp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The real {@code sshd} on a loopback port, with keys and a configuration of its own, as the user who runs the test.
 * Without OpenSSH on this machine the test is skipped.
 */
final class OpenSshServer implements AutoCloseable {

    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final int START_ATTEMPTS = 5;

    private final Path home;
    private final String deniedRequests;
    private final String option;
    private int port;
    private @Nullable Process process;

    private OpenSshServer(Path home, String deniedRequests, String option) {
        this.home = home;
        this.deniedRequests = deniedRequests;
        this.option = option;
    }

    /** Starts a server that allows everything. Its files go into {@code home}, the exports into {@code home/exports}. */
    static OpenSshServer start(Path home) {
        return startDenying(home, "");
    }

    /** Starts a server that refuses some requests of SFTP, such as {@code stat,lstat}; see {@code sftp-server -P}. */
    static OpenSshServer startDenying(Path home, String requests) {
        return start(home, requests, "");
    }

    /** Starts a server with a further line in its configuration, such as {@code MaxSessions 1}. */
    static OpenSshServer startWith(Path home, String option) {
        return start(home, "", option);
    }

    private static OpenSshServer start(Path home, String requests, String option) {
        assumeThat(SSHD)
                .as("skipped: /usr/sbin/sshd is not on this machine (Debian: apt-get install openssh-server)")
                .isExecutable();
        OpenSshServer server = new OpenSshServer(home, requests, option);
        try {
            server.prepare();
            server.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return server;
    }

    private void prepare() throws IOException {
        Files.createDirectories(exports());
        if (user().equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // sshd asks for it
        }
        if (!Files.exists(home.resolve("host_ed25519"))) {
            keygen("host_ed25519", "ed25519", "", "");
        }
        keygen("host_ecdsa", "ecdsa", "256", "");
        keygen("host_rsa", "rsa", "2048", "");
        Files.writeString(home.resolve("authorized_keys"), "");
    }

    /** A port that is free now may be taken a moment later: so some attempts. */
    private void run() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path config = Files.write(home.resolve("sshd_config"), configuration());
            Process started = new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("sshd.log").toFile())
                    .start();
            process = started;
            if (listens(started)) {
                return;
            }
            if (attempt == START_ATTEMPTS) {
                throw new IOException("sshd did not start: " + Files.readString(home.resolve("sshd.log")));
            }
        }
    }

    /** A certificate that is in the server's directory is shown. */
    private List<String> certificates() {
        Path certificate = home.resolve("host_ed25519-cert.pub");
        return Files.exists(certificate) ? List.of("HostCertificate " + certificate) : List.of();
    }

    private List<String> configuration() {
        List<String> lines = new ArrayList<>(certificates());
        lines.addAll(settings());
        return lines;
    }

    private List<String> settings() {
        String sftp = "internal-sftp" + (deniedRequests.isEmpty() ? "" : " -P " + deniedRequests);
        return List.of(
                "ListenAddress 127.0.0.1",
                "Port " + port,
                "HostKey " + home.resolve("host_ed25519"),
                "HostKey " + home.resolve("host_ecdsa"),
                "HostKey " + home.resolve("host_rsa"),
                "PidFile none",
                "AuthorizedKeysFile " + home.resolve("authorized_keys"),
                "StrictModes no",
                "UsePAM no",
                "PermitRootLogin yes",
                "PasswordAuthentication no",
                "KbdInteractiveAuthentication no",
                "Subsystem sftp " + sftp,
                option);
    }

    private boolean listens(Process sshd) {
        while (sshd.isAlive()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        return false;
    }

    /** Makes a key pair that may log in, and returns the file of the private key. */
    Path newLogin(String type, String bits, String passphrase) {
        try {
            Files.deleteIfExists(home.resolve("login_" + type));
            Path key = keygen("login_" + type, type, bits, passphrase);
            allow(Files.readString(Path.of(key + ".pub")));
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets exactly these keys log in: lines of authorized_keys. */
    void allow(String keys) {
        try {
            Files.writeString(home.resolve("authorized_keys"), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of the keys that may log in. */
    String authorized() {
        try {
            return Files.readString(home.resolve("authorized_keys"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path keygen(String name, String type, String bits, String passphrase) throws IOException {
        Path file = home.resolve(name);
        List<String> command =
                new ArrayList<>(List.of("ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", file.toString()));
        if (!bits.isEmpty()) {
            command.addAll(List.of("-b", bits));
        }
        run(command);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(output).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** A delivery that trusts this server and may log in, with a key of its own. */
    SftpDelivery.Builder withLogin() {
        return delivery().privateKey(newLogin("ed25519", "", ""));
    }

    /** A delivery that trusts this server; it has yet to get a login. */
    SftpDelivery.Builder delivery() {
        return SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(port)
                .user(user())
                .hostKey(fingerprint("ed25519"))
                .directory(exports().toString());
    }

    /** As {@code ssh-keygen -l} shows it; the type is {@code ed25519}, {@code ecdsa} or {@code rsa}. */
    String fingerprint(String type) {
        try {
            Process process = new ProcessBuilder(
                            "ssh-keygen",
                            "-l",
                            "-f",
                            home.resolve("host_" + type + ".pub").toString())
                    .start();
            String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return line.split(" ", -1)[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As in a known_hosts file: type and Base64. */
    String publicKey(String type) {
        try {
            String[] words =
                    Files.readString(home.resolve("host_" + type + ".pub")).split(" ", -1);
            return words[0] + " " + words[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server has said. */
    String log() throws IOException {
        return Files.readString(home.resolve("sshd.log"));
    }

    Path exports() {
        return home.resolve("exports");
    }

    int port() {
        return port;
    }

    static String user() {
        return System.getProperty("user.name");
    }

    /**
     * Lets somebody log in to whom permissions apply: {@code nobody} if root runs the test, else who runs it. They get at the
     * server's directory, and have the permissions of others in the exports.
     */
    String loginWithoutPrivileges() {
        if (!user().equals("root")) {
            return user();
        }
        try {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
            return "nobody";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the process of the channel that was opened last: it reads nothing more, and says nothing. */
    ProcessHandle freezeTheLastChannel() {
        List<ProcessHandle> channels = requireNonNull(process)
                .descendants()
                .filter(process -> process.children().findAny().isEmpty())
                .sorted(Comparator.comparingLong(ProcessHandle::pid))
                .toList();
        assertThat(channels).as("channels").hasSizeGreaterThan(1);
        ProcessHandle last = channels.get(channels.size() - 1);
        try {
            run(List.of("kill", "-STOP", Long.toString(last.pid())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return last;
    }

    /** Waits until the server has done with the connections that are gone. */
    void awaitRest() {
        Process running = process;
        while (running != null && running.descendants().findAny().isPresent()) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.descendants().forEach(ProcessHandle::destroy);
        running.destroy();
        try {
            assertThat(running.waitFor(10, TimeUnit.SECONDS))
                    .as("sshd has ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
