package io.outfeed.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Protection;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is sent without encryption, or to a server that does not prove its identity. */
class S3EncryptedTransportTest {

    /** By which the SDK takes another address than that of the region. */
    private static final String ENDPOINT = "aws.endpointUrlS3";

    private static final byte[] CONTENT = TestFiles.bytes(1_000);

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
    void should_deliver_to_a_server_whose_certificate_is_in_the_file() throws Exception {
        String bucket = ObjectServer.get().makeBucket();
        OutgoingFile file = TestFiles.file(directory, 41, "visits.csv", CONTENT, IfExists.FAIL);
        try (Gateway gateway = Gateway.encrypted(ObjectServer.get(), TestKeys.context(directory))) {
            S3Delivery delivery =
                    trusting(bucket, gateway, directory.resolve("server.pem")).build();

            try (DeliverySession session = delivery.open()) {
                assertThat(session.publish(session.prepare(file), file)).isPresent();
            }

            assertThat(gateway.lines("PUT ")).hasSize(1);
            assertThat(delivery.protection()).isEqualTo(Protection.PROTECTED);
        }
        assertThat(ObjectServer.get().read(bucket, file.file().path())).contains(CONTENT);
    }

    @Test
    void should_send_nothing_to_a_server_of_another_name() throws Exception {
        SSLContext keys = TestKeys.context(directory, "dns:other.example");
        try (Gateway gateway = Gateway.encrypted(ObjectServer.get(), keys)) {
            S3Delivery delivery = trusting("exports", gateway, directory.resolve("server.pem"))
                    .build();

            assertThatThrownBy(delivery::open)
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.IDENTITY_REFUSED));
            assertThat(gateway.lines("")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent.pem", "empty.pem", "damaged.pem"})
    void should_say_that_the_file_of_certificates_can_not_be_read(String name) throws Exception {
        Files.createFile(directory.resolve("empty.pem"));
        Files.writeString(directory.resolve("damaged.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        S3Delivery delivery =
                delivery().trustedCertificates(directory.resolve(name)).build();

        assertThatThrownBy(delivery::open)
                .isInstanceOfSatisfying(
                        DeliveryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.IDENTITY_REFUSED))
                .hasMessage("can't read the trusted certificates: check that " + directory.resolve(name)
                        + " is there, and has certificates in PEM (delivery=lakeside)");
    }

    private static S3Delivery.Builder trusting(String bucket, Gateway gateway, Path certificates) {
        return S3Delivery.builder("lakeside", bucket)
                .endpoint(gateway.endpoint())
                .pathStyle()
                .accessKey(ObjectServer.ACCESS_KEY, ObjectServer.SECRET::toCharArray)
                .trustedCertificates(certificates);
    }

    @Test
    void should_send_nothing_to_a_server_whose_certificate_is_not_trusted() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(TestKeys.context(directory)));
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
                                        + " check the endpoint, or set trustedCertificates to a file with the"
                                        + " certificate of its authority (delivery=lakeside)");
                    });
        } finally {
            server.stop(0);
        }
        assertThat(requests).hasValue(0);
    }
}
