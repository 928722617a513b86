package io.outfeed.mail;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.DeliveryException;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** See {@link MailDelivery}. Connects when a file is there to be sent. */
final class MailSession implements DeliverySession {

    private static final Logger log = LoggerFactory.getLogger(MailSession.class);

    /** Base64 makes lines of 76 characters, and two for the line break, out of 57 bytes. */
    private static final long BYTES_OF_A_LINE = 57;

    private static final long CHARACTERS_OF_A_LINE = 78;
    private static final long HEADERS = 4096;

    private final MailDelivery delivery;
    private @Nullable MailConnection connection;

    MailSession(MailDelivery delivery) {
        this.delivery = delivery;
    }

    /** Sends nothing: makes as sure as can be that the server will take the messages. */
    @Override
    public PreparedFile prepare(OutgoingFile file) {
        checkContent(file);
        checkTexts(file);
        checkSize(connected(file), file);
        return PreparedFile.direct(location());
    }

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
        checkTexts(file);
        List<String> messageIds = messageIds(file);
        Answers answers = new Answers(messageIds.size());
        for (int i = 0; i < messageIds.size(); i++) {
            if (delivery.accepted().contains(messageIds.get(i))) {
                continue;
            }
            Optional<Reply> reply =
                    send(messageIds.get(i), delivery.recipients().get(i), file, share(i, file));
            if (reply.isEmpty()) {
                delivery.accepted().add(messageIds.get(i));
                log.debug(
                        "Delivery '{}': recipient {} accepted as {}{}",
                        delivery.id(),
                        i + 1,
                        messageIds.get(i),
                        at(file));
            } else {
                answers.add(i + 1, reply.get());
            }
        }
        if (!answers.allAccepted()) {
            throw incomplete(answers, file);
        }
        delivery.accepted().removeAll(messageIds); // to deliver it once more is somebody's wish
        return Optional.of(new DeliveryReceipt(location(), Publication.ACCEPTED));
    }

    @Override
    public void discard(OutgoingFile file) {
        // nothing waits anywhere
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Each recipient gets the whole file, and so is one part of many of its progress. */
    private LongConsumer share(int before, OutgoingFile file) {
        int all = delivery.recipients().size();
        return bytes -> file.sent((before * file.file().bytes() + bytes) / all);
    }

    private Optional<Reply> send(String messageId, InternetAddress recipient, OutgoingFile file, LongConsumer sent) {
        if (Thread.currentThread().isInterrupted()) {
            throw DeliveryException.retryable(delivery.id(), "interrupted before the next message" + at(file), null);
        }
        MailConnection used = connected(file);
        checkSize(used, file);
        OutgoingMessage message = MailConnection.withLibrary(() -> message(used, messageId, recipient, file, sent));
        return used.send(message, recipient);
    }

    private OutgoingMessage message(
            MailConnection used, String messageId, InternetAddress recipient, OutgoingFile file, LongConsumer sent) {
        try {
            return OutgoingMessage.withFile(
                    used.session(),
                    messageId,
                    delivery.from(),
                    recipient,
                    delivery.subject().expand(file),
                    delivery.text().expand(file),
                    file,
                    sent);
        } catch (MessagingException e) {
            // no cause: it names the address
            throw DeliveryException.permanent(delivery.id(), "a message could not be built" + at(file), null);
        }
    }

    /** A server drops a connection that is idle while other destinations are busy. */
    private MailConnection connected(OutgoingFile file) {
        MailConnection current = connection;
        if (current == null || !current.isAlive()) {
            close();
            current = MailConnection.open(delivery.server(), delivery.id(), at(file));
            connection = current;
        }
        return current;
    }

    private void checkContent(OutgoingFile file) {
        try {
            long size = Files.size(file.content());
            if (size != file.file().bytes()) {
                throw DeliveryException.retryable(
                        delivery.id(),
                        file.file().path() + " has " + size + " bytes instead of "
                                + file.file().bytes() + at(file),
                        null);
            }
        } catch (IOException e) {
            throw DeliveryException.retryable(
                    delivery.id(), "can't read " + file.file().path() + at(file), e);
        }
    }

    private void checkTexts(OutgoingFile file) {
        Optional<String> problem = HeaderText.nameProblem(file.file().name());
        if (problem.isPresent()) {
            throw DeliveryException.permanent(
                    delivery.id(), "the file can't be attached: its name " + problem.get() + at(file), null);
        }
        if (HeaderText.hasControl(delivery.subject().expand(file))
                || HeaderText.hasControlBesideLines(delivery.text().expand(file))) {
            throw DeliveryException.permanent(
                    delivery.id(),
                    "the name of the job or of the definition contains a control character, such as a line break"
                            + " (run=" + file.run() + ")",
                    null);
        }
    }

    private void checkSize(MailConnection used, OutgoingFile file) {
        OptionalLong maximum = used.maximum();
        long lines = (file.file().bytes() + BYTES_OF_A_LINE - 1) / BYTES_OF_A_LINE;
        long text = delivery.text().expand(file).getBytes(StandardCharsets.UTF_8).length;
        long size = lines * CHARACTERS_OF_A_LINE + 3 * text + HEADERS;
        if (maximum.isPresent() && size > maximum.getAsLong()) {
            throw DeliveryException.permanent(
                    delivery.id(),
                    file.file().path() + " makes a message of about " + size + " bytes, " + delivery.server()
                            + " takes " + maximum.getAsLong()
                            + ": nothing was sent; compress the file, export more often, or deliver by SFTP" + at(file),
                    null);
        }
    }

    private DeliveryException incomplete(Answers answers, OutgoingFile file) {
        String message = file.file().path() + " " + answers;
        if (answers.noneLater()) {
            return DeliveryException.permanent(
                    delivery.id(), message + ": ask the receiver, or correct the recipients" + at(file), null);
        }
        return DeliveryException.retryable(delivery.id(), message + at(file), null);
    }

    private static String at(OutgoingFile file) {
        return " (job=" + file.job() + ", run=" + file.run() + ")";
    }

    private List<String> messageIds(OutgoingFile file) {
        return delivery.recipients().stream()
                .map(recipient -> MessageIds.ofFile(delivery.id(), delivery.from(), recipient, file))
                .toList();
    }

    /** Goes into the ledger, where addresses have no business. */
    private String location() {
        int count = delivery.recipients().size();
        return "mail:" + delivery.id() + " (" + count + (count == 1 ? " recipient)" : " recipients)");
    }
}
