package io.outfeed.mail;

import io.outfeed.delivery.OutgoingFile;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.LongConsumer;

/** The message for one recipient: a text, and where it brings a file that one as an attachment. */
final class OutgoingMessage extends MimeMessage {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH);

    private final String messageId;
    private boolean written;

    /** A message without content, which may be added before the first {@code saveChanges}. */
    private OutgoingMessage(Session session, String messageId, InternetAddress from, InternetAddress to, String subject)
            throws MessagingException {
        super(session);
        this.messageId = messageId;
        setFrom(from);
        setRecipient(Message.RecipientType.TO, to);
        setSubject(subject, "UTF-8");
        setHeader("Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
        setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: absence notes are not wanted
    }

    /** A short text, and the file. */
    static OutgoingMessage withFile(
            Session session,
            String messageId,
            InternetAddress from,
            InternetAddress to,
            String subject,
            String text,
            OutgoingFile file,
            LongConsumer sent)
            throws MessagingException {
        OutgoingMessage message = new OutgoingMessage(session, messageId, from, to, subject);
        MimeBodyPart body = new MimeBodyPart();
        body.setText(text, "UTF-8");
        message.setContent(new MimeMultipart(body, attachment(file, sent)));
        message.saveChanges();
        return message;
    }

    /** Nothing but a text. */
    static OutgoingMessage plain(
            Session session, String messageId, InternetAddress from, InternetAddress to, String subject, String text)
            throws MessagingException {
        OutgoingMessage message = new OutgoingMessage(session, messageId, from, to, subject);
        message.setText(text, "UTF-8");
        message.saveChanges();
        return message;
    }

    private static MimeBodyPart attachment(OutgoingFile file, LongConsumer sent) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new StagedContent(file, sent)));
        // the encodings for text change lone CR and LF
        part.setHeader("Content-Transfer-Encoding", "base64");
        part.setDisposition(Part.ATTACHMENT);
        part.setFileName(file.file().name());
        return part;
    }

    /** Called by each {@code saveChanges}: a retry must have the id of the first try. */
    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }

    @Override
    public void writeTo(OutputStream to, String[] ignored) throws IOException, MessagingException {
        super.writeTo(to, ignored);
        written = true;
    }

    /** Whether all of it went out, so that the server may have accepted it even if it did not say so. */
    boolean written() {
        return written;
    }
}
