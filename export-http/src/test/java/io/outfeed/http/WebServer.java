package io.outfeed.http;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** nginx or Apache with WebDAV, on a loopback port. Without it, the test is skipped. */
final class WebServer implements AutoCloseable {

    private static final int ATTEMPTS = 5;

    /** How a program is configured and started. */
    private interface Program {

        Process start(Path home, int port) throws IOException;
    }

    private final Path files;
    private final int port;
    private final Process process;

    private WebServer(Path files, int port, Process process) {
        this.files = files;
        this.port = port;
        this.process = process;
    }

    /** A server that ignores {@code If-None-Match}, and makes folders by itself. */
    static WebServer nginx(Path home) {
        Path program = program("/usr/sbin/nginx", "nginx-light");
        return start(home, (directory, port) -> {
            Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                    daemon off;
                    worker_processes 1;
                    user root;
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
                      client_max_body_size 6m;
                      server {
                        listen 127.0.0.1:%2$d;
                        root %1$s/files;
                        location / {
                          dav_methods PUT DELETE MKCOL;
                          create_full_put_path on;
                        }
                      }
                    }
                    """.formatted(directory, port));
            return new ProcessBuilder(
                            program.toString(), "-e", directory + "/error.log", "-c", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("nginx.out").toFile())
                    .start();
        });
    }

    /** A server that takes conditions, and makes folders by {@code MKCOL}. */
    static WebServer apache(Path home) {
        Path program = program("/usr/sbin/apache2", "apache2-bin");
        return start(home, (directory, port) -> {
            String modules = List.of("mpm_event", "authz_core", "dav", "dav_fs", "dav_lock").stream()
                    .map(name -> "LoadModule %1$s_module /usr/lib/apache2/modules/mod_%1$s.so\n".formatted(name))
                    .reduce("", String::concat);
            Path configuration =
                    Files.writeString(directory.resolve("apache.conf"), modules + """
                            ServerRoot %1$s
                            ServerName localhost
                            Listen 127.0.0.1:%2$d
                            PidFile %1$s/apache.pid
                            ErrorLog %1$s/error.log
                            User daemon
                            Group daemon
                            DocumentRoot %1$s/files
                            DavLockDB %1$s/files/.locks
                            <Directory %1$s/files>
                              Dav On
                              Require all granted
                            </Directory>
                            """.formatted(directory, port));
            return new ProcessBuilder(program.toString(), "-DFOREGROUND", "-f", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("apache.out").toFile())
                    .start();
        });
    }

    private static Path program(String path, String debianPackage) {
        assumeThat(Path.of(path))
                .as("skipped: %s is not on this machine (.ci/run installs it)", debianPackage)
                .isExecutable();
        assumeThat(System.getProperty("user.name"))
                .as("skipped: only root may let it change its user")
                .isEqualTo("root");
        return Path.of(path);
    }

    private static WebServer start(Path home, Program program) {
        try {
            // its own user has to get there
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path files = Files.createDirectory(home.resolve("files"));
            Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwxrwxrwx"));
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                int port = freePort();
                Process process = program.start(home, port);
                if (listens(process, port)) {
                    return new WebServer(files, port, process);
                }
            }
            throw new IOException("the server does not start: " + Files.readString(home.resolve("error.log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static boolean listens(Process process, int port) throws IOException {
        try {
            while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    return socket.isConnected();
                } catch (IOException e) {
                    // it does not listen yet
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the server starts", e);
        }
    }

    /** The address of a folder, which is made. */
    URI folder(String name) throws IOException {
        Path folder = Files.createDirectory(files.resolve(name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        return URI.create("http://127.0.0.1:" + port + "/" + name + "/");
    }

    Optional<byte[]> read(String folder, String path) throws IOException {
        Path file = files.resolve(folder).resolve(path);
        return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
