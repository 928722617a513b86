package io.outfeed.sftp.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.internal.crypto.Algorithms;
import io.outfeed.sftp.internal.crypto.NegotiationErrors;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.transport.TransportException;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.server.ServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectorTest {

    @TempDir
    private Path root;

    /** sshj's reader may reject the server before the connecting thread starts the key exchange. */
    @Test
    void should_report_the_reason_when_the_server_was_rejected_early() throws Exception {
        try (MinaServer server = MinaServer.start(
                        root,
                        List.of("ssh-ed25519"),
                        mina -> mina.setKeyExchangeFactories(NamedFactory.setUpTransformedFactories(
                                false, List.of(oldKeyExchange()), ServerBuilder.DH2KEX)));
                SSHClient client = new LateClient(Algorithms.config(Set.of(), false))) {
            assertThatThrownBy(() -> Connector.connect(client, "127.0.0.1", server.port()))
                    .isInstanceOf(TransportException.class)
                    .satisfies(thrown -> assertThat(NegotiationErrors.describe(thrown))
                            .startsWith("offers only old key exchanges (diffie-hellman-group14-sha1)"));
        }
    }

    /** Found by its name, since the constant is deprecated. */
    private static BuiltinDHFactories oldKeyExchange() {
        return BuiltinDHFactories.VALUES.stream()
                .filter(one -> one.getName().equals("diffie-hellman-group14-sha1"))
                .findFirst()
                .orElseThrow();
    }

    /** Starts the key exchange when the transport has ended. */
    private static final class LateClient extends SSHClient {

        private LateClient(Config config) {
            super(config);
        }

        @Override
        protected void doKex() throws TransportException {
            assertThatThrownBy(() -> getTransport().join()).isInstanceOf(TransportException.class);
            super.doKex();
        }
    }
}
