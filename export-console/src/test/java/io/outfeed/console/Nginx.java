package io.outfeed.console;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** nginx before a console, on a loopback port. Tests are skipped where there is none. */
final class Nginx implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    private static final int ATTEMPTS = 5;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param location the path at which it shows the console
     * @param console the address of the console
     * @param directives what else the location says
     */
    static Nginx start(Path home, String location, String console, String directives) throws IOException {
        assumeThat(PROGRAM)
                .as("skipped: nginx-light is not on this machine (.ci/run installs it)")
                .isExecutable();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            int port = freePort();
            Path configuration = Files.writeString(
                    home.resolve("nginx.conf"), """
                    daemon off;
                    master_process off;
                    pid %1$s/nginx.pid;
                    error_log %1$s/error.log;
                    events {}
                    http {
                      access_log off;
                      client_body_temp_path %1$s/bodies;
                      proxy_temp_path %1$s/proxy;
                      fastcgi_temp_path %1$s/fastcgi;
                      uwsgi_temp_path %1$s/uwsgi;
                      scgi_temp_path %1$s/scgi;
                      server {
                        listen 127.0.0.1:%2$d;
                        location %3$s {
                          proxy_pass %4$s;
                          %5$s
                        }
                      }
                    }
                    """.formatted(home, port, location, console, directives));
            Process process = new ProcessBuilder(
                            PROGRAM.toString(), "-e", home + "/error.log", "-c", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("nginx.out").toFile())
                    .start();
            if (listens(process, port)) {
                return new Nginx(process, port);
            }
        }
        throw new IOException("nginx does not start: " + Files.readString(home.resolve("error.log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** Waits until it answers; another process may have taken the port, and then it ends. */
    private static boolean listens(Process process, int port) {
        while (process.isAlive()) {
            try (Socket ready = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return ready.isConnected() && process.isAlive();
            } catch (IOException e) {
                Thread.onSpinWait(); // not yet
            }
        }
        return false;
    }

    String site() {
        return "http://localhost:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
