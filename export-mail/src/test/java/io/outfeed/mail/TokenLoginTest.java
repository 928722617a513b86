package io.outfeed.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.mail.servers.ScriptedMailServer;
import io.outfeed.mail.servers.TestTls;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The login by an access token: XOAUTH2, as Exchange Online and Gmail speak it. */
class TokenLoginTest extends ScriptedServerFixture {

    /** {"status":"401","schemes":"bearer","scope":"https://mail.google.com/"} */
    private static final String CHALLENGE =
            "334 eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";

    @BeforeEach
    void offerTokens() {
        mail.protectedExtensions("AUTH LOGIN XOAUTH2");
    }

    /** The longest token that fits in a line of 512 characters, and the next one. */
    @ParameterizedTest
    @CsvSource({"5, 1", "340, 1", "341, 2", "1024, 2", "4096, 2"})
    void should_send_a_long_token_in_a_line_of_its_own(int length, int lines) throws Exception {
        String token = "t".repeat(length);
        mail.on("AUTH XOAUTH2 ", "235 2.7.0 welcome").on("AUTH XOAUTH2", "334 ");
        mail.on("dXNlcj1", "235 2.7.0 welcome");

        deliver(token);

        List<String> login = login();
        assertThat(login).hasSize(lines);
        assertThat(login.get(0).length() + 2).isLessThanOrEqualTo(512);
        String response = login.get(lines - 1).replace("AUTH XOAUTH2 ", "");
        assertThat(new String(Base64.getDecoder().decode(response), UTF_8))
                .isEqualTo("user=outfeed-user\1auth=Bearer " + token + "\1\1");
        assertThat(mail.received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"5", "1024"})
    void should_say_that_the_token_was_refused_when_the_server_explains_it_first(int length) throws Exception {
        mail.on("AUTH XOAUTH2 ", CHALLENGE).on("AUTH XOAUTH2", "334 ").on("dXNlcj1", CHALLENGE);
        mail.on("", "535 5.7.8 Username and Password not accepted");

        DeliveryException refused = refusal("t".repeat(length));

        assertThat(refused)
                .hasMessage(mail.at() + " (STARTTLS) refused the login (535 5.7.8): check user and access token"
                        + " (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
        assertThat(refused.status()).contains("535 5.7.8");
        assertThat(login()).last().isEqualTo("");
    }

    @Test
    void should_say_that_the_token_was_refused_when_it_is_refused_at_once() {
        mail.on("AUTH", "535 5.7.139 outfeed-user has been locked");

        DeliveryException refused = refusal("t0ken");

        assertThat(refused.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
        assertThat(refused).hasMessageContaining("refused the login (535 5.7.139): check user and access token");
    }

    @Test
    void should_try_again_when_the_token_can_not_be_checked_for_now() {
        mail.on("AUTH", "454 4.7.0 Temporary authentication failure");

        assertThat(refusal("t0ken").code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
    }

    @Test
    void should_try_again_when_the_connection_breaks_during_the_login() {
        mail.on("AUTH", ScriptedMailServer.DROP);

        DeliveryException refused = refusal("t0ken");

        assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        assertThat(refused).hasMessageContaining("broke during the login");
    }

    @Test
    void should_send_no_token_to_a_server_that_does_not_take_one() throws Exception {
        mail.protectedExtensions("AUTH PLAIN LOGIN");

        DeliveryException refused = refusal("t0ken");

        assertThat(refused)
                .hasMessage(mail.at() + " (STARTTLS) offers no login mechanism that is used here (XOAUTH2): nothing was"
                        + " sent (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
        mail.close();
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("AUTH"));
    }

    /** What was sent after the second EHLO. */
    private List<String> login() {
        List<String> commands = mail.commands();
        int from = commands.lastIndexOf(commands.stream()
                .filter(command -> command.startsWith("AUTH"))
                .findFirst()
                .orElseThrow());
        return commands.subList(from, commands.size()).stream()
                .takeWhile(command ->
                        !command.startsWith("MAIL") && !command.startsWith("NOOP") && !command.startsWith("QUIT"))
                .toList();
    }

    private void deliver(String token) {
        MailServer server = MailServer.builder("127.0.0.1")
                .port(mail.port())
                .sslContext(TestTls.LOCALHOST.context())
                .user("outfeed-user")
                .accessToken(() -> token)
                .build();
        MailDelivery delivery = MailDelivery.builder("office", server)
                .from("exports@vendor.example")
                .to("a@x.example")
                .build();
        try (MailSession session = (MailSession) delivery.open()) {
            session.publish(session.prepare(file), file);
        }
    }

    private DeliveryException refusal(String token) {
        return catchThrowableOfType(DeliveryException.class, () -> deliver(token));
    }
}
