package io.outfeed.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is sent without encryption, or to a server that does not prove its identity. */
class S3EncryptedTransportTest {

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
                                        + " check the endpoint, and the authorities that this JVM trusts"
                                        + " (delivery=lakeside)");
                    });
        } finally {
            server.stop(0);
        }
        assertThat(requests).hasValue(0);
    }
}
