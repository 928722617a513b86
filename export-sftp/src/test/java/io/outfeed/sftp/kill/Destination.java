package io.outfeed.sftp.kill;

import io.outfeed.sftp.fixture.OpenSshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A server with outages, and the receiver who moves its files away. The receiver leaves the newest file until the next
 * one arrives, so that it takes none that the exporter may still have to recognize.
 */
final class Destination implements AutoCloseable {

    private final String id;
    private final OpenSshServer server;
    private final Path taken;
    private int outages;

    private Destination(String id, OpenSshServer server, Path taken) {
        this.id = id;
        this.server = server;
        this.taken = taken;
    }

    static Destination honest(String id, Path directory) throws IOException {
        Path taken = Files.createDirectories(directory.resolve("taken-" + id));
        return new Destination(id, OpenSshServer.start(home(id, directory)), taken);
    }

    /** A destination that also takes files in the moment of a lie. */
    static Destination lying(String id, Path directory, SftpLies lies) {
        return new Destination(id, OpenSshServer.startWith(home(id, directory), lies.option()), lies.taken());
    }

    private static Path home(String id, Path directory) {
        return directory.resolve("server-" + id);
    }

    void writeSettings(Properties settings) {
        settings.setProperty(id + ".port", Integer.toString(server.port()));
        settings.setProperty(id + ".key", server.newLogin("ed25519", "", "").toString());
        settings.setProperty(id + ".hostKey", server.fingerprint("ed25519"));
        settings.setProperty(id + ".exports", server.exports().toString());
    }

    String id() {
        return id;
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

    /** Takes all files but the newest. */
    void takeOlder() throws IOException {
        List<Path> visible = visible();
        for (Path file : visible.subList(0, Math.max(0, visible.size() - 1))) {
            take(file);
        }
    }

    void takeAll() throws IOException {
        for (Path file : visible()) {
            take(file);
        }
    }

    private void take(Path file) throws IOException {
        Path arrivals = Files.createDirectories(taken.resolve(name(file)));
        Files.move(file, arrivals.resolve("last-" + files(arrivals).size()));
    }

    /** The visible files, the newest last. */
    private List<Path> visible() throws IOException {
        return files(server.exports()).stream()
                .filter(file -> !isTemporary(name(file)))
                .sorted(Comparator.comparingLong(Destination::sequence))
                .toList();
    }

    private static long sequence(Path file) {
        return Long.parseLong(name(file).replaceAll("\\D", ""));
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

    /** What came under a name, each time. */
    List<Path> arrivals(String name) throws IOException {
        return files(taken.resolve(name));
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
