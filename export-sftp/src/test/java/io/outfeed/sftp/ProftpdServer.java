package io.outfeed.sftp;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** ProFTPD with mod_sftp on a loopback port, for the user root. Where it is not there, or cannot be, the test is skipped. */
final class ProftpdServer implements AutoCloseable {

    private static final Path PROFTPD = Path.of("/usr/sbin/proftpd");
    private static final Path MODULE = Path.of("/usr/lib/proftpd/mod_sftp.so");

    private final Path home;
    private final int port;
    private final Process process;

    private ProftpdServer(Path home, int port, Process process) {
        this.home = home;
        this.port = port;
        this.process = process;
    }

    static ProftpdServer start(Path home) {
        return startDenying(home, "");
    }

    /** Starts a server that refuses some requests of SFTP, such as {@code STAT LSTAT}: see its {@code Limit}. */
    static ProftpdServer startDenying(Path home, String requests) {
        assumeThat(Files.isExecutable(PROFTPD) && Files.exists(MODULE))
                .as("skipped: ProFTPD with mod_sftp is not on this machine (Debian: apt-get install proftpd-core "
                        + "proftpd-mod-crypto)")
                .isTrue();
        assumeThat(OpenSshServer.user())
                .as("skipped: only root may start ProFTPD with logins")
                .isEqualTo("root");
        try {
            Files.createDirectories(home.resolve("exports"));
            for (String key : List.of("host", "login")) {
                OpenSshServer.run(List.of(
                        "ssh-keygen",
                        "-q",
                        "-t",
                        "rsa",
                        "-b",
                        "2048",
                        "-m",
                        "PEM",
                        "-N",
                        "",
                        "-f",
                        home.resolve(key).toString()));
            }
            Process export = new ProcessBuilder(
                            "ssh-keygen", "-e", "-f", home.resolve("login.pub").toString())
                    .start();
            Files.write(home.resolve("authorized_keys"), export.getInputStream().readAllBytes());
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            List<String> lines = new ArrayList<>(configuration(home, port));
            if (!requests.isEmpty()) {
                lines.addAll(List.of("<Limit " + requests + ">", "DenyAll", "</Limit>"));
            }
            Files.write(home.resolve("proftpd.conf"), lines);
            Process process = new ProcessBuilder(
                            PROFTPD.toString(),
                            "-n",
                            "-c",
                            home.resolve("proftpd.conf").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("proftpd.log").toFile())
                    .start();
            return new ProftpdServer(home, port, process).started();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> configuration(Path home, int port) {
        return List.of(
                "ModulePath /usr/lib/proftpd",
                "LoadModule mod_sftp.c",
                "ServerType standalone",
                "DefaultAddress 127.0.0.1",
                "UseIPv6 off",
                "Port " + port,
                "User root",
                "Group root",
                "PidFile " + home.resolve("pid"),
                "ScoreboardFile none",
                "DelayTable none",
                "WtmpLog off",
                "TransferLog none",
                "UseFtpUsers off", // it names root
                "RootLogin on",
                "RequireValidShell off",
                "AuthOrder mod_auth_unix.c",
                "AllowOverwrite on",
                "SFTPEngine on",
                "SFTPLog " + home.resolve("sftp.log"),
                "SFTPHostKey " + home.resolve("host"),
                "SFTPAuthMethods publickey",
                "SFTPAuthorizedUserKeys file:" + home.resolve("authorized_keys"));
    }

    private ProftpdServer started() throws IOException {
        while (process.isAlive()) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return this;
            } catch (IOException e) {
                Thread.onSpinWait();
            }
        }
        throw new IOException(
                "proftpd did not start: " + Files.readString(home.resolve("proftpd.log"), StandardCharsets.UTF_8));
    }

    SftpDelivery.Builder delivery() {
        try {
            Process process = new ProcessBuilder(
                            "ssh-keygen", "-l", "-f", home.resolve("host.pub").toString())
                    .start();
            String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return SftpDelivery.builder("lakeside", "127.0.0.1")
                    .port(port)
                    .user("root")
                    .privateKey(home.resolve("login"))
                    .hostKey(line.split(" ", -1)[1])
                    .directory(exports().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path exports() {
        return home.resolve("exports");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("proftpd does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
