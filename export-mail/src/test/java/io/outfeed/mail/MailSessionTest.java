package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.mail.servers.ScriptedMailServer;
import io.outfeed.mail.servers.TestTls;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that refuse, hide, lie or fall silent. */
class MailSessionTest extends ScriptedServerFixture {

    @Test
    void should_send_each_recipient_a_message_of_their_own() throws Exception {
        MailDelivery office = office("a@x.example, b@y.example");

        DeliveryReceipt receipt = deliver(office);

        assertThat(receipt.location()).isEqualTo("mail:office (2 recipients)");
        assertThat(receipt.publication()).isEqualTo(Publication.ACCEPTED);
        assertThat(receipt.repeated()).isFalse();
        assertThat(receipt.recipients())
                .extracting(RecipientDelivery::number, RecipientDelivery::accepted)
                .containsExactly(tuple(1, true), tuple(2, true));
        assertThat(mail.received())
                .extracting(ScriptedMailServer.Received::recipient)
                .containsExactly("a@x.example", "b@y.example");
        for (ScriptedMailServer.Received received : mail.received()) {
            MimeMessage message = received.message();
            assertThat(TestFiles.header(message, "To")).isEqualTo("a@x.example, b@y.example");
            assertThat(TestFiles.header(message, "From")).isEqualTo("Exports <exports@vendor.example>");
            assertThat(TestFiles.header(message, "Subject")).isEqualTo("interactions: interactions-12.csv");
            assertThat(TestFiles.header(message, "Date")).isNotBlank();
            assertThat(TestFiles.header(message, "Auto-Submitted")).isEqualTo("auto-generated");
            assertThat(TestFiles.text(message)).isEqualToNormalizingNewlines("""
                            The file interactions-12.csv of interactions is attached. Records: 3.

                            This message was sent automatically (job lakeside, run 41).
                            """);
            assertThat(TestFiles.attachment(message).getFileName()).isEqualTo("interactions-12.csv");
            assertThat(TestFiles.attachment(message).getContentType())
                    .isEqualTo("text/csv; charset=UTF-8; name=interactions-12.csv");
            assertThat(TestFiles.attachment(message).getHeader("Content-Transfer-Encoding"))
                    .containsExactly("base64");
            assertThat(TestFiles.bytes(TestFiles.attachment(message))).isEqualTo(TestFiles.AWKWARD);
        }
    }

    @Test
    void should_report_an_equal_part_of_the_progress_for_each_recipient() throws Exception {
        file = TestFiles.outgoing(directory, "interactions-12.csv", new byte[1_000_000]);
        List<Long> progress = new ArrayList<>();
        List<Integer> messages = new ArrayList<>();
        file = new OutgoingFile(
                file.job(), file.run(), file.token(), 1, file.file(), file.content(), file.ifExists(), sent -> {
                    progress.add(sent);
                    messages.add(mail.received().size());
                });

        deliver(office("a@x.example, b@y.example"));

        assertThat(progress).isSorted().contains(500_000L).endsWith(1_000_000L).hasSizeGreaterThan(10);
        assertThat(messages.get(progress.indexOf(500_000L)))
                .as("before it was accepted")
                .isZero();
        assertThat(progress.subList(messages.indexOf(1), progress.size()))
                .allSatisfy(sent -> assertThat(sent).isGreaterThan(500_000L));
    }

    @Test
    void should_log_in_on_the_protected_connection_before_anything_of_the_message() throws Exception {
        deliver(office("a@x.example"));

        assertThat(mail.commands().stream()
                        .map(command -> command.replaceAll("[ :].*", ""))
                        .distinct())
                .containsExactly("EHLO", "STARTTLS", "AUTH", "NOOP", "MAIL", "RCPT", "DATA", ".", "QUIT");
    }

    @Test
    void should_attach_other_files_as_bytes() throws Exception {
        file = TestFiles.outgoing(directory, "interactions-12.csv.gz", TestFiles.AWKWARD);

        deliver(office("a@x.example"));

        assertThat(TestFiles.attachment(mail.received().get(0).message()).getContentType())
                .isEqualTo("application/octet-stream; name=interactions-12.csv.gz");
    }

    @Test
    void should_attach_a_workbook_as_such() throws Exception {
        file = TestFiles.outgoing(directory, "interactions-12.XLSX", TestFiles.AWKWARD);

        deliver(office("a@x.example"));

        assertThat(TestFiles.attachment(mail.received().get(0).message()).getContentType())
                .isEqualTo("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet; \r\n"
                        + "\tname=interactions-12.XLSX");
    }

