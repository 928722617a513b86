package io.outfeed.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is sent without encryption, or to a server that does not prove its identity. */
class S3EncryptedTransportTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** By which the SDK takes another address than that of the region. */
    private static final String ENDPOINT = "aws.endpointUrlS3";

    @TempDir
    private Path directory;

    private static S3Delivery.Builder delivery() {
        return S3Delivery.builder("lakeside", "exports")
                .region("eu-central-1")
                .pathStyle()
                .accessKey(ObjectServer.ACCESS_KEY, ObjectServer.SECRET::toCharArray);
    }

    @Test
    void should_send_nothing_to_an_address_of_the_environment_that_is_not_encrypted() throws Exception {
        try (Gateway gateway = Gateway.to(ObjectServer.get())) {
            System.setProperty(ENDPOINT, gateway.endpoint().toString());

            assertThatThrownBy(() -> delivery().build().open())
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_REFUSED);
                        assertThat(failure)
                                .hasMessage("can't reach s3://exports/: a setting of the environment, such as"
                                        + " AWS_ENDPOINT_URL, leads to an address without encryption, and nothing was"
                                        + " sent; remove it, or set the endpoint of the delivery (delivery=lakeside)");
                    });

            assertThat(gateway.lines("")).isEmpty();
        } finally {
            System.clearProperty(ENDPOINT);
        }
    }

    @Test
    void should_send_nothing_to_a_server_whose_certificate_is_not_trusted() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context()));
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.close();
        });
        server.start();
        String address = "127.0.0.1:" + server.getAddress().getPort();
        try {
            assertThatThrownBy(() -> delivery()
                            .endpoint(URI.create("https://" + address))
                            .build()
                            .open())
                    .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(FailureCode.IDENTITY_REFUSED);
                        assertThat(failure)
                                .hasMessage("can't reach s3://exports/: " + address + " does not prove its identity;"
                                        + " check the endpoint, and the authorities that this JVM trusts"
                                        + " (delivery=lakeside)");
                    });
        } finally {
            server.stop(0);
        }
        assertThat(requests).hasValue(0);
    }

    /** Of a certificate that signs itself, made by the JDK's keytool. */
    private SSLContext context() throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin", "keytool")
                                + " -genkeypair -alias server -keyalg EC -dname CN=test -ext san=ip:127.0.0.1"
                                + " -storetype PKCS12 -storepass changeit -keystore " + file)
                        .split(" "))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        return context;
    }
}
