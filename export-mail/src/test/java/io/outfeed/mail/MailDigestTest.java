package io.outfeed.mail;

import static io.outfeed.mail.TestIncidents.awkward;
import static io.outfeed.mail.TestIncidents.digest;
import static io.outfeed.mail.TestIncidents.incident;
import static io.outfeed.mail.TestIncidents.notice;
import static io.outfeed.mail.TestIncidents.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.mail.servers.ScriptedMailServer;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Digests as mails: what they say, and when they count as sent. */
class MailDigestTest extends ScriptedServerFixture {

    private static final String SERVER_MAIL = "sftp.lakeside.example:22 can't be reached";

    /** Prints the parts, and of the HTML its texts, a line for each; fails if it is no well-formed tree of elements. */
    private static final String PARTS = """
            import html.parser
            parts = list(message.walk())
            print(' '.join(part.get_content_type() for part in parts))
            print(message['Subject'])
            print(message['From'], message['To'], message['Auto-Submitted'], message['MIME-Version'])
            email.utils.parsedate_to_datetime(message['Date'])
            class Texts(html.parser.HTMLParser):
                def __init__(self):
                    super().__init__()
                    self.open = []
                    self.texts = []
                def handle_starttag(self, tag, attributes):
                    allowed = 'html head meta title body div h2 table tr th td p'
                    assert tag in allowed.split(), tag
                    assert all(name in ('lang', 'charset', 'name', 'content', 'style') for name, value in attributes)
                    if tag != 'meta':
                        self.open.append(tag)
                def handle_endtag(self, tag):
                    assert self.open.pop() == tag, tag
                def handle_data(self, text):
                    if text.strip():
                        self.texts.append((self.open[-1], text))
            page = Texts()
            page.feed(parts[2].get_content())
            page.close()
            assert not page.open
            facts = []
            for tag, text in page.texts:
                if tag == 'td':
                    facts[-1] = facts[-1] + ': ' + text
                elif tag != 'title':
                    facts.append(text)
            for line in parts[1].get_content().splitlines():
                if line:
                    assert facts and line.strip() == facts.pop(0), (line, facts)
            assert not facts
            print(len(page.texts))
            """;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.outfeed.mail");

