package io.outfeed.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.event.RunEvent;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.mail.servers.TestTls;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With exim4, a production mail server: STARTTLS, login, SIZE, refusals. */
class EximTest {

    private static final Path EXIM = Path.of("/usr/sbin/exim4");

    @TempDir
    Path directory;

    @TempDir
    Path content;

    int port;

    @Nullable
    Process exim;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Files.isExecutable(EXIM), "skipped: exim4 is not here, apt-get install exim4-daemon-light");
        port = freePort();
        Files.writeString(directory.resolve("cert.pem"), TestTls.LOCALHOST.certificatePem());
        Files.writeString(directory.resolve("key.pem"), TestTls.LOCALHOST.keyPem());
        Path config = directory.resolve("exim.conf");
        Files.writeString(config, config());
        Process process = new ProcessBuilder(EXIM.toString(), "-C", config.toString(), "-bdf", "-d-all+local_scan")
                .redirectErrorStream(true)
                .start();
        exim = process;
        BufferedReader output = process.inputReader(UTF_8);
        StringBuilder said = new StringBuilder();
        String line;
        do {
            line = output.readLine();
            said.append(line).append('\n');
        } while (line != null && !line.endsWith("Listening..."));
        assertThat(line).as("exim4 ended: %s", said).isNotNull();
        Thread drain = new Thread(() -> drain(output), "exim-output");
        drain.setDaemon(true);
        drain.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (exim != null) {
            exim.destroy();
            if (!exim.waitFor(5, TimeUnit.SECONDS)) { // it has been seen to wait on in spite of the signal
                exim.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void should_deliver_the_same_bytes_to_each_recipient() throws Exception {
        DeliveryReceipt receipt = deliver(office("a@x.example, b@y.example"), TestFiles.awkward(content));

        assertThat(receipt.publication()).isEqualTo(Publication.ACCEPTED);
        assertThat(receipt.recipients()).hasSize(2).allMatch(RecipientDelivery::accepted);
        assertThat(queued("-D"))
                .hasSize(2)
                .allSatisfy(
                        data -> assertThat(TestFiles.bytes(attachment(data))).isEqualTo(TestFiles.AWKWARD));
        assertThat(queued("-H"))
                .anyMatch(headers -> headers.contains("\n1\na@x.example\n"))
                .anyMatch(headers -> headers.contains("\n1\nb@y.example\n"))
                .allMatch(headers -> headers.contains("-received_protocol esmtpsa\n"));
    }

    @Test
    void should_serve_the_others_when_one_recipient_is_refused() throws Exception {
        DeliveryReceipt receipt = deliver(office("unknown@x.example, a@x.example"), TestFiles.awkward(content));

        assertThat(receipt.refused())
                .extracting(RecipientDelivery::number, RecipientDelivery::refusal)
                .containsExactly(
                        tuple(1, Optional.of(new RecipientDelivery.Refusal(FailureCode.DESTINATION_REFUSED, "550"))));
        assertThat(queued("-D")).hasSize(1);
    }

    @Test
    void should_fail_when_all_recipients_are_refused() throws Exception {
        DeliveryException failed = refusal(office("unknown@x.example"), TestFiles.awkward(content));

        assertThat(failed)
                .hasMessage("interactions-12.csv was accepted for 0 of 1 recipients; refused 1: recipient 1 (550): ask"
                        + " the receiver, or correct the recipients (job=lakeside, run=41)");
        assertThat(failed.retryable()).isFalse();
    }

    @Test
    void should_keep_hidden_recipients_out_of_the_headers() throws Exception {
        MailDelivery office = MailDelivery.builder("office", server().build())
                .from("exports@vendor.example")
                .to("\"Registrar\" <a@x.example>")
                .cc("b@y.example")
                .bcc("audit@x.example")
                .replyTo("help@vendor.example")
                .build();

        deliver(office, TestFiles.awkward(content));

        assertThat(queued("-H"))
                .hasSize(3)
                .allMatch(headers -> headers.contains("To: Registrar <a@x.example>\n"))
                .allMatch(headers -> headers.contains("Cc: b@y.example\n"))
                .allMatch(headers -> headers.contains("Reply-To: help@vendor.example\n"))
                .allMatch(headers -> !headers.contains("cc: audit") && !headers.contains("To: audit"))
                .anyMatch(headers -> headers.contains("\n1\naudit@x.example\n"));
    }

    @Test
    void should_send_to_letters_beyond_ascii() throws Exception {
        deliver(office("b\u00fcro@x.example"), TestFiles.awkward(content));

        assertThat(queued("-H"))
                .singleElement()
                .asString()
                .contains("-smtputf8\n", "\n1\nb\u00c3\u00bcro@x.example\n", "To: b\u00c3\u00bcro@x.example\n");
    }

    @Test
    void should_try_again_when_one_recipient_is_not_served_for_now() throws Exception {
        DeliveryException failed = refusal(office("a@x.example, later@x.example"), TestFiles.awkward(content));

        assertThat(failed)
                .hasMessage("interactions-12.csv was accepted for 1 of 2 recipients; not served for now 1: recipient 2"
                        + " (451) (job=lakeside, run=41)");
        assertThat(failed.retryable()).isTrue();
    }

    @Test
    void should_refuse_a_file_that_is_too_large_before_anything_is_sent() throws Exception {
        OutgoingFile large = TestFiles.outgoing(content, "interactions-12.csv", new byte[150_000]);

        assertThat(refusal(office("a@x.example"), large))
                .hasMessageContaining("takes 204800: nothing was sent")
                .matches(e -> !e.retryable());
        assertThat(queued("-D")).isEmpty();
    }

    @Test
    void should_send_a_file_just_below_the_limit() throws Exception {
        OutgoingFile large = TestFiles.outgoing(content, "interactions-12.csv", new byte[146_000]);

        deliver(office("a@x.example"), large);

        assertThat(queued("-D")).hasSize(1);
    }

    @Test
    void should_send_nothing_with_a_wrong_password() throws Exception {
        MailServer server = server().password("wrong").build();

        assertThat(refusal(office(server, "a@x.example"), TestFiles.awkward(content)))
                .hasMessage("127.0.0.1:" + port + " (STARTTLS) refused the login (535): check user and password"
                        + " (job=lakeside, run=41)")
                .matches(e -> !e.retryable());
    }

    @Test
    void should_notify_the_others_when_one_recipient_is_refused() throws Exception {
        ExportRun run = RunBuilder.planned(41, "lakeside", Trigger.MANUAL, Instant.parse("2026-03-02T12:00:00Z"))
                .status(RunStatus.COMMITTED)
                .files(List.of(TestFiles.awkward(content).file()))
                .build();

        MailNotifier.builder("office", server().build())
                .from("exports@vendor.example")
                .to("unknown@x.example, later@x.example, a@x.example, b@y.example")
                .link((of, file) -> URI.create("https://portal.vendor.example/" + of.number() + "/" + file.path()))
                .build()
                .onEvent(new RunEvent(RunEvent.Kind.SUCCEEDED, run));

        assertThat(queued("-D")).hasSize(2).allMatch(data -> data.endsWith("""
                        Event:   succeeded
                        Job:     lakeside
                        Run:     41 (manual)
                        Outcome: success
                        Files:   1 file, 3 rows, 57 bytes

                        interactions-12.csv
                          3 rows, 57 bytes
                          https://portal.vendor.example/41/interactions-12.csv

                        This message was sent automatically.
                        """));
        assertThat(queued("-H"))
                .anyMatch(headers -> headers.contains("\n1\na@x.example\n"))
                .anyMatch(headers -> headers.contains("\n1\nb@y.example\n"))
                .allMatch(headers -> headers.contains("Subject: lakeside: succeeded\n"))
                .allMatch(headers -> headers.contains("Auto-Submitted: auto-generated\n"))
                .allMatch(headers -> headers.contains("-received_protocol esmtpsa\n"));
    }

    @Test
    void should_mail_a_digest_to_the_others_when_one_recipient_is_refused() throws Exception {
        MailDigest.builder("operators", server().build())
                .from("exports@vendor.example")
                .to("unknown@x.example, a@x.example, b@y.example")
                .build()
                .send(TestIncidents.awkward());

        assertThat(queued("-D")).hasSize(2).allSatisfy(data -> {
            assertThat(content(data, "alternative", 0)).contains("\nStill: login exports@sftp.riverside.example:22");
            assertThat(content(data, "alternative", 1)).contains(">Still: login exports@sftp.riverside.example:22");
        });
        assertThat(queued("-H"))
                .anyMatch(headers -> headers.contains("\n1\na@x.example\n"))
                .anyMatch(headers -> headers.contains("\n1\nb@y.example\n"))
                .allMatch(headers -> headers.contains("Subject: Exports: 2 new, 1 still open, 2 over\n"))
                .allMatch(headers -> headers.contains("Auto-Submitted: auto-generated\n"))
                .allMatch(headers -> !headers.contains("To: a@x.example, b@y.example"));
    }

    @Test
    void should_ask_for_a_digest_again_that_no_recipient_has_accepted() {
        MailDigest operators = MailDigest.builder("operators", server().build())
                .from("exports@vendor.example")
                .to("unknown@x.example, later@x.example")
                .build();

        DeliveryException failed =
                catchThrowableOfType(DeliveryException.class, () -> operators.send(TestIncidents.digest("d1")));

        assertThat(failed)
                .hasMessage("the mail 'sftp.lakeside.example:22 can't be reached' was accepted for 0 of 2 recipients;"
                        + " refused 1: recipient 1 (550); not served for now 1: recipient 2 (451) (digest=d1)");
        assertThat(failed.retryable()).isTrue();
    }

    /** A full pipe would stop exim. */
    private static void drain(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // discarded
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    private MailServer.Builder server() {
        return MailServer.builder("127.0.0.1")
                .port(port)
                .user("outfeed")
                .password("s3cret")
                .sslContext(TestTls.LOCALHOST.context());
    }

    private MailDelivery office(String to) {
        return office(server().build(), to);
    }

    private static MailDelivery office(MailServer server, String to) {
        return MailDelivery.builder("office", server)
                .from("exports@vendor.example")
                .to(to)
                .build();
    }

    private static DeliveryReceipt deliver(MailDelivery delivery, OutgoingFile file) {
        try (MailSession session = (MailSession) delivery.open()) {
            return session.publish(session.prepare(file), file).orElseThrow();
        }
    }

    private static DeliveryException refusal(MailDelivery delivery, OutgoingFile file) {
        return catchThrowableOfType(DeliveryException.class, () -> deliver(delivery, file));
    }

    /** The files of a kind in exim's queue: -D has the body with its own line ends, -H the envelope and the headers. */
    private List<String> queued(String kind) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("spool"))) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(kind)).toList();
            List<String> contents = new ArrayList<>();
            for (Path file : found) {
                contents.add(Files.readString(file, ISO_8859_1));
            }
            return contents;
        }
    }

    private static BodyPart attachment(String data) throws Exception {
        return part(data, "mixed", 1);
    }

    private static String content(String data, String type, int number) throws Exception {
        return part(data, type, number).getContent().toString();
    }

    private static BodyPart part(String data, String multipart, int number) throws Exception {
        String body = data.substring(data.indexOf("\n--") + 1);
        String boundary = body.substring(2, body.indexOf('\n'));
        String type = "multipart/" + multipart + "; boundary=\"" + boundary + "\"";
        return new MimeMultipart(new ByteArrayDataSource(body.getBytes(ISO_8859_1), type)).getBodyPart(number);
    }

    private String config() throws IOException {
        try (InputStream in = Objects.requireNonNull(EximTest.class.getResourceAsStream("exim.conf"))) {
            return new String(in.readAllBytes(), UTF_8)
                    .replace("@user@", Files.getOwner(directory).getName())
                    .replace(
                            "@group@",
                            Files.getAttribute(directory, "posix:group").toString())
                    .replace("@directory@", directory.toString())
                    .replace("@port@", Integer.toString(port));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
