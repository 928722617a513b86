package io.outfeed.sftp.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.sftp.fixture.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server with outages, and the receiver who moves its files away as soon as they are visible, or later. */
final class Destination implements AutoCloseable {

    private final String id;
    private final OpenSshServer server;
    private final Path taken;
    private int outages;

    Destination(String id, Path directory) throws IOException {
        this.id = id;
        this.server = OpenSshServer.start(directory.resolve("server-" + id));
        this.taken = Files.createDirectories(directory.resolve("taken-" + id));
    }

    void writeSettings(Properties settings) {
        settings.setProperty(id + ".port", Integer.toString(server.port()));
        settings.setProperty(id + ".key", server.newLogin("ed25519", "", "").toString());
        settings.setProperty(id + ".hostKey", server.fingerprint("ed25519"));
        settings.setProperty(id + ".exports", server.exports().toString());
    }

    // ---- outages

    boolean isUp() {
        return server.isUp();
    }

    void beginOutage() {
        outages++;
        server.stop();
    }

    void endOutage() {
        server.restart();
    }

    int outages() {
        return outages;
    }

    // ---- files

    void takeAll() throws IOException {
        for (Path file : files(server.exports())) {
            String name = name(file);
            if (!isTemporary(name)) {
                assertThat(taken.resolve(name))
                        .as("came a second time to " + id)
                        .doesNotExist();
                Files.move(file, taken.resolve(name));
            }
        }
    }

    Set<String> uploads() throws IOException {
        return files(server.exports()).stream()
                .map(Destination::name)
                .filter(Destination::isTemporary)
                .collect(Collectors.toSet());
    }

    /** What the receiver has not taken, temporary files too. */
    List<Path> left() throws IOException {
        return files(server.exports());
    }

    List<String> takenNames() throws IOException {
        return files(taken).stream().map(Destination::name).toList();
    }

    byte[] taken(String name) throws IOException {
        return Files.readAllBytes(taken.resolve(name));
    }

    private static boolean isTemporary(String name) {
        return name.startsWith(".");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return id;
    }
}
