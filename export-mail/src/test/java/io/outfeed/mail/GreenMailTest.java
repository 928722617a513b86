package io.outfeed.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.DummySSLServerSocketFactory;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.mail.servers.TestTls;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With GreenMail as the server, over TLS from the first byte. */
class GreenMailTest {

    @TempDir
    Path directory;

    GreenMail mail;

    @BeforeEach
    void start() {
        System.setProperty(
                DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY,
                TestTls.LOCALHOST.keyStore().toString());
        System.setProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY, TestTls.PASSWORD);
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        mail.start();
        mail.setUser("outfeed@vendor.example", "outfeed", "s3cret");
    }

    @AfterEach
    void stop() {
        mail.stop();
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_FILE_PROPERTY);
        System.clearProperty(DummySSLServerSocketFactory.GREENMAIL_KEYSTORE_PASSWORD_PROPERTY);
    }

    @Test
    void should_deliver_the_same_bytes_to_each_recipient() throws Exception {
        OutgoingFile file = TestFiles.awkward(directory);

        try (MailSession session = (MailSession) office("s3cret").open()) {
            assertThat(session.publish(session.prepare(file), file))
                    .hasValueSatisfying(GreenMailTest::assertAcceptedForBoth);
        }

        for (String recipient : new String[] {"a@x.example", "b@y.example"}) {
            MimeMessage[] messages = received(recipient);
            assertThat(messages).hasSize(1);
            assertThat(TestFiles.header(messages[0], "To")).isEqualTo("a@x.example, b@y.example");
            assertThat(TestFiles.bytes(TestFiles.attachment(messages[0]))).isEqualTo(TestFiles.AWKWARD);
        }
    }

    @Test
    void should_mail_a_digest_to_each_recipient() throws Exception {
        MailDigest.builder("operators", server("s3cret"))
                .from("exports@vendor.example")
                .to("a@x.example, b@y.example")
                .build()
                .send(TestIncidents.awkward());

        for (String recipient : new String[] {"a@x.example", "b@y.example"}) {
            MimeMessage[] messages = received(recipient);
            assertThat(messages).hasSize(1);
            assertThat(TestFiles.header(messages[0], "To")).isEqualTo(recipient);
            assertThat(TestFiles.part(messages[0], 0).getContent().toString()).contains("Müller & \"Söhne\"");
            assertThat(TestFiles.part(messages[0], 1).getContentType()).startsWith("text/html");
        }
    }

    @Test
    void should_send_nothing_with_a_wrong_password() throws Exception {
        OutgoingFile file = TestFiles.awkward(directory);

        try (MailSession session = (MailSession) office("wrong").open()) {
            DeliveryException refused = catchThrowableOfType(DeliveryException.class, () -> session.prepare(file));
            assertThat(refused)
                    .hasMessage("127.0.0.1:" + mail.getSmtps().getPort()
                            + " (TLS) refused the login (535 5.7.8): check user and password (job=lakeside, run=41)");
            assertThat(refused.retryable()).isFalse();
        }
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void should_deliver_what_an_engine_exports() throws Exception {
        Instant noon = Instant.parse("2026-03-02T12:00:00Z");
        ListSource<Interaction> source = ListSource.create(Interaction::id, Interaction::updatedAt);
        source.put(new Interaction("1", "Zoë\r\nsaid", noon), new Interaction("2", "\ud83d\ude80", noon));
        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .clock(SettableClock.at(noon.plus(Duration.ofHours(1))))
                .build()) {
            ExportRun run = engine.add(ExportJob.builder("lakeside", interactions(source))
                            .deliverTo(office("s3cret"))
                            .build())
                    .runNow();

            assertThat(run.status()).isEqualTo(RunStatus.COMMITTED);
            assertThat(run.deliveries())
                    .extracting(FileDelivery::receipt)
                    .allSatisfy(
                            receipt -> assertThat(receipt).hasValueSatisfying(GreenMailTest::assertAcceptedForBoth));
        }

        assertThat(mail.getReceivedMessages()).hasSize(2);
        MimeMessage message = received("b@y.example")[0];
        assertThat(message.getSubject()).isEqualTo("interactions: interactions-1.csv");
        assertThat(new String(TestFiles.bytes(TestFiles.attachment(message)), StandardCharsets.UTF_8))
                .isEqualTo("id,note\r\n1,\"Zoë\r\nsaid\"\r\n2,\ud83d\ude80\r\n");
    }

    @Test
    void should_notify_recipients_of_what_an_engine_has_delivered() throws Exception {
        MailNotifier notifier = MailNotifier.builder("office", server("s3cret"))
                .from("exports@vendor.example")
                .to("a@x.example, b@y.example")
                .link((run, file) -> URI.create("https://portal.vendor.example/" + run.number() + "/" + file.path()))
                .build();
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        ListSource<Interaction> source = ListSource.create(Interaction::id, Interaction::updatedAt);
        Instant noon = Instant.parse("2026-03-02T12:00:00Z");
        source.put(new Interaction("1", "between us", noon));

        try (ExportEngine engine = ExportEngine.builder()
                .directory(directory)
                .clock(SettableClock.at(noon.plus(Duration.ofHours(1))))
                .listener(notifier)
                .listenerExecutor(Runnable::run)
                .build()) {
            engine.add(ExportJob.builder("lakeside", interactions(source))
                            .deliverTo(lakeside)
                            .build())
                    .runNow();
        }

        assertThat(mail.getReceivedMessages()).hasSize(2);
        for (String recipient : new String[] {"a@x.example", "b@y.example"}) {
            MimeMessage message = received(recipient)[0];
            assertThat(message.getSubject()).isEqualTo("lakeside: succeeded");
            assertThat((String) message.getContent()).isEqualToNormalizingNewlines("""
                            Event:   succeeded
                            Job:     lakeside
                            Run:     1 (manual)
                            Outcome: success
                            Window:  interactions from 0001-01-01T00:00:00Z until 2026-03-02T12:59:00Z
                            Files:   1 file, 1 row, 23 bytes

                            interactions-1.csv
                              1 row, 23 bytes
                              https://portal.vendor.example/1/interactions-1.csv

                            This message was sent automatically.""");
        }
        assertThat(lakeside.file("interactions-1.csv").lines()).containsExactly("id,note", "1,between us");
    }

    private record Interaction(String id, String note, Instant updatedAt) {}

    private static ExportDefinition<Interaction> interactions(ListSource<Interaction> source) {
        return ExportDefinition.builder("interactions", Interaction.class)
                .source(source)
                .recordKey(Interaction::id)
                .watermark(Watermark.timestamp(Interaction::updatedAt, Duration.ofMinutes(1)))
                .fields(f -> f.field("id", Interaction::id).field("note", Interaction::note))
                .file(f -> f.name("interactions-{sequence}.csv"))
                .build();
    }

    private MailServer server(String password) {
        return MailServer.builder("127.0.0.1")
                .port(mail.getSmtps().getPort())
                .security(MailSecurity.TLS)
                .user("outfeed")
                .password(password)
                .sslContext(TestTls.LOCALHOST.context())
                .build();
    }

    private MailDelivery office(String password) {
        return MailDelivery.builder("office", server(password))
                .from("exports@vendor.example")
                .to("a@x.example, b@y.example")
                .build();
    }

    /** What is in the mailbox of a recipient, whatever the headers say. */
    private MimeMessage[] received(String recipient) throws Exception {
        GreenMailUser user = mail.getUserManager().getUserByEmail(recipient);
        return mail.getManagers().getImapHostManager().getInbox(user).getMessages().stream()
                .map(StoredMessage::getMimeMessage)
                .toArray(MimeMessage[]::new);
    }

    private static void assertAcceptedForBoth(DeliveryReceipt receipt) {
        assertThat(receipt.location()).isEqualTo("mail:office (2 recipients)");
        assertThat(receipt.publication()).isEqualTo(Publication.ACCEPTED);
        assertThat(receipt.recipients()).hasSize(2).allMatch(RecipientDelivery::accepted);
    }
}