    @BeforeEach
    void startLog() {
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.WARN); // whatever the configuration says
    }

    @AfterEach
    void stopLog() {
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    // ---- the message

    @Test
    void should_mail_a_notice_as_text_and_html() throws Exception {
        operators("a@x.example").build().send(digest("d1"));

        MimeMessage message = only();
        assertThat(message.getSubject()).isEqualTo(SERVER_MAIL);
        assertThat(message.getContentType()).startsWith("multipart/alternative;");
        assertThat(part(message, 0)).isEqualTo("""
                sftp.lakeside.example:22 can't be reached, 400 jobs
                  Since: 2026-03-02 12:00 UTC, for 12 min
                  Failure: can't connect to sftp.lakeside.example:22: check the network and the port
                  Next: one job tries again at 2026-03-02 13:00 UTC for all
                  Jobs: visits-1, visits-2, visits-3, visits-4, visits-5 and 395 others
                  Seen: 7 times, last at 2026-03-02 12:10 UTC
                  Code: DESTINATION_UNAVAILABLE

                This message was sent automatically (notifier operators).
                """);
        assertThat(part(message, 1))
                .contains("<h2 style=", ">sftp.lakeside.example:22 can&#39;t be reached, 400 jobs</h2>")
                .doesNotContain("<img", "<script", "<style", "<link", "http:", "https:", "url(");
        assertThat(TestFiles.header(message, "From")).isEqualTo("Exports <exports@vendor.example>");
        assertThat(TestFiles.header(message, "To")).isEqualTo("a@x.example");
        assertThat(TestFiles.header(message, "Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(TestFiles.header(message, "Message-ID"))
                .matches("<outfeed\\.digest\\.[0-9a-f]{32}@vendor\\.example>");
        assertThat(logged.list).isEmpty();
    }

    @Test
    void should_say_the_same_in_text_and_html() throws Exception {
        PythonEmail.assumeInstalled();

        operators("a@x.example").build().send(awkward());

        assertThat(PythonEmail.read(directory, mail.received().get(0), PythonEmail.DEFAULT_POLICY, PARTS))
                .containsExactly(
                        "multipart/alternative text/plain text/html",
                        "Exports: 2 new, 1 still open, 2 over",
                        "Exports <exports@vendor.example> a@x.example auto-generated 1.0",
                        "61");
        assertThat(part(only(), 1)).doesNotContain("<script", "<b>", "\u202e").contains("Müller &amp; &quot;Söhne");
    }

    @Test
    void should_say_the_same_in_text_and_html_of_many_notices() throws Exception {
        PythonEmail.assumeInstalled();

        operators("a@x.example")
                .build()
                .send(new Digest(
                        "d1", TestIncidents.NOON, Collections.nCopies(200, notice(Notice.Kind.OPENED, server()))));

        assertThat(PythonEmail.read(directory, mail.received().get(0), PythonEmail.DEFAULT_POLICY, PARTS))
                .contains("Exports: 200 new");
        assertThat(part(only(), 0)).contains("\nAnd 170 more:\n");
        assertThat(part(only(), 1).length()).as("Gmail cuts off what is longer").isLessThan(102_000);
    }

    @ParameterizedTest
    @CsvSource({"OPENED, #d93025", "REMINDER, #e37400", "ENDED, #188038", "OPENED_AND_ENDED, #188038"})
    void should_color_each_kind(Notice.Kind kind, String color) throws Exception {
        operators("a@x.example").build().send(digest("d1", notice(kind, server())));

        assertThat(part(only(), 1)).contains("border-left:5px solid " + color);
    }

    @Test
    void should_put_the_subject_into_its_pattern() throws Exception {
        operators("a@x.example").subject("[staging] {digest}").build().send(digest("d1"));

        assertThat(only().getSubject()).isEqualTo("[staging] " + SERVER_MAIL);
    }

    @Test
    void should_remove_line_breaks_from_names() throws Exception {
        Incident paused = incident(Kind.JOB, "visits\r\nBcc: evil@x.example", FailureCode.JOB_PAUSED, "", "visits");

        operators("a@x.example").build().send(digest("d1", notice(Notice.Kind.OPENED, paused)));

        assertThat(only().getSubject()).isEqualTo("job visits??Bcc: evil@x.example is paused");
        assertThat(only().getHeader("Bcc")).isNull();
    }

    @Test
    void should_send_each_recipient_a_message_of_their_own() throws Exception {
        operators("a@x.example; B <b@y.example>, A@x.example").build().send(digest("d1"));

        assertThat(mail.recipients()).containsExactly("a@x.example", "b@y.example");
        assertThat(mail.received().get(0).data()).doesNotContain("b@y.example");
        assertThat(messageIds()).doesNotHaveDuplicates();
    }

    @Test
    void should_have_the_same_message_ids_for_the_same_digest_with_another_object() throws Exception {
        operators("a@x.example, b@y.example").build().send(digest("d1"));
        operators("a@x.example, b@y.example").build().send(digest("d1"));
        operators("a@x.example").build().send(digest("d2"));
        MailDigest.builder("others", MailServers.to(mail).build())
                .from("exports@vendor.example")
                .to("a@x.example")
                .build()
                .send(digest("d1"));

        assertThat(messageIds()).hasSize(6);
        assertThat(messageIds().subList(2, 4)).isEqualTo(messageIds().subList(0, 2));
        assertThat(messageIds().subList(3, 6))
                .doesNotContain(messageIds().get(0))
                .doesNotHaveDuplicates();
    }

    // ---- when it counts as sent

    @Test
    void should_count_as_sent_if_one_recipient_has_accepted_it() {
        mail.on("RCPT TO:<b@y.example>", "550 5.1.1 <b@y.example>: no such user")
                .on("RCPT TO:<c@z.example>", "452 4.2.2 <c@z.example>: mailbox full");

        operators("a@x.example, b@y.example, c@z.example, d@x.example").build().send(digest("d1"));

        assertThat(mail.recipients()).containsExactly("a@x.example", "d@x.example");
        assertThat(warnings())
                .containsExactly("Notifier 'operators': the mail '" + SERVER_MAIL + "' was accepted for 2 of 4"
                        + " recipients; refused 1: recipient 2 (550 5.1.1); not served for now 1: recipient 3 (452"
                        + " 4.2.2); it is not sent again (digest=d1)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            550 5.1.1 <a@x.example>: unknown    | DESTINATION_MISSING     | refused 2: recipient 1 (550 5.1.1), \
            recipient 2 (550 5.1.1): correct the recipients of the notifier
            451 4.7.1 greylisted                | DESTINATION_UNAVAILABLE | not served for now 2: recipient 1 \
            (451 4.7.1), recipient 2 (451 4.7.1)
            452 4.2.2 <a@x.example>: full       | DESTINATION_FULL        | not served for now 2: recipient 1 \
            (452 4.2.2), recipient 2 (452 4.2.2)
            """)
    void should_throw_if_no_recipient_has_accepted_it(String reply, FailureCode code, String what) {
        mail.on("RCPT TO", reply);

        DeliveryException refused =
                refusal(operators("a@x.example, b@y.example").build(), digest("d1"));

        assertThat(refused)
                .hasMessage(
                        "the mail '" + SERVER_MAIL + "' was accepted for 0 of 2 recipients; " + what + " (digest=d1)");
        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.delivery()).isEqualTo("operators");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void should_send_it_to_the_others_when_it_is_given_again() throws Exception {
        mail.on("RCPT TO:<b@y.example>", "451 4.7.1 greylisted", "250 ok");
        MailDigest operators =
                operators("a@x.example, b@y.example, c@z.example").build();

        DeliveryException deferred = refusal(operators, digest("d1"));
        operators.send(digest("d1"));
        operators.send(digest("d1"));

        assertThat(deferred.retryable()).isTrue();
        assertThat(mail.recipients()).containsExactly("a@x.example", "c@z.example", "b@y.example");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void should_not_keep_news_from_the_others_for_one_recipient() {
        mail.on("RCPT TO:<b@y.example>", "451 4.7.1 greylisted");
        MailDigest operators = operators("a@x.example, b@y.example").build();

        for (int attempt = 1; attempt < 5; attempt++) {
            assertThatThrownBy(() -> operators.send(digest("d1"))).isInstanceOf(DeliveryException.class);
        }
        assertThatCode(() -> operators.send(digest("d1"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> operators.send(digest("d2"))).isInstanceOf(DeliveryException.class);

        assertThat(mail.recipients()).containsExactly("a@x.example", "a@x.example");
        assertThat(warnings())
                .containsExactly("Notifier 'operators': the mail '" + SERVER_MAIL + "' was accepted for 0 of 1"
                        + " recipients; not served for now 1: recipient 2 (451 4.7.1); it is not sent again"
                        + " (digest=d1)");
    }

    @Test
    void should_send_the_rest_over_a_new_connection_when_one_breaks() throws Exception {
        mail.on("RCPT TO:<b@y.example>", ScriptedMailServer.DROP, "250 ok");

        operators("a@x.example, b@y.example, c@z.example").build().send(digest("d1"));

        assertThat(mail.recipients()).containsExactly("a@x.example", "c@z.example", "b@y.example");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void should_throw_until_the_server_is_back() throws Exception {
        mail.on("CONNECT", "421 4.3.2 down", "421 4.3.2 down", "421 4.3.2 down", "220 here");
        MailDigest operators = operators("a@x.example").build();

        DeliveryException first = refusal(operators, digest("d1")); // two connections
        refusal(operators, digest("d1")); // one
        operators.send(digest("d1"));

        assertThat(first).hasMessage(mail.at() + " (STARTTLS) did not accept the connection (421 4.3.2) (digest=d1)");
        assertThat(first.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        assertThat(mail.recipients()).containsExactly("a@x.example");
    }

    @Test
    void should_throw_if_the_login_is_refused() throws Exception {
        mail.on("AUTH", "535 5.7.8 unknown user outfeed-user");

        DeliveryException refused = refusal(operators("a@x.example").build(), digest("d1"));

        assertThat(refused.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
        assertThat(refused)
                .hasMessage(
                        mail.at() + " (STARTTLS) refused the login (535 5.7.8): check user and password (digest=d1)");
        mail.close();
        assertThat(mail.commands().stream().filter(command -> command.startsWith("AUTH")))
                .hasSize(1);
    }

    @Test
    void should_send_the_same_message_id_when_the_last_answer_is_lost() throws Exception {
        mail.on(".", ScriptedMailServer.DROP, "250 ok");

        operators("a@x.example").build().send(digest("d1"));

        assertThat(messageIds()).hasSize(2);
        assertThat(messageIds().get(0)).isEqualTo(messageIds().get(1));
    }

    @Test
    void should_stop_when_interrupted() {
        MailDigest operators = operators("a@x.example").build();
        try {
            Thread.currentThread().interrupt();
            assertThat(refusal(operators, digest("d1")).code()).isEqualTo(FailureCode.STOPPED);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(mail.received()).isEmpty();
    }

    @Test
    void should_name_no_address_and_no_secret() {
        mail.on("RCPT TO:<b@y.example>", "550 5.1.1 <b@y.example>: no such user")
                .on("RCPT TO:<c@z.example>", ScriptedMailServer.DROP);
        MailDigest operators =
                operators("a@x.example, b@y.example, c@z.example").build();

        DeliveryException failed = refusal(operators, digest("d1"));

        assertThat(failed).hasMessageNotContainingAny("@", "s3cret", "outfeed-user");
        assertThat(operators.toString())
                .isEqualTo("mail digest 'operators' to 3 recipients by " + mail.at() + " (STARTTLS)");
    }

    // ---- the builder

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(
                        () -> MailDigest.builder("of fice", MailServers.to(mail).build())
                                .to("\u00e4@x.example, broken")
                                .from("a@x.example")
                                .subject("{tenant}")
                                .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("mail digest has 4 problems: the id may have letters A-Z and a-z, digits, '.', '_' and"
                        + " '-', and must not begin with '.' or '-'; recipient 2 has no domain: write it as"
                        + " name@domain; an address has letters beyond ASCII before the '@', which many servers do"
                        + " not take; subject has the unknown variable {tenant}: there are [digest]");
    }

    @Test
    void should_not_change_a_notifier_when_its_builder_is_used_again() {
        MailDigest.Builder builder = operators("a@x.example");
        MailDigest first = builder.build();

        builder.to("b@x.example").build();

        assertThat(first).hasToString("mail digest 'operators' to 1 recipient by " + mail.at() + " (STARTTLS)");
        assertThat(first.id()).isEqualTo("operators");
    }

    private MailDigest.Builder operators(String to) {
        return MailDigest.builder("operators", MailServers.to(mail).build())
                .from("Exports <exports@vendor.example>")
                .to(to);
    }

    private static DeliveryException refusal(MailDigest digest, Digest of) {
        return catchThrowableOfType(DeliveryException.class, () -> digest.send(of));
    }

    private MimeMessage only() throws Exception {
        assertThat(mail.received()).hasSize(1);
        return mail.received().get(0).message();
    }

    private static String part(MimeMessage message, int number) throws Exception {
        return TestFiles.part(message, number).getContent().toString().replace("\r\n", "\n");
    }

    private List<String> messageIds() throws Exception {
        List<String> ids = new ArrayList<>();
        for (ScriptedMailServer.Received received : mail.received()) {
            ids.add(TestFiles.header(received.message(), "Message-ID"));
        }
        return ids;
    }

    private List<String> warnings() {
        return logged.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
