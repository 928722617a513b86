package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links with a signature, opened as a browser does. */
class S3LinkTest {

    private final ObjectServer server = ObjectServer.get();
    private final String bucket = server.makeBucket();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private SSLContext context;
    private SSLServerSocket listener;

    @BeforeEach
    void encrypt(@TempDir Path directory) throws Exception {
        context = TestKeys.context(directory);
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket target = new Socket(InetAddress.getLoopbackAddress(), server.port());
                threads.execute(() -> pipe(client, target));
                threads.execute(() -> pipe(target, client));
            } catch (IOException e) {
                return; // the test is over
            }
        }
    }

    private static void pipe(Socket from, Socket to) {
        try (from;
                to) {
            long unused = from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // the other side has closed it
        }
    }

    private S3Delivery.Builder delivery() {
        return S3Delivery.builder("lakeside", bucket)
                .endpoint(URI.create("https://127.0.0.1:" + listener.getLocalPort()))
                .pathStyle()
                .prefix("exports")
                .accessKey(ObjectServer.ACCESS_KEY, ObjectServer.SECRET::toCharArray);
    }

    private String open(URI link) throws IOException {
        HttpsURLConnection connection = (HttpsURLConnection) link.toURL().openConnection();
        connection.setSSLSocketFactory(context.getSocketFactory());
        try (InputStream in = connection.getInputStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void should_open_an_object_by_its_link_without_a_login() throws Exception {
        server.put(bucket, "exports/2026-27/visits Zoë.csv", "id\r\n1\r\n");
        S3Delivery delivery = delivery().linkLifetime(Duration.ofHours(1)).build();

        URI link = delivery.link("s3://" + bucket + "/exports/2026-27/visits Zoë.csv")
                .orElseThrow();

        assertThat(open(link)).isEqualTo("id\r\n1\r\n");
        assertThat(link.getRawQuery()).contains("X-Amz-Expires=3600").doesNotContain(ObjectServer.SECRET);
        assertThat(link.getUserInfo()).isNull();
    }

    @Test
    void should_give_no_link_unless_it_is_told_for_how_long() {
        assertThat(delivery().build().link("s3://" + bucket + "/exports/visits.csv"))
                .isEmpty();
    }

    @Test
    void should_give_no_link_to_objects_of_others() {
        S3Delivery delivery = delivery().linkLifetime(Duration.ofHours(1)).build();

        assertThat(delivery.link("s3://" + bucket + "/payroll/visits.csv")).isEmpty();
        assertThat(delivery.link("s3://other/exports/visits.csv")).isEmpty();
        assertThat(delivery.link("exports/visits.csv")).isEmpty();
    }
}
