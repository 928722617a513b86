package io.outfeed.sftp.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.sftp.SftpDelivery;
import io.outfeed.sftp.SftpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that takes a connection and says nothing, or takes none: an interrupt ends the attempt to connect. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class InterruptedConnectTest {

    private enum Silence {
        NO_CONNECTION,
        NO_IDENTIFICATION,
        PROXY_WITHOUT_ANSWER
    }

    private final List<Socket> clients = new ArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        server.close();
    }

    /** The machine takes no more connections for a server that accepts none. */
    private void fillTheQueue() throws IOException {
        for (int i = 0; i < 8; i++) {
            Socket client = new Socket();
            clients.add(client);
            try {
                client.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
            } catch (IOException full) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_end_when_it_is_interrupted(Silence silence) throws Exception {
        if (silence == Silence.NO_CONNECTION) {
            fillTheQueue();
        }
        SftpDelivery.Builder builder = SftpDelivery.builder("lakeside", "127.0.0.1")
                .port(server.getLocalPort())
                .user("outfeed")
                .password("secret")
                .hostKey("SHA256:" + "A".repeat(43))
                .directory("/exports")
                .connectTimeout(Duration.ofMinutes(10));
        if (silence == Silence.PROXY_WITHOUT_ANSWER) {
            builder.proxy(SftpProxy.socks5("127.0.0.1", server.getLocalPort()));
        }
        SftpDelivery delivery = builder.build();
        AtomicReference<DeliveryException> failure = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread connecting = new Thread(() -> {
            failure.set(catchThrowableOfType(DeliveryException.class, delivery::open));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        connecting.start();

        connecting.interrupt();
        connecting.join();

        assertThat(failure.get())
                .hasMessageStartingWith("it was interrupted to ")
                .extracting(thrown -> thrown.code())
                .isEqualTo(FailureCode.STOPPED);
        assertThat(interrupted).as("the interrupt is kept").isTrue();
    }
}
