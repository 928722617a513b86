package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.outfeed.examples.DeployedHost.Part;
import io.outfeed.examples.servers.Mailbox;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host is deployed anew in the same JVM, with classes of its own, on threads and with a driver that all deployments
 * share: nothing refers to the classes of an earlier one.
 */
@Tag("slow")
class RedeployTest {

    private static final int DEPLOYMENTS = 6;

    /** Much longer than the threads of the JDK's HTTP client need to see that it is not in use. */
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path home;

    @Test
    void should_be_left_by_sftp() throws Exception {
        try (DemoSftpServer server = DemoSftpServer.start(home)) {
            Files.createDirectories(server.directory("/exports"));

            assertCollected(
                    Part.SFTP,
                    Integer.toString(server.port()),
                    server.privateKey().toString(),
                    server.fingerprint());
        }
    }

    @Test
    void should_be_left_by_ftps() throws Exception {
        try (DemoFtpServer server = DemoFtpServer.start(home)) {
            Files.createDirectories(server.directory("/exports"));

            assertCollected(Part.FTPS, Integer.toString(server.port()), server.password(), server.fingerprint());
        }
    }

    @Test
    void should_be_left_by_the_client_of_s3() throws Exception {
        try (DemoObjectServer server = DemoObjectServer.start(home)) {
            Files.createDirectories(server.directory("exports"));

            assertCollected(Part.S3, server.endpoint().toString(), DemoObjectServer.ACCESS_KEY, server.secret());
        }
    }

    @Test
    void should_be_left_by_the_client_of_http() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                exchange.sendResponseHeaders(201, -1);
            }
        });
        server.start();
        try {
            assertCollected(Part.HTTP, "http://127.0.0.1:" + server.getAddress().getPort() + "/exports");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void should_be_left_by_mail() throws Exception {
        try (Mailbox server = new Mailbox()) {
            assertCollected(Part.MAIL, Integer.toString(server.port()));
        }
    }

    @Test
    void should_be_left_by_a_source_and_a_store_in_a_database() throws Exception {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:redeploy");
        try (Connection open = database.getConnection()) { // the database is there as long as it is
            assertCollected(Part.DATABASE, database.getURL());
            assertThat(open.isClosed()).isFalse();
        }
    }

    @Test
    void should_be_left_by_workbooks_and_encryption() throws Exception {
        Path key = Files.write(
                home.resolve("lakeside.pgp"),
                new BcOpenPGPApi()
                        .generateKey()
                        .ed25519x25519Key("Lakeside")
                        .build()
                        .toCertificate()
                        .getEncoded());

        assertCollected(Part.ENCRYPTED_WORKBOOK, key.toString());
    }

    /** One deployment stays: what it shares with the others must not keep them. */
    private void assertCollected(Part part, String... settings) throws Exception {
        ClassLoader stays = deployAndUndeploy(part, List.of(settings));
        ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int deployment = 0; deployment < DEPLOYMENTS; deployment++) {
            loaders.add(new WeakReference<>(deployAndUndeploy(part, List.of(settings)), collected));
        }
        ClassLoader last = deployAndUndeploy(Part.DIRECTORY, List.of()); // the JDK keeps types of what it linked last
        long end = System.nanoTime() + LONG.toNanos();
        int alive = DEPLOYMENTS;
        while (alive > 0 && System.nanoTime() < end) {
            System.gc();
            for (long wait = 200; alive > 0 && collected.remove(wait) != null; wait = 1) {
                alive--;
            }
        }
        assertThat(stays.loadClass(DeployedHost.class.getName())).isNotSameAs(DeployedHost.class);
        assertThat(last).isNotSameAs(stays);
        assertThat(alive).as("class loaders of " + loaders).isZero();
    }

    private ClassLoader deployAndUndeploy(Part part, List<String> settings) throws Exception {
        ClassLoader loader = new DeploymentLoader();
        Class<?> host = loader.loadClass(DeployedHost.class.getName());
        Runnable deployed = (Runnable)
                host.getConstructor(Path.class, String.class, List.class).newInstance(home, part.name(), settings);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            deployed.run();
        } finally {
            thread.setContextClassLoader(before);
        }
        return loader;
    }

    /** The class loader of a deployed application: it shares the logging and the driver, and has classes of its own. */
    private static final class DeploymentLoader extends ClassLoader {

        private final ClassLoader shared = RedeployTest.class.getClassLoader();

        DeploymentLoader() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.startsWith("org.slf4j.") || name.startsWith("org.h2.")) {
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

        @Override
        protected URL findResource(String name) {
            return shared.getResource(name);
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            return shared.getResources(name);
        }
    }
}
