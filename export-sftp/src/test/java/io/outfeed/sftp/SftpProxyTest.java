package io.outfeed.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.DeliveryException;
import io.outfeed.sftp.fixture.MinaServer;
import io.outfeed.sftp.network.SocksOrHttpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SftpProxyTest {

    @TempDir
    private Path root;

    private final AtomicReference<String> from = new AtomicReference<>("");
    private MinaServer server;

    @BeforeEach
    void start() {
        server = MinaServer.start(
                root,
                List.of("ssh-ed25519"),
                mina -> mina.addSessionListener(new SessionListener() {
                    @Override
                    public void sessionCreated(Session session) {
                        from.set(session.getIoSession().getRemoteAddress().toString());
                    }
                }));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_connect_by_socks(boolean login) throws Exception {
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.socks(login, 0)) {
            SftpProxy socks = SftpProxy.socks5("127.0.0.1", proxy.port());

            by(login ? socks.credentials("clerk", "pass word"::toCharArray) : socks)
                    .open()
                    .close();

            assertThat(proxy.requests()).containsExactly("name 127.0.0.1:" + server.port(), "127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_connect_by_http(boolean login) throws Exception {
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.http(login, 200)) {
            SftpProxy http = SftpProxy.http("127.0.0.1", proxy.port());

            by(login ? http.credentials("clerk", "pass word"::toCharArray) : http)
                    .open()
                    .close();

            assertThat(proxy.requests())
                    .containsExactly("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1", "127.0.0.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1, 127, 0, 0, 1",
                "4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1",
                "3, 9, l, o, c, a, l, h, o, s, t"
            })
    void should_read_every_kind_of_address_to_its_end(String address) throws Exception {
        String[] parts = address.split(", ", -1);
        byte[] bound = new byte[parts.length + 2];
        for (int i = 0; i < parts.length; i++) {
            bound[i] = parts[i].matches("\\d+") ? Byte.parseByte(parts[i]) : (byte) parts[i].charAt(0);
        }
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.socksBoundTo(bound)) {
            by(SftpProxy.socks5("127.0.0.1", proxy.port())).open().close();

            assertThat(server.logins()).isEqualTo(1);
        }
    }

    @Test
    void should_accept_every_success_status_of_http() throws Exception {
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.http(false, 204)) {
            by(SftpProxy.http("127.0.0.1", proxy.port())).open().close();

            assertThat(server.logins()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"255, 256", "256, 255"})
    void should_reject_credentials_that_are_too_long(int user, int password) throws Exception {
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.socks(true, 0)) {
            assertRefused(
                    SftpProxy.socks5("127.0.0.1", proxy.port())
                            .credentials("u".repeat(user), "p".repeat(password)::toCharArray),
                    false,
                    "SOCKS",
                    "takes no user or password of more than 255 bytes");
        }
    }

    @Test
    void should_send_credentials_of_the_maximum_length() throws Exception {
        String user = "u".repeat(255);
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.socks(true, 0)) {
            assertRefused(
                    SftpProxy.socks5("127.0.0.1", proxy.port()).credentials(user, "p".repeat(255)::toCharArray),
                    false,
                    "SOCKS",
                    "refused the login of user '" + user + "': check its credentials");
        }
    }

    @Test
    void should_not_read_an_endless_answer() throws Exception {
        try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread talking = new Thread(() -> talk(endless), "endless-proxy");
            talking.setDaemon(true);
            talking.start();
            int port = endless.getLocalPort();

            assertThatThrownBy(by(SftpProxy.http("127.0.0.1", port))::open)
                    .hasMessage("the HTTP proxy 127.0.0.1:" + port
                            + " broke the connection or does not speak the protocol: check its kind, host and port "
                            + "(delivery=lakeside)");
        }
    }

    private static void talk(ServerSocket listener) {
        try (Socket client = listener.accept()) {
            byte[] header = "Via: a-proxy\r\n".getBytes(StandardCharsets.US_ASCII);
            client.getOutputStream().write("HTTP/1.1 200 fine\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                client.getOutputStream().write(header);
            }
        } catch (IOException e) {
            // the peer has closed the connection
        }
    }

    @Test
    void should_let_the_proxy_resolve_the_name() throws Exception {
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.socks(false, 0)) {
            SftpDelivery.builder("lakeside", "sftp.lakeside.invalid")
                    .port(server.port())
                    .user("outfeed")
                    .password("secret")
                    .hostKey(server.fingerprint(0))
                    .directory("/exports")
                    .proxy(SftpProxy.socks5("127.0.0.1", proxy.port()))
                    .build()
                    .open()
                    .close();

            assertThat(proxy.requests()).contains("name sftp.lakeside.invalid:" + server.port());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2; false; does not allow connections to SERVER: have its operator allow them",
                "4; true; can't reach SERVER: check the host",
                "5; true; can't connect to SERVER, connection refused: check host and port",
                "1; true; failed to connect to SERVER (SOCKS answer 1)"
            })
    void should_report_why_socks_fails(int answer, boolean retryable, String why) throws Exception {
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.socks(false, answer)) {
            assertRefused(SftpProxy.socks5("127.0.0.1", proxy.port()), retryable, "SOCKS", why);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "403; false; does not allow connections to SERVER: have its operator allow CONNECT to it",
                "502; true; failed to connect to SERVER (HTTP status 502)"
            })
    void should_report_why_http_fails(int status, boolean retryable, String why) throws Exception {
        try (SocksOrHttpProxy proxy = SocksOrHttpProxy.http(false, status)) {
            assertRefused(SftpProxy.http("127.0.0.1", proxy.port()), retryable, "HTTP", why);
        }
    }

    @Test
    void should_report_unusable_credentials() throws Exception {
        try (SocksOrHttpProxy socks = SocksOrHttpProxy.socks(true, 0);
                SocksOrHttpProxy open = SocksOrHttpProxy.socks(false, 0);
                SocksOrHttpProxy http = SocksOrHttpProxy.http(true, 200)) {
            String refused = "refused the login of user 'clerk': check its credentials";
            String wanted = "wants a login: give it credentials";
            assertRefused(SftpProxy.socks5("127.0.0.1", socks.port()), false, "SOCKS", wanted);
            assertRefused(
                    SftpProxy.socks5("127.0.0.1", socks.port()).credentials("clerk", "no"::toCharArray),
                    false,
                    "SOCKS",
                    refused);
            assertRefused(
                    SftpProxy.socks5("127.0.0.1", open.port()).credentials("clerk", "no"::toCharArray),
                    false,
                    "SOCKS",
                    "takes no login by user and password: leave the credentials out");
            assertRefused(SftpProxy.http("127.0.0.1", http.port()), false, "HTTP", wanted);
            assertRefused(
                    SftpProxy.http("127.0.0.1", http.port()).credentials("clerk", "no"::toCharArray),
                    false,
                    "HTTP",
                    refused);
        }
    }

    /** The limit is far below the default; a separate thread, since a socket read ignores interrupts. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(value = 15, threadMode = ThreadMode.SEPARATE_THREAD)
    void should_not_wait_for_a_silent_proxy(boolean socks) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = silent.getLocalPort();
            SftpProxy proxy = socks ? SftpProxy.socks5("127.0.0.1", port) : SftpProxy.http("127.0.0.1", port);

            assertThatThrownBy(server.delivery()
                            .proxy(proxy)
                            .connectTimeout(Duration.ofMillis(200))
                            .build()::open)
                    .hasMessage("the " + (socks ? "SOCKS" : "HTTP") + " proxy 127.0.0.1:" + port
                            + " gave no answer within 200 ms: check its kind, host and port (delivery=lakeside)");
        }
    }

    @Test
    void should_notice_that_the_peer_is_no_such_proxy() {
        int port = server.port(); // an SSH server, which identifies itself by a line of text
        assertThatThrownBy(by(SftpProxy.socks5("127.0.0.1", port))::open)
                .hasMessage("the SOCKS proxy 127.0.0.1:" + port
                        + " broke the connection or does not speak the protocol: check its kind, host and port "
                        + "(delivery=lakeside)");
    }

    @Test
    void should_connect_from_the_bind_address() throws Exception {
        server.delivery()
                .bindAddress(InetAddress.getByName("127.0.0.7"))
                .build()
                .open()
                .close();

        assertThat(from.get()).startsWith("/127.0.0.7:");
    }

    @Test
    void should_report_a_bind_address_of_another_machine() throws Exception {
        assertThatThrownBy(server.delivery()
                        .bindAddress(InetAddress.getByName("192.0.2.1"))
                        .build()::open)
                .hasMessage("bindAddress 192.0.2.1 is no address of this machine (delivery=lakeside)")
                .satisfies(thrown ->
                        assertThat(((DeliveryException) thrown).retryable()).isFalse());
    }

    @Test
    void should_not_show_credentials() {
        SftpProxy proxy = SftpProxy.socks5("proxy.example", 1080).credentials("clerk", "hunter2"::toCharArray);

        assertThat(proxy).hasToString("SOCKS proxy proxy.example:1080");
        assertThat(String.valueOf(proxy.server().credentials())).isEqualTo("clerk");
    }

    private SftpDelivery by(SftpProxy proxy) {
        return server.delivery().proxy(proxy).build();
    }

    private void assertRefused(SftpProxy proxy, boolean retryable, String kind, String why) {
        assertThatThrownBy(by(proxy)::open)
                .hasMessage("the " + kind + " proxy 127.0.0.1:" + proxy.server().port() + " "
                        + why.replace("SERVER", "127.0.0.1:" + server.port()) + " (delivery=lakeside)")
                .satisfies(thrown ->
                        assertThat(((DeliveryException) thrown).retryable()).isEqualTo(retryable));
    }
}
