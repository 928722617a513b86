package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.servers.ScriptedMailServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** To whom messages are addressed: in the envelope one by one, in the headers together. */
class MailHeadersTest extends ScriptedServerFixture {

    private static final String HEADERS = """
            for name in ('To', 'Cc', 'Bcc', 'Reply-To'):
                values = [str(value) for value in message.get_all(name, [])]
                print(name, email.utils.getaddresses(values))
            """;

    @Test
    void should_name_the_recipients_of_to_and_cc_and_none_of_bcc() throws Exception {
        PythonEmail.assumeInstalled();
        DeliveryReceipt receipt = deliver(office().to("\"Registrar\" <registrar@x.example>")
                .cc("\"Doe, John\" <j@x.example>, k@x.example")
                .bcc("audit@vendor.example")
                .replyTo("help@vendor.example, \"Se\u00f1or Help\" <help2@vendor.example>"));

        assertThat(mail.recipients())
                .containsExactly("registrar@x.example", "j@x.example", "k@x.example", "audit@vendor.example");
        assertThat(receipt.recipients()).extracting(RecipientDelivery::number).containsExactly(1, 2, 3, 4);
        for (ScriptedMailServer.Received received : mail.received()) {
            assertThat(PythonEmail.read(directory, received, PythonEmail.DEFAULT_POLICY, HEADERS))
                    .containsExactly(
                            "To [('Registrar', 'registrar@x.example')]",
                            "Cc [('Doe, John', 'j@x.example'), ('', 'k@x.example')]",
                            "Bcc []",
                            "Reply-To [('', 'help@vendor.example'), ('Se\u00f1or Help', 'help2@vendor.example')]");
            assertThat(received.data()).doesNotContain("audit@");
        }
    }

    @Test
    void should_name_no_recipient_if_all_recipients_are_hidden() throws Exception {
        deliver(office().bcc("a@x.example; b@y.example"));

        assertThat(mail.recipients()).containsExactly("a@x.example", "b@y.example");
        assertThat(mail.received())
                .allSatisfy(received -> assertThat(received.data())
                        .contains("\r\nTo: undisclosed-recipients:;\r\n")
                        .doesNotContain("a@x.example", "b@y.example"));
    }

    @Test
    void should_send_one_message_to_a_recipient_that_is_in_two_lists() throws Exception {
        deliver(office().to("a@x.example, A@x.example")
                .cc("a@X.example, b@y.example")
                .bcc("B@y.example"));

        assertThat(mail.recipients()).containsExactly("a@x.example", "b@y.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@x.example,b@y.example",
                " a@x.example , b@y.example , ",
                "a@x.example; b@y.example;",
                "a@x.example\n b@y.example\r\n",
                ",,a@x.example,;b@y.example",
                "\"A, the first; really\" <a@x.example>, <b@y.example>",
            })
    void should_take_lists_as_people_type_them(String typed) {
        MailDelivery delivery = office().to(typed).build();

        assertThat(delivery.envelope().recipients())
                .extracting(MailAddress::mailbox)
                .containsExactly("a@x.example", "b@y.example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a@x.example b@y.example  | recipient 1 has before the '@' what is no plain mailbox name
            a@x.example, b           | recipient 2 has no domain: write it as name@domain
            Doe, John <j@x.example>  | recipient 1 is a part of a name that has a comma: put the name in quotes
            "Doe, John <j@x.example> | recipient 1 has a name with one of < > " \\
            , ;                      | to is missing: there is no recipient
            """, quoteCharacter = '\0')
    void should_say_what_is_no_address(String typed, String problem) {
        assertThatThrownBy(() -> office().to(typed).build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("mail delivery 'office' has 1 problem: " + problem);
    }

    // ---- letters beyond ASCII

    @Test
    void should_send_to_letters_beyond_ascii_if_the_server_takes_them() throws Exception {
        mail.protectedExtensions("AUTH PLAIN", "8BITMIME", "SMTPUTF8");

        deliver(office().to("b\u00fcro@x.example, a@y.example"));

        assertThat(mail.commands())
                .contains("MAIL FROM:<exports@vendor.example> SMTPUTF8")
                .contains("RCPT TO:<b\u00c3\u00bcro@x.example>"); // a character for each byte
        assertThat(mail.received()).hasSize(2).allSatisfy(received -> {
            assertThat(received.data()).contains("\r\nTo: b\u00c3\u00bcro@x.example, a@y.example\r\n");
            assertThat(TestFiles.bytes(TestFiles.attachment(received.message())))
                    .isEqualTo(TestFiles.AWKWARD);
        });
    }

    @Test
    void should_send_nothing_to_letters_beyond_ascii_if_the_server_does_not_take_them() throws Exception {
        DeliveryException refused = refusal(office().to("a@y.example").bcc("b\u00fcro@x.example"));

        assertThat(refused)
                .hasMessage(mail.at() + " (STARTTLS) takes no addresses with letters beyond ASCII before the '@' (it"
                        + " does not offer SMTPUTF8): nothing was sent; use other addresses, or another server"
                        + " (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_REFUSED);
        mail.close();
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void should_need_no_extension_for_ascii_addresses() throws Exception {
        mail.protectedExtensions("AUTH PLAIN", "8BITMIME", "SMTPUTF8");

        deliver(office().to("\"B\u00fcro\" <office@x.example>").text("Gr\u00fc\u00dfe"));

        assertThat(mail.commands()).contains("MAIL FROM:<exports@vendor.example>");
        assertThat(mail.received().get(0).data().chars())
                .as("text, names and attachment are encoded")
                .allMatch(character -> character < 128);
    }

    // ---- size

    @Test
    void should_announce_the_size_of_a_message_where_the_server_wants_to_know_it() throws Exception {
        mail.protectedExtensions("AUTH PLAIN", "SIZE");

        deliver(office().to("a@x.example"));

        String command = mail.commands().stream()
                .filter(sent -> sent.startsWith("MAIL"))
                .findFirst()
                .orElseThrow();
        assertThat(command).matches("MAIL FROM:<exports@vendor\\.example> SIZE=\\d+");
        assertThat(Integer.parseInt(command.replaceAll(".*=", "")))
                .isBetween(mail.received().get(0).data().length(), 6_000);
    }

    @Test
    void should_send_nothing_when_the_server_refuses_the_announced_size() throws Exception {
        mail.protectedExtensions("AUTH PLAIN", "SIZE").on("MAIL", "552 5.3.4 too big for exports@vendor.example");

        DeliveryException refused = refusal(office().to("a@x.example, b@y.example"));

        assertThat(refused)
                .hasMessage(mail.at() + " (STARTTLS) takes no message of this size (552 5.3.4): nothing was sent; zip"
                        + " the file, export more often, deliver it by SFTP, or mail a link to it by MailNotifier"
                        + " (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_REFUSED);
        mail.close();
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("DATA"));
    }

    private MailDelivery.Builder office() {
        return MailDelivery.builder("office", MailServers.to(mail).build()).from("exports@vendor.example");
    }

    private DeliveryReceipt deliver(MailDelivery.Builder builder) {
        try (MailSession session = (MailSession) builder.build().open()) {
            return session.publish(session.prepare(file), file).orElseThrow();
        }
    }

    private DeliveryException refusal(MailDelivery.Builder builder) {
        return catchThrowableOfType(DeliveryException.class, () -> deliver(builder));
    }
}
