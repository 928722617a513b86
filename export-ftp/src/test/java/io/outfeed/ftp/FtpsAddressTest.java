package io.outfeed.ftp;

import static io.outfeed.ftp.fixture.TestSessions.openSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.IfExists;
import io.outfeed.ftp.FtpsDelivery.DataConnections;
import io.outfeed.ftp.fixture.OutgoingFiles;
import io.outfeed.ftp.fixture.ScriptedFtpServer;
import io.outfeed.ftp.fixture.VsftpdServer;
import io.outfeed.ftp.internal.transfer.FtpSession;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * From which address, and to which. vsftpd takes no data connection from another address than that of the control
 * connection, and connects to no other.
 */
class FtpsAddressTest {

    @TempDir
    private Path home;

    @TempDir
    private Path staging;

    private DeliveryReceipt deliver(FtpsDelivery delivery) throws IOException {
        OutgoingFile file = OutgoingFiles.file(staging, "id\r\n1\r\n", IfExists.FAIL);
        try (FtpSession session = openSession(delivery)) {
            return session.publish(session.prepare(file), file).orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_connect_from_the_address_that_is_set(DataConnections dataConnections) throws IOException {
        try (VsftpdServer server = VsftpdServer.start(home)) {
            DeliveryReceipt receipt = deliver(server.delivery()
                    .bindAddress(InetAddress.getByName("127.0.0.2"))
                    .dataConnections(dataConnections)
                    .build());

            assertThat(server.exports().resolve("interactions-12.csv")).hasContent("id\r\n1\r\n");
            assertThat(receipt.location()).isEqualTo("/exports/interactions-12.csv");
            assertThat(server.log("OK UPLOAD: Client \"127.0.0.2\"")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_deliver_by_ipv6(DataConnections dataConnections) throws IOException {
        try (VsftpdServer server = VsftpdServer.startIpv6(home)) {
            FtpsDelivery delivery =
                    server.delivery().dataConnections(dataConnections).build();

            DeliveryReceipt receipt = deliver(delivery);

            assertThat(server.exports().resolve("interactions-12.csv")).hasContent("id\r\n1\r\n");
            assertThat(receipt.location()).isEqualTo("/exports/interactions-12.csv");
            assertThat(delivery.server()).isEqualTo("[::1]:" + server.port());
            assertThat(delivery.link(receipt.location()))
                    .hasValueSatisfying(link -> assertThat(link.getHost()).isEqualTo("[::1]"));
        }
    }

    @Test
    void should_refuse_an_address_of_another_machine() throws IOException {
        try (ScriptedFtpServer server = ScriptedFtpServer.start(home)) {
            FtpsDelivery delivery = server.delivery()
                    .bindAddress(InetAddress.getByName("192.0.2.1"))
                    .build();

            assertThatThrownBy(() -> openSession(delivery))
                    .isInstanceOfSatisfying(
                            DeliveryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.DESTINATION_REFUSED))
                    .hasMessage("bindAddress 192.0.2.1 is no address of this machine (delivery=lakeside)");
            assertThat(server.commands()).isEmpty();
        }
    }
}
