package io.outfeed.mail.internal.message;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.file.FileNames;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The message for one recipient: a text, perhaps as HTML too, and a file as its attachment if there is one. */
public final class MailMessage extends MimeMessage {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss xx", Locale.ENGLISH);

    private final String messageId;
    private boolean written;

    /** A message without content, which is set before the first {@code saveChanges}. */
    private MailMessage(Session session, String messageId, Envelope envelope, String subject)
            throws MessagingException {
        super(session);
        this.messageId = messageId;
        setFrom(envelope.from().toInternetAddress());
        setAddressees(envelope);
        setSubject(subject, "UTF-8");
        setHeader("Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
        setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: asks for no automatic reply
    }

    /**
     * A message with a file as its attachment.
     *
     * @param sent gets how many bytes of the file were read so far
     */
    public static MailMessage withFile(
            Session session,
            String messageId,
            Envelope envelope,
            String subject,
            String text,
            OutgoingFile file,
            LongConsumer sent)
            throws MessagingException {
        MailMessage message = new MailMessage(session, messageId, envelope, subject);
        MimeBodyPart body = new MimeBodyPart();
        body.setText(text, "UTF-8");
        message.setContent(new MimeMultipart(body, attachment(file, sent)));
        message.saveChanges();
        return message;
    }

    /** The same for each recipient: those of {@code bcc} are in no header. */
    private void setAddressees(Envelope envelope) throws MessagingException {
        if (envelope.to().isEmpty() && envelope.cc().isEmpty()) {
            setHeader("To", "undisclosed-recipients:;");
        } else {
            setRecipients(Message.RecipientType.TO, MailAddress.toInternetAddresses(envelope.to()));
            setRecipients(Message.RecipientType.CC, MailAddress.toInternetAddresses(envelope.cc()));
        }
        if (!envelope.replyTo().isEmpty()) {
            setReplyTo(MailAddress.toInternetAddresses(envelope.replyTo()));
        }
    }

    /** A message without a file, which names its recipient only; with HTML, programs show it instead of the text. */
    public static MailMessage withText(
            Session session,
            String messageId,
            MailAddress from,
            MailAddress to,
            String subject,
            String text,
            Optional<String> html)
            throws MessagingException {
        MailMessage message = new MailMessage(session, messageId, Envelope.of(from, to), subject);
        if (html.isEmpty()) {
            message.setText(text, "UTF-8");
        } else {
            MimeBodyPart plain = new MimeBodyPart();
            plain.setText(text, "UTF-8");
            MimeBodyPart page = new MimeBodyPart();
            page.setText(html.get(), "UTF-8", "html");
            message.setContent(new MimeMultipart("alternative", plain, page)); // the last one is the preferred one
        }
        message.saveChanges();
        return message;
    }

    private static MimeBodyPart attachment(OutgoingFile file, LongConsumer sent) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new FileAttachment(file, sent)));
        // the encodings for text change lone CR and LF
        part.setHeader("Content-Transfer-Encoding", "base64");
        nameAttachment(part, file.file().name());
        return part;
    }

    /**
     * Names an attachment. A name that is not ASCII is a parameter of RFC 2231. Programs that don't know that find
     * another one in the type of the content: next to the real one, as {@code filename}, it would be preferred by the
     * default parser of Python.
     */
    private static void nameAttachment(MimeBodyPart part, String name) throws MessagingException {
        if (FileNames.PORTABLE.clean(name).equals(name)) {
            part.setDisposition(Part.ATTACHMENT);
            part.setFileName(name);
        } else {
            part.setHeader("Content-Disposition", Part.ATTACHMENT + ";\r\n filename*=" + ExtendedParameter.of(name));
            part.setHeader(
                    "Content-Type",
                    part.getDataHandler().getContentType() + ";\r\n name=\"" + FileNames.PORTABLE.clean(name) + "\"");
        }
    }

    /** Called by each {@code saveChanges}: a retry must have the id of the first attempt. */
    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }

    @Override
    public void writeTo(OutputStream to, String[] ignored) throws IOException, MessagingException {
        super.writeTo(to, ignored);
        written = true;
    }

    /** Whether the whole message was sent, so that the server may have accepted it even without an answer. */
    public boolean written() {
        return written;
    }
}
