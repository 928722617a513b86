package io.outfeed.examples;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.outfeed.file.StagedFile;
import io.outfeed.mail.MailDelivery;
import io.outfeed.mail.MailEvents;
import io.outfeed.mail.MailNotifier;
import io.outfeed.mail.MailSecurity;
import io.outfeed.mail.MailServer;
import io.outfeed.run.ExportRun;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A mail server on this machine, with a certificate made afresh. Only a demonstration has one. */
final class DemoMailServer implements AutoCloseable {

    private static final String USER = "outfeed";
    private static final String PASSWORD = "only-here";

    private final GreenMail server;
    private final SSLContext trust;

    private DemoMailServer(GreenMail server, SSLContext trust) {
        this.server = server;
        this.trust = trust;
    }

    /** Starts a server that keeps its certificate in a directory of this machine. */
    static DemoMailServer start(Path home) throws IOException, GeneralSecurityException, InterruptedException {
        Path keyStore = home.resolve("mail.p12");
        makeCertificate(keyStore);
        System.setProperty("greenmail.tls.keystore.file", keyStore.toString());
        System.setProperty("greenmail.tls.keystore.password", PASSWORD);
        GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS));
        server.setUser(USER, PASSWORD);
        server.start();
        return new DemoMailServer(server, trusting(keyStore));
    }

    /** A delivery by this server: over TLS, with a login, and this one certificate is trusted. */
    MailDelivery delivery(String id, List<String> recipients) {
        return MailDelivery.builder(id, mailServer())
                .from("exports@vendor.example")
                .to(recipients)
                .subject("{rows} {definition} for Lakeside")
                .build();
    }

    /** Makes a notifier of what a job has delivered, with links to the host's portal. */
    MailNotifier notifier(String id, String job, String recipient) {
        return MailNotifier.builder(id, mailServer())
                .from("exports@vendor.example")
                .to(recipient)
                .events(MailEvents.successesOf(job))
                .link(DemoMailServer::link)
                .build();
    }

    static URI link(ExportRun run, StagedFile file) {
        return URI.create("https://portal.vendor.example/exports/" + run.number() + "/" + file.path());
    }

    private MailServer mailServer() {
        return MailServer.builder("localhost")
                .port(server.getSmtps().getPort())
                .security(MailSecurity.TLS)
                .user(USER)
                .password(PASSWORD)
                .sslContext(trust)
                .build();
    }

    /** Waits for messages, of which those of listeners come some time after the run. */
    void await(int messages) {
        if (!server.waitForIncomingEmail(30_000, messages)) {
            throw new IllegalStateException("fewer than " + messages + " mails came within 30 seconds");
        }
    }

    /** What has arrived in the mailboxes with a file. */
    List<DemoMail> mails() throws MessagingException, IOException {
        List<DemoMail> mails = new ArrayList<>();
        for (Received received : received()) {
            if (received.message().getContent() instanceof Multipart) {
                mails.add(DemoMail.of(received.mailbox(), received.message()));
            }
        }
        return mails;
    }

    /** What has arrived in the mailboxes without one. */
    List<DemoNotice> notices() throws MessagingException, IOException {
        List<DemoNotice> notices = new ArrayList<>();
        for (Received received : received()) {
            if (received.message().getContent() instanceof String) {
                notices.add(DemoNotice.of(received.mailbox(), received.message()));
            }
        }
        return notices;
    }

    /** A message, and the mailbox that has it: the headers name all recipients of the file. */
    private record Received(String mailbox, MimeMessage message) {}

    private List<Received> received() {
        return server.getManagers().getUserManager().listUser().stream()
                .flatMap(user -> inbox(user).getMessages().stream()
                        .map(stored -> new Received(user.getEmail(), stored.getMimeMessage())))
                .toList();
    }

    private MailFolder inbox(GreenMailUser user) {
        try {
            return server.getManagers().getImapHostManager().getInbox(user);
        } catch (FolderException e) {
            throw new IllegalStateException("a mailbox of the demonstration can't be read", e);
        }
    }

    String description() {
        return "smtps://" + USER + "@localhost:" + server.getSmtps().getPort();
    }

    /** GreenMail's own certificate is for no host's name, and would be refused. */
    private static void makeCertificate(Path keyStore) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "mail",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keyStore.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool could not make a certificate");
        }
    }

    private static SSLContext trusting(Path keyStore) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("mail", keys.getCertificate("mail"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        server.stop();
    }
}
