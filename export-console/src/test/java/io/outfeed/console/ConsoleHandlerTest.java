package io.outfeed.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import io.outfeed.console.httpserver.ConsoleHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ConsoleHandlerTest {

    @Test
    void should_take_the_user_of_an_authenticator_without_its_realm() throws Exception {
        try (School school = new School()) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/exports/", new ConsoleHandler(school.console))
                    .setAuthenticator(new BasicAuthenticator("vendor") {
                        @Override
                        public boolean checkCredentials(String user, String password) {
                            return user.equals("ops") && password.equals("secret");
                        }
                    });
            server.start();
            try {
                HttpResponse<String> page = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://localhost:"
                                                + server.getAddress().getPort() + "/exports/audit"))
                                        .header(
                                                "Authorization",
                                                "Basic "
                                                        + Base64.getEncoder()
                                                                .encodeToString("ops:secret".getBytes(UTF_8)))
                                        .build(),
                                BodyHandlers.ofString());

                assertThat(page.statusCode()).isEqualTo(200); // only ops may see the audit of all
            } finally {
                server.stop(0);
            }
        }
    }
}