    @Test
    void should_fill_the_variables_of_subject_and_text() throws Exception {
        MailDelivery office = delivery(MailServers.to(mail).build(), "a@x.example")
                .subject("{job}/{run}: {rows} × {definition}")
                .text("{file}\n\tsee {job}")
                .build();

        deliver(office);

        MimeMessage message = mail.received().get(0).message();
        assertThat(message.getSubject()).isEqualTo("lakeside/41: 3 × interactions");
        assertThat(TestFiles.text(message)).isEqualTo("interactions-12.csv\r\n\tsee lakeside");
    }

    @Test
    void should_send_an_archive_as_bytes_of_the_job() throws Exception {
        OutgoingFile plain = TestFiles.outgoing(directory, "lakeside-12.zip", TestFiles.AWKWARD);
        StagedFile of = plain.file();
        file = new OutgoingFile(
                plain.job(),
                plain.run(),
                plain.token(),
                new StagedFile(FileRole.ARCHIVE, "", "", of.name(), of.rows(), of.bytes(), of.sha256()),
                plain.content(),
                plain.ifExists());

        deliver(delivery(MailServers.to(mail).build(), "a@x.example").build());

        MimeMessage message = mail.received().get(0).message();
        assertThat(message.getSubject()).isEqualTo("lakeside: lakeside-12.zip");
        assertThat(TestFiles.attachment(message).getContentType())
                .isEqualTo("application/octet-stream; name=lakeside-12.zip");
    }

    @Test
    void should_send_nothing_when_starttls_is_absent() throws Exception {
        mail.plainExtensions("AUTH PLAIN LOGIN");

        DeliveryException refused = refusal(office("a@x.example"));

        assertThat(refused)
                .hasMessage(mail.at() + " (STARTTLS) does not offer STARTTLS: nothing was sent; check the port, or use"
                        + " MailSecurity.TLS (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.IDENTITY_REFUSED);
        assertThat(refused.delivery()).isEqualTo("office");
        mail.close();
        assertThat(mail.commands()).allMatch(command -> command.startsWith("EHLO"));
    }

    @Test
    void should_send_nothing_when_no_login_is_offered() throws Exception {
        mail.protectedExtensions();

        DeliveryException refused = refusal(office("a@x.example"));

        assertThat(refused)
                .hasMessage(mail.at()
                        + " (STARTTLS) offers no login: nothing was sent; check the port, or remove the user if"
                        + " it needs none (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
        mail.close();
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("MAIL") || command.startsWith("AUTH"));
    }

    @Test
    void should_not_believe_a_login_offered_before_tls() throws Exception {
        mail.plainExtensions("STARTTLS", "AUTH PLAIN").protectedExtensions();

        assertThat(refusal(office("a@x.example")).retryable()).isFalse();

        mail.close();
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("MAIL") || command.startsWith("AUTH"));
    }

