package io.outfeed.sftp.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.outfeed.sftp.fixture.MinaServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
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

/** A closed engine leaves no connection, no thread and no file open, and its class loader can be collected. */
@Tag("slow")
class ClosedEngineTest {

    /** Much longer than the threads need to end. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private static final int COLLECTIONS = 50;

    /** The JDK keeps the types of what it linked last, such as the {@code equals} of a record. */
    private static final int MOST_OF_JDK = 1;

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
    void should_let_class_loaders_be_collected() throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        Set<Thread> before = threads();
        for (int deployment = 0; deployment < 30; deployment++) {
            loaders.add(deployAndUndeploy());
        }

        assertThat(newThreads(before)).as("threads of Outfeed").isEmpty();
        for (int i = 0; i < COLLECTIONS && alive(loaders) > MOST_OF_JDK; i++) {
            System.gc();
        }
        assertThat(alive(loaders)).as("class loaders").isLessThanOrEqualTo(MOST_OF_JDK);
        assertThat(server.connections()).as("connections").isEqualTo(30);
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

    /** Its own method, so that no local variable refers to the loader. */
    private WeakReference<ClassLoader> deployAndUndeploy() throws Exception {
        ClassLoader loader = new DeploymentLoader();
        Class<?> host = loader.loadClass(SmallHost.class.getName());
        assertThat(host).isNotSameAs(SmallHost.class);
        Runnable run = (Runnable) host.getConstructor(Path.class, int.class, String.class)
                .newInstance(state, server.port(), server.fingerprint(0));
        run.run();
        return new WeakReference<>(loader);
    }

    /** The class loader of a deployed application: it shares the logging with others, and has classes of its own. */
    private static final class DeploymentLoader extends ClassLoader {

        private final ClassLoader shared = ClosedEngineTest.class.getClassLoader();

        DeploymentLoader() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.slf4j.")) {
                return shared.loadClass(name);
            }
            try (InputStream in = shared.getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private static long alive(List<WeakReference<ClassLoader>> loaders) {
        return loaders.stream().filter(loader -> loader.get() != null).count();
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
