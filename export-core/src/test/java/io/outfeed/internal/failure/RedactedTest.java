package io.outfeed.internal.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactedTest {

    private static String print(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace, true));
        return trace.toString();
    }

    @Test
    void should_keep_types_and_stack_traces_and_no_message_anywhere() {
        Exception root = new NumberFormatException("For input string: \"secret\"");
        root.addSuppressed(new IllegalStateException("suppressed secret"));
        Exception original = new IllegalArgumentException("can't parse secret", new RuntimeException(root));
        original.addSuppressed(new IllegalStateException("another secret", new Exception("its secret cause")));

        String trace = print(Redacted.of(original));

        assertThat(trace)
                .doesNotContain("secret")
                .contains("java.lang.IllegalArgumentException (its message is left out, since it may quote a record)")
                .contains("java.lang.RuntimeException (its message is left out")
                .contains("java.lang.NumberFormatException (its message is left out")
                .contains("RedactedTest.should_keep_types_and_stack_traces");
    }

    @Test
    void should_end_with_causes_that_go_round_in_a_circle() {
        Exception first = new Exception("first secret");
        Exception second = new Exception("second secret", first);
        first.initCause(second);

        assertThat(print(Redacted.of(first))).doesNotContain("secret");
    }

    @Test
    void should_not_ask_the_original_again() {
        RuntimeException original = new RuntimeException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("a message that fails");
            }

            @Override
            public String toString() {
                return "a secret";
            }
        };

        assertThat(print(Redacted.of(original))).doesNotContain("secret").contains("RedactedTest$1");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 503})
    void should_leave_out_the_address_that_a_client_of_http_has_asked(int status) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            URI records = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/records?token=secret");
            Throwable refused =
                    catchThrowable(() -> records.toURL().openStream().close());

            assertThat(refused).isInstanceOf(IOException.class).hasMessageContaining("secret");
            assertThat(print(Redacted.unlessHarmless(refused)))
                    .doesNotContain("secret")
                    .contains(refused.getClass().getName());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void should_keep_what_the_jdk_says_about_a_connection() throws Exception {
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        closed.close();
        Throwable refused =
                catchThrowable(() -> new Socket(InetAddress.getLoopbackAddress(), closed.getLocalPort()).close());

        assertThat(Redacted.unlessHarmless(refused)).isSameAs(refused).hasMessageContaining("Connection refused");
    }
}
