package io.outfeed.examples;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;

/** A message that arrived, with its one attachment. */
record DemoMail(String to, int recipients, String subject, String attachment, long bytes, String sha256) {

    static DemoMail of(String mailbox, MimeMessage message) throws MessagingException, IOException {
        BodyPart attachment = attachment((Multipart) message.getContent());
        try (InputStream in = attachment.getInputStream()) {
            Sha256.Digest digest = Sha256.of(in);
            return new DemoMail(
                    mailbox,
                    message.getAllRecipients().length,
                    message.getSubject(),
                    attachment.getFileName(),
                    digest.bytes(),
                    digest.sha256());
        }
    }

    private static BodyPart attachment(Multipart parts) throws MessagingException {
        for (int i = 0; i < parts.getCount(); i++) {
            if (Part.ATTACHMENT.equalsIgnoreCase(parts.getBodyPart(i).getDisposition())) {
                return parts.getBodyPart(i);
            }
        }
        throw new IllegalStateException("a message came without an attachment");
    }
}
