package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailServerTest {

    @Test
    void should_require_starttls_on_the_submission_port_by_default() {
        MailServer server = MailServer.builder("mail.vendor.example").build();

        assertThat(server).hasToString("mail.vendor.example:587 (STARTTLS)");
        assertThat(server.smtp().properties())
                .containsEntry("mail.smtp.starttls.required", "true")
                .containsEntry("mail.smtp.ssl.checkserveridentity", "true")
                .containsEntry("mail.smtp.connectiontimeout", "30000")
                .containsEntry("mail.smtp.timeout", "60000")
                .containsEntry("mail.smtp.writetimeout", "60000");
    }

    @Test
    void should_use_the_usual_port_of_the_security() {
        MailServer server = MailServer.builder("mail.vendor.example")
                .security(MailSecurity.TLS)
                .build();

        assertThat(server).hasToString("mail.vendor.example:465 (TLS)");
    }

    @Test
    void should_hold_no_secret_in_its_text() {
        MailServer server = MailServer.builder("mail.vendor.example")
                .user("outfeed-user")
                .password("s3cret")
                .build();

        assertThat(server.toString()).doesNotContain("s3cret", "outfeed-user");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> MailServer.builder("mail.vendor.example")
                        .port(70_000)
                        .security(MailSecurity.PLAIN_LOOPBACK_ONLY)
                        .password("s3cret")
                        .accessToken(() -> "token")
                        .readTimeout(Duration.ZERO)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "mail server 'mail.vendor.example' has 5 problems: port is 70000, it must be from 1 to 65535; "
                                + "PLAIN_LOOPBACK_ONLY is for localhost, 127.x.x.x and ::1: use STARTTLS or TLS; "
                                + "user is missing; password and accessToken exclude each other; "
                                + "readTimeout is PT0S, it must be from a millisecond to a day");
    }

    @Test
    void should_refuse_a_user_without_a_secret() {
        assertThatThrownBy(() -> MailServer.builder("mail.vendor.example")
                        .user("outfeed")
                        .build())
                .hasMessage(
                        "mail server 'mail.vendor.example' has 1 problem: user has neither password nor accessToken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mail.vendor.example\r\nEHLO x", "mail vendor", "-x", "[::1]"})
    void should_reject_a_host_that_is_no_name_or_address(String host) {
        assertThatThrownBy(() -> MailServer.builder(host).build())
                .hasMessage("mail server has 1 problem: the host is no name or address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "mail.vendor.example", "::2"})
    void should_refuse_plain_text_to_other_machines(String host) {
        assertThatThrownBy(() -> MailServer.builder(host)
                        .security(MailSecurity.PLAIN_LOOPBACK_ONLY)
                        .build())
                .hasMessage("mail server '" + host
                        + "' has 1 problem: PLAIN_LOOPBACK_ONLY is for localhost, 127.x.x.x and"
                        + " ::1: use STARTTLS or TLS");
    }
}
