package io.outfeed.sftp.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.sftp.fixture.MinaServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A closed engine leaves no connection, no thread and no file open. */
@Tag("slow")
class ClosedEngineTest {

    /** Much longer than the threads need to end. */
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path root;

    @TempDir
    private Path state;

    private MinaServer server;

    @BeforeEach
    void startServer() throws IOException {
        Files.createDirectory(root.resolve("exports"));
        server = MinaServer.start(root);
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    @Test
    void should_leave_neither_threads_nor_files_nor_connections_open() throws Exception {
        Path descriptors = Path.of("/proc/self/fd");
        assumeThat(descriptors).as("lists what this process has open").isDirectory();
        Runnable host = new SmallHost(state, server.port(), server.fingerprint(0));
        host.run(); // loads classes
        Set<Thread> threads = threads();
        long open = count(descriptors);

        for (int cycle = 0; cycle < 300; cycle++) {
            host.run();
        }

        assertThat(newThreads(threads)).as("threads of Outfeed").isEmpty();
        assertThat(count(descriptors))
                .as("files and sockets, of which the server may have some that it has yet to close")
                .isLessThan(open + 30);
        assertThat(server.connections()).as("one for two jobs").isEqualTo(301);
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** The threads of Outfeed and of sshj that were started since and have not ended. */
    private static List<String> newThreads(Set<Thread> before) throws InterruptedException {
        List<String> alive = new ArrayList<>();
        long end = System.nanoTime() + LONG.toNanos();
        for (Thread thread : threads()) {
            if (!before.contains(thread) && Stream.of("outfeed-", "sshj-").anyMatch(thread.getName()::startsWith)) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                if (thread.isAlive()) {
                    alive.add(thread.getName());
                }
            }
        }
        return alive;
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }
}