    @Test
    void should_send_nothing_when_the_login_is_refused() throws Exception {
        mail.on("AUTH", "535 5.7.8 outfeed-user is unknown");

        DeliveryException refused = refusal(office("a@x.example"));

        assertThat(refused)
                .hasMessage(mail.at() + " (STARTTLS) refused the login (535 5.7.8): check user and password"
                        + " (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.LOGIN_REFUSED);
        mail.close();
        assertThat(mail.commands().stream().filter(command -> command.startsWith("AUTH")))
                .hasSize(1);
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void should_try_again_when_the_login_fails_for_now() {
        mail.on("AUTH", "454 4.7.0 later");

        DeliveryException refused = refusal(office("a@x.example"));

        assertThat(refused)
                .hasMessage(mail.at() + " (STARTTLS) refused the login for now (454 4.7.0) (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
    }

    @Test
    void should_try_again_when_the_connection_breaks_during_the_login() {
        mail.on("AUTH", ScriptedMailServer.DROP);

        DeliveryException refused = refusal(office("a@x.example"));

        assertThat(refused)
                .hasMessage(
                        "the connection to " + mail.at() + " (STARTTLS) broke during the login (job=lakeside, run=41)");
        assertThat(refused.retryable()).isTrue();
    }

    @Test
    void should_reject_other_login_mechanisms() {
        mail.protectedExtensions("AUTH GSSAPI");

        DeliveryException refused = refusal(office("a@x.example"));

        assertThat(refused)
                .hasMessage(mail.at()
                        + " (STARTTLS) offers no login mechanism that is used here (PLAIN LOGIN): nothing was"
                        + " sent (job=lakeside, run=41)");
        assertThat(refused.retryable()).isFalse();
    }

    @Test
    void should_log_in_with_an_access_token() throws Exception {
        mail.protectedExtensions("AUTH PLAIN XOAUTH2");
        MailServer server = MailServer.builder("127.0.0.1")
                .port(mail.port())
                .sslContext(TestTls.LOCALHOST.context())
                .user("outfeed-user")
                .accessToken(() -> "t0ken")
                .build();

        deliver(delivery(server, "a@x.example").build());

        assertThat(mail.commands()).anyMatch(command -> command.startsWith("AUTH XOAUTH2 "));
        assertThat(mail.received()).hasSize(1);
    }

    @Test
    void should_try_again_when_the_password_could_not_be_had() {
        MailServer server = MailServers.to(mail)
                .password((Supplier<char[]>) () -> {
                    throw new IllegalStateException("the vault is closed");
                })
                .build();

        DeliveryException refused = refusal(delivery(server, "a@x.example").build());

        assertThat(refused)
                .hasMessage("the password or access token for " + mail.at()
                        + " (STARTTLS) could not be had (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.SECRET_UNAVAILABLE);
    }

    @Test
    void should_reject_a_certificate_that_is_not_trusted() throws Exception {
        MailServer server = MailServer.builder("127.0.0.1").port(mail.port()).build();

        DeliveryException refused = refusal(delivery(server, "a@x.example").build());

        assertThat(refused)
                .hasMessage("the certificate of " + mail.at()
                        + " (STARTTLS) is not trusted: check the host's name, or give an"
                        + " sslContext that trusts its authority (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.IDENTITY_REFUSED);
    }

    @Test
    void should_reject_a_trusted_certificate_for_another_name() throws Exception {
        TestTls other = new TestTls("dns:mail.other.example");
        try (ScriptedMailServer impostor = new ScriptedMailServer(other)) {
            MailServer server = MailServer.builder("127.0.0.1")
                    .port(impostor.port())
                    .sslContext(other.context())
                    .build();

            DeliveryException refused = refusal(delivery(server, "a@x.example").build());

            assertThat(refused).hasMessageContaining("is not trusted: check the host's name");
            assertThat(refused.retryable()).isFalse();
        }
    }

    @Test
    void should_refuse_a_file_that_is_too_large_before_anything_is_sent() throws Exception {
        mail.protectedExtensions("AUTH PLAIN", "SIZE 100000");
        file = TestFiles.outgoing(directory, "interactions-12.csv", new byte[75_000]);

        DeliveryException refused = refusal(
                delivery(MailServers.to(mail).build(), "a@x.example").text("x").build());

        assertThat(refused)
                .hasMessage("interactions-12.csv makes a message of about 106884 bytes, " + mail.at()
                        + " (STARTTLS) takes 100000: nothing was sent; zip the file, export more often, deliver it by"
                        + " SFTP, or mail a link to it by MailNotifier (job=lakeside, run=41)");
        assertThat(refused.retryable()).isFalse();
        mail.close();
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void should_estimate_no_less_than_the_size_of_the_message() throws Exception {
        mail.protectedExtensions("AUTH PLAIN", "SIZE 106000");
        file = TestFiles.outgoing(directory, "interactions-12.csv", new byte[74_000]);

        deliver(office("a@x.example"));

        assertThat(mail.received().get(0).data().length()).isBetween(101_000, 106_000);
    }

    @Test
    void should_check_the_size_again_when_a_run_is_finished_in_another_session() throws Exception {
        mail.protectedExtensions("AUTH PLAIN", "SIZE 1000");

        try (MailSession session = open(office("a@x.example"))) {
            assertThatThrownBy(() -> session.publish(PreparedFile.direct("mail:office"), file))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("takes 1000: nothing was sent");
        }
        assertThat(mail.received()).isEmpty();
    }

    @Test
    void should_serve_the_others_when_one_recipient_is_refused() throws Exception {
        mail.on("RCPT TO:<b@y.example>", "550 5.1.1 <b@y.example>: no such user");
        MailDelivery office = office("a@x.example, b@y.example, c@z.example");

        DeliveryReceipt receipt = deliver(office);

        assertThat(receipt.refused()).singleElement().satisfies(recipient -> {
            assertThat(recipient.number()).isEqualTo(2);
            assertThat(recipient.refusal())
                    .contains(new RecipientDelivery.Refusal(FailureCode.DESTINATION_MISSING, "550 5.1.1"));
        });
        assertThat(mail.recipients()).containsExactly("a@x.example", "c@z.example");
        assertThat(receipt.toString()).doesNotContain("y.example", "x.example", "s3cret");
    }

    @Test
    void should_fail_when_all_recipients_are_refused() throws Exception {
        mail.on("RCPT", "550 5.1.1 <a@x.example>: no such user");

        DeliveryException refused = refusal(office("a@x.example, b@y.example"));

        assertThat(refused)
                .hasMessage("interactions-12.csv was accepted for 0 of 2 recipients; refused 2: "
                        + "recipient 1 (550 5.1.1), recipient 2 (550 5.1.1): ask the receiver, or correct the"
                        + " recipients (job=lakeside, run=41)");
        assertThat(refused.code()).isEqualTo(FailureCode.DESTINATION_MISSING);
        assertThat(refused.retryable()).isFalse();
        assertThat(mail.received()).isEmpty();
        assertThat(stackTrace(refused)).doesNotContain("y.example", "x.example", "s3cret");
    }

    @Test
    void should_not_send_again_to_recipients_that_were_served() throws Exception {
        mail.on("RCPT TO:<b@y.example>", "451 4.7.1 greylisted", "250 ok");
        MailDelivery office = office("a@x.example, b@y.example");

        try (MailSession session = open(office)) {
            PreparedFile prepared = session.prepare(file);
            DeliveryException later =
                    catchThrowableOfType(DeliveryException.class, () -> session.publish(prepared, file));
            assertThat(later)
                    .hasMessage("interactions-12.csv was accepted for 1 of 2 recipients; not served "
                            + "for now 1: recipient 2 (451 4.7.1) (job=lakeside, run=41)");
            assertThat(later.retryable()).isTrue();
            assertThat(session.publish(prepared, file)).isPresent();
        }

        assertThat(mail.recipients()).containsExactly("a@x.example", "b@y.example");
    }

    @Test
    void should_be_told_across_sessions_which_recipients_were_served() throws Exception {
        mail.on("RCPT TO:<b@y.example>", "451 4.7.1 greylisted", "250 ok");

        assertThat(refusal(office("a@x.example, b@y.example")).retryable()).isTrue();
        deliver(office("a@x.example, b@y.example"));

        assertThat(mail.recipients()).containsExactly("a@x.example", "b@y.example");
    }

    @Test
    void should_send_to_all_again_when_a_complete_delivery_is_asked_for_once_more() throws Exception {
        MailDelivery office = office("a@x.example, b@y.example");

        deliver(office);
        file = TestFiles.awkward(directory);
        deliver(office);

        assertThat(mail.recipients()).containsExactly("a@x.example", "b@y.example", "a@x.example", "b@y.example");
        assertThat(messageIds()).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void should_try_again_when_some_are_refused_and_some_are_not_served_for_now() throws Exception {
        mail.on("RCPT TO:<a@x.example>", "550 no").on("RCPT TO:<b@y.example>", "451 later");

        DeliveryException failed = refusal(office("a@x.example, b@y.example, c@z.example"));

        assertThat(failed)
                .hasMessage("interactions-12.csv was accepted for 1 of 3 recipients; refused 1: "
                        + "recipient 1 (550); not served for now 1: recipient 2 (451) (job=lakeside, run=41)");
        assertThat(failed.code()).isEqualTo(FailureCode.DESTINATION_UNAVAILABLE);
        assertThat(failed.status()).contains("451");
    }

    @Test
    void should_report_a_message_that_is_refused_after_its_data() throws Exception {
        mail.on(".", "554 5.7.1 this looks like spam to a@x.example", "250 ok");

        DeliveryReceipt receipt = deliver(office("a@x.example, b@y.example"));

        assertThat(receipt.refused())
                .extracting(RecipientDelivery::number, RecipientDelivery::refusal)
                .containsExactly(tuple(
                        1, Optional.of(new RecipientDelivery.Refusal(FailureCode.PERMISSION_DENIED, "554 5.7.1"))));
    }

    @Test
    void should_stop_when_the_sender_is_refused() throws Exception {
        mail.on("MAIL", "550 5.7.60 not yours");

        DeliveryException failed = refusal(office("a@x.example, b@y.example"));

        assertThat(failed)
                .hasMessage(mail.at()
                        + " (STARTTLS) refused the sender (550 5.7.60): check from, and what the user may send"
                        + " as (job=lakeside, run=41)");
        assertThat(failed.code()).isEqualTo(FailureCode.PERMISSION_DENIED);
        assertThat(failed.status()).contains("550 5.7.60");
        assertThat(mail.commands()).noneMatch(command -> command.startsWith("RCPT"));
    }

    @Test
    void should_give_up_on_a_silent_server_by_the_configured_limit() throws Exception {
        mail.on("CONNECT", ScriptedMailServer.SILENCE);
        MailServer server =
                MailServers.to(mail).readTimeout(Duration.ofSeconds(1)).build();

        DeliveryException failed = refusal(delivery(server, "a@x.example").build());

        assertThat(failed).hasMessage("can't connect to " + mail.at() + " (STARTTLS) (job=lakeside, run=41)");
        assertThat(failed).hasCauseInstanceOf(SocketTimeoutException.class);
        assertThat(failed.retryable()).isTrue();
    }

    @Test
    void should_give_up_on_a_server_that_is_silent_instead_of_tls() throws Exception {
        mail.on("CONNECT", ScriptedMailServer.SILENCE);
        MailServer server = MailServers.to(mail)
                .security(MailSecurity.TLS)
                .readTimeout(Duration.ofSeconds(1))
                .build();

        assertThat(refusal(delivery(server, "a@x.example").build()))
                .hasCauseInstanceOf(SocketTimeoutException.class)
                .matches(DeliveryException::retryable);
    }

    @Test
    void should_give_up_on_a_server_that_stops_reading() throws Exception {
        mail.on("DATA", ScriptedMailServer.STOP_READING);
        file = TestFiles.outgoing(directory, "interactions-12.csv", new byte[30_000_000]);
        MailServer server =
                MailServers.to(mail).writeTimeout(Duration.ofSeconds(1)).build();

        DeliveryException failed = refusal(delivery(server, "a@x.example").build());

        assertThat(failed)
                .hasMessage("the connection to " + mail.at()
                        + " (STARTTLS) broke before a whole message was sent (job=lakeside, run=41)");
        assertThat(failed.retryable()).isTrue();
    }

    @Test
    void should_say_that_a_recipient_may_get_it_twice_when_the_last_answer_is_lost() throws Exception {
        mail.on(".", ScriptedMailServer.DROP, "250 ok");
        MailDelivery office = office("a@x.example");

        DeliveryException failed = refusal(office);

        assertThat(failed)
                .hasMessage("the connection to " + mail.at() + " (STARTTLS) broke after a whole message was sent: its"
                        + " recipient may get it twice, with the same Message-ID (job=lakeside, run=41)");
        assertThat(failed.retryable()).isTrue();

        deliver(office);
        assertThat(messageIds()).hasSize(1);
        assertThat(mail.received()).hasSize(2);
    }

    @Test
    void should_say_that_a_recipient_may_get_it_twice_when_the_last_answer_takes_too_long() throws Exception {
        mail.on(".", ScriptedMailServer.SILENCE);
        MailServer server =
                MailServers.to(mail).readTimeout(Duration.ofSeconds(3)).build();

        assertThat(refusal(delivery(server, "a@x.example").build()))
                .hasMessageContaining("its recipient may get it twice")
                .hasCauseInstanceOf(SocketTimeoutException.class)
                .matches(DeliveryException::retryable);
    }

    @Test
    void should_remember_which_recipients_were_served_when_the_server_closes() throws Exception {
        mail.on("RCPT TO:<b@y.example>", "421 4.3.2 shutting down before <b@y.example>", "250 ok");
        MailDelivery office = office("a@x.example, b@y.example");

        DeliveryException failed = refusal(office);

        assertThat(failed)
                .hasMessage("the connection to " + mail.at()
                        + " (STARTTLS) broke (421 4.3.2) before a whole message was sent (job=lakeside, run=41)");
        assertThat(failed.retryable()).isTrue();
        assertThat(stackTrace(failed)).doesNotContain("y.example");
        deliver(office);
        assertThat(mail.recipients()).containsExactly("a@x.example", "b@y.example");
    }

    @Test
    void should_connect_again_when_the_server_dropped_an_idle_connection() throws Exception {
        mail.on("NOOP", ScriptedMailServer.DROP, "250 ok");

        deliver(office("a@x.example"));

        assertThat(mail.recipients()).containsExactly("a@x.example");
        assertThat(mail.commands().stream().filter(command -> command.startsWith("AUTH")))
                .hasSize(2);
    }

    @Test
    void should_have_the_same_message_ids_with_another_object() throws Exception {
        deliver(office("a@x.example, b@y.example"));
        file = TestFiles.awkward(directory);
        deliver(office("a@x.example, b@y.example"));

        assertThat(mail.received()).hasSize(4);
        assertThat(messageIds())
                .hasSize(2)
                .allMatch(id -> id.matches("<outfeed\\.41\\.[0-9a-f]{32}@vendor\\.example>"));
    }

    @Test
    void should_have_another_message_id_for_another_run_or_file() throws Exception {
        deliver(office("a@x.example"));
        file = new OutgoingFile("lakeside", 42, 98, file.file(), file.content(), IfExists.FAIL);
        deliver(office("a@x.example"));
        file = TestFiles.outgoing(directory, "interactions-13.csv", TestFiles.AWKWARD);
        deliver(office("a@x.example"));

        assertThat(messageIds()).hasSize(3);
    }

    @Test
    void should_cut_off_a_file_that_is_not_what_was_staged() throws Exception {
        StagedFile staged = file.file();
        Files.write(file.content(), new byte[(int) staged.bytes()]);

        DeliveryException failed = refusal(office("a@x.example"));

        assertThat(failed)
                .hasMessage("can't read interactions-12.csv: the file is not what was staged: its SHA-256 differs, the"
                        + " message was cut off (job=lakeside, run=41)");
        mail.close();
        assertThat(mail.received()).isEmpty();
    }

    @Test
    void should_refuse_a_file_of_another_size_before_it_connects() throws Exception {
        Files.write(file.content(), new byte[5]);

        assertThat(refusal(office("a@x.example")))
                .hasMessage("interactions-12.csv has 5 bytes instead of " + TestFiles.AWKWARD.length
                        + " (job=lakeside, run=41)");
        assertThat(mail.commands()).isEmpty();
    }

    @Test
    void should_refuse_line_breaks_in_the_names_of_files_and_jobs() throws Exception {
        OutgoingFile good = file;
        file = TestFiles.outgoing(directory, "x.csv\r\nBcc: evil@x.example", TestFiles.AWKWARD);
        assertThat(refusal(office("a@x.example")))
                .hasMessage("the file can't be attached: its name may have letters and digits, blanks, '.', '_' and"
                        + " '-', and must not begin with '.' or '-' (job=lakeside, run=41)");

        file = new OutgoingFile("lake\nside", 41, 97, good.file(), good.content(), IfExists.FAIL);
        MailDelivery office = delivery(MailServers.to(mail).build(), "a@x.example")
                .subject("{job}")
                .build();
        assertThat(refusal(office))
                .hasMessage(
                        "the name of the job or of the definition contains a control character, such as a line break"
                                + " (run=41)");
        assertThat(mail.commands()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\u202Eb.csv", "a/b.csv", "a\u2028b.csv", "a\"b.csv", "a;b.csv", ".b.csv", "-b.csv", "a\u200Bb"
            })
    void should_refuse_what_is_no_name_of_a_file(String name) throws Exception {
        file = TestFiles.outgoing(directory, name, TestFiles.AWKWARD);

        assertThat(refusal(office("a@x.example"))).hasMessageContaining("the file can't be attached");
        assertThat(mail.commands()).isEmpty();
    }

    @Test
    void should_attach_files_with_names_of_any_script() throws Exception {
        String name = "Besuche Z\u00fcrich \u6771\u4eac 1.csv";
        file = TestFiles.outgoing(directory, name, TestFiles.AWKWARD);

        deliver(office("a@x.example"));

        MimeMessage message = mail.received().get(0).message();
        assertThat(message.getSubject()).isEqualTo("interactions: " + name);
        assertThat(TestFiles.attachment(message).getFileName()).isEqualTo(name);
        assertThat(TestFiles.attachment(message).getHeader("Content-Disposition"))
                .containsExactly(
                        "attachment;\r\n" + " filename*=UTF-8''Besuche%20Z%C3%BCrich%20%E6%9D%B1%E4%BA%AC%201.csv");
        assertThat(TestFiles.attachment(message).getHeader("Content-Type"))
                .containsExactly("text/csv; charset=UTF-8;\r\n name=\"Besuche-Z-rich----1.csv\"");
        assertThat(TestFiles.bytes(TestFiles.attachment(message))).isEqualTo(TestFiles.AWKWARD);
    }

    /** Names of the longest length, with a mark: header lines stay below the limit of 998 characters. */
    @ParameterizedTest
    @ValueSource(strings = {"", "import email.policy; policy = {'policy': email.policy.default}\n"})
    void should_be_named_so_for_another_reader(String policy) throws Exception {
        PythonEmail.assumeInstalled();
        String name = "\u6771".repeat(65) + "-re9999999999.csv";
        file = TestFiles.outgoing(directory, name, TestFiles.AWKWARD);
        deliver(office("a@x.example"));

        List<String> read = PythonEmail.read(directory, mail.received().get(0), policy, """
                        part = message.get_payload()[1]
                        print(ascii(part.get_filename())[1:-1])
                        print(hashlib.sha256(part.get_payload(decode=True)).hexdigest())
                        """);

        assertThat(read)
                .containsExactly(
                        "\\u6771".repeat(65) + "-re9999999999.csv", file.file().sha256());
        assertThat(mail.received().get(0).data().lines()).allMatch(line -> line.length() < 998);
    }

    @Test
    void should_not_need_the_class_loader_of_the_thread() throws Exception {
        MailDelivery office = office("a@x.example");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        ClassLoader strange = new WithoutHandlers();
        thread.setContextClassLoader(strange);
        try {
            deliver(office);
            assertThat(thread.getContextClassLoader()).isSameAs(strange);
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(mail.received()).hasSize(1);
    }

    @Test
    void should_stop_before_the_next_message_when_interrupted() throws Exception {
        try (MailSession session = open(office("a@x.example"))) {
            PreparedFile prepared = session.prepare(file);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> session.publish(prepared, file))
                    .hasMessage("interrupted before the next message (job=lakeside, run=41)");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(mail.received()).isEmpty();
    }

    @Test
    void should_do_nothing_when_a_file_is_discarded() throws Exception {
        try (MailSession session = open(office("a@x.example"))) {
            session.discard(file);
        }
        assertThat(mail.commands()).isEmpty();
    }

    @Test
    void should_send_in_plain_text_only_if_configured() throws Exception {
        mail.plainExtensions("STARTTLS", "AUTH PLAIN");
        MailServer server =
                MailServers.to(mail).security(MailSecurity.PLAIN_LOOPBACK_ONLY).build();

        deliver(delivery(server, "a@x.example").build());

        assertThat(mail.commands()).noneMatch(command -> command.startsWith("STARTTLS"));
        assertThat(mail.received()).hasSize(1);
    }

    /** Like that of an application which brings its own list of content handlers, one without multipart messages. */
    private static final class WithoutHandlers extends ClassLoader {

        WithoutHandlers() {
            super(ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Enumeration<URL> findResources(String name) throws IOException {
            URL list = Objects.requireNonNull(MailSessionTest.class.getResource("strange.mailcap"));
            return Collections.enumeration(name.equals("META-INF/mailcap") ? List.of(list) : List.of());
        }
    }

    private static MailDelivery.Builder delivery(MailServer server, String to) {
        return MailDelivery.builder("office", server)
                .from("Exports <exports@vendor.example>")
                .to(to);
    }

    private MailDelivery office(String to) {
        return delivery(MailServers.to(mail).build(), to).build();
    }

    /** The type whose close() throws nothing. */
    private static MailSession open(MailDelivery delivery) {
        return (MailSession) delivery.open();
    }

    private DeliveryReceipt deliver(MailDelivery delivery) throws Exception {
        try (MailSession session = open(delivery)) {
            return session.publish(session.prepare(file), file).orElseThrow();
        }
    }

    private DeliveryException refusal(MailDelivery delivery) {
        return catchThrowableOfType(DeliveryException.class, () -> deliver(delivery));
    }

    private List<String> messageIds() throws Exception {
        Set<String> ids = new LinkedHashSet<>();
        for (ScriptedMailServer.Received received : mail.received()) {
            ids.add(TestFiles.header(received.message(), "Message-ID"));
        }
        return List.copyOf(ids);
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
