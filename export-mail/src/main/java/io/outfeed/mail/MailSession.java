package io.outfeed.mail;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientDelivery.Refusal;
import io.outfeed.delivery.RecipientDelivery.State;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.mail.internal.message.MailAddress;
import io.outfeed.mail.internal.message.MailMessage;
import io.outfeed.mail.internal.message.MessageIds;
import io.outfeed.mail.internal.smtp.RecipientReplies;
import io.outfeed.mail.internal.smtp.SmtpConnection;
import io.outfeed.mail.internal.smtp.SmtpReply;
import io.outfeed.mail.internal.smtp.SmtpServer;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session of a {@link MailDelivery}. Connects when the first file is prepared or published. */
final class MailSession implements DeliverySession {

    private static final Logger log = LoggerFactory.getLogger(MailSession.class);

    /** Base64 encodes 57 bytes as a line of 76 characters and a line break. */
    private static final long BYTES_PER_LINE = 57;

    private static final long CHARACTERS_PER_LINE = 78;
    private static final long HEADERS = 4096;

    /** After as many breaks in a row the server is away, or all recipients behind them wait. */
    private static final int MOST_BREAKS = 3;

    private final MailDelivery delivery;
    private @Nullable SmtpConnection connection;

    MailSession(MailDelivery delivery) {
        this.delivery = delivery;
    }

    /** Sends nothing: checks what would make the server reject the messages. */
    @Override
    public PreparedFile prepare(OutgoingFile file) {
        checkContent(file);
        checkHeaders(file);
        checkSize(connected(file), file);
        return PreparedFile.direct(location());
    }

    /**
     * Sends the file to each recipient that does not have it, as far as the ledger knows. A recipient that is refused
     * keeps the file from no other one; only if none accepts it, the delivery has failed.
     */
    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) {
        checkHeaders(file);
        List<RecipientDelivery> recipients = new ArrayList<>(known(file));
        sendAll(recipients, file);
        boolean deferred = recipients.stream().anyMatch(recipient -> recipient.state() == State.DEFERRED);
        if (deferred || recipients.stream().noneMatch(RecipientDelivery::accepted)) {
            throw incomplete(recipients, file);
        }
        return Optional.of(new DeliveryReceipt(location(), Publication.ACCEPTED, recipients));
    }

    /** The connection may break at one recipient each time: the others are served over another one. */
    private void sendAll(List<RecipientDelivery> recipients, OutgoingFile file) {
        boolean allRefused = recipients.stream().allMatch(RecipientDelivery::refused);
        Map<Integer, DeliveryException> breaks = new LinkedHashMap<>();
        int inARow = 0;
        for (int i = 0; i < recipients.size() && inARow < MOST_BREAKS; i++) {
            RecipientDelivery recipient = recipients.get(i);
            if (recipient.accepted() || (recipient.refused() && !allRefused)) {
                continue;
            }
            checkNotInterrupted(file);
            SmtpConnection used = connected(file); // if that fails, no other recipient can be served
            try {
                recipients.set(i, send(recipient, used, file));
                inARow = 0;
            } catch (DeliveryException e) {
                if (e.code() != FailureCode.DESTINATION_UNAVAILABLE) {
                    throw e;
                }
                breaks.put(i, e);
                inARow++;
            }
        }
        boolean others = recipients.stream().anyMatch(RecipientDelivery::accepted);
        breaks.forEach((i, failure) -> {
            if (!others || inDoubt(recipients.get(i), file)) {
                throw failure;
            }
            recipients.set(i, withoutReply(recipients.get(i), failure, file));
        });
    }

    private void checkNotInterrupted(OutgoingFile file) {
        if (Thread.currentThread().isInterrupted()) {
            throw DeliveryException.of(
                    FailureCode.STOPPED, delivery.id(), "interrupted before the next message" + at(file), null);
        }
    }

    /** Whether the message was sent as a whole, so that the server may have accepted it. */
    private static boolean inDoubt(RecipientDelivery recipient, OutgoingFile file) {
        return file.recipients()
                .find(recipient.key())
                .filter(known -> known.state() == State.SENDING)
                .isPresent();
    }

    /** A recipient for which the server does not reply, while it does for others, is refused in the end. */
    private RecipientDelivery withoutReply(RecipientDelivery before, DeliveryException failure, OutgoingFile file) {
        if (file.recipients().awaits(before.key())) {
            throw failure;
        }
        RecipientDelivery after =
                before.toSending().toRefused(new Refusal(SmtpReply.NONE.kind(), SmtpReply.NONE.codes()));
        file.recipients().save(after);
        return after;
    }

    /** Returns what the ledger has of the recipients: their list may have changed since. */
    private List<RecipientDelivery> known(OutgoingFile file) {
        List<MailAddress> addresses = delivery.envelope().recipients();
        List<RecipientDelivery> known = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            int number = i + 1;
            String key = addresses.get(i).key();
            known.add(file.recipients()
                    .find(key)
                    .map(recipient -> recipient.toNumber(number))
                    .orElseGet(() -> RecipientDelivery.pending(number, key)));
        }
        return known;
    }

    @Override
    public void discard(OutgoingFile file) {
        // nothing is kept on the server before it is published
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Each recipient gets the whole file: an equal part of the progress for each. */
    private LongConsumer progress(RecipientDelivery recipient, OutgoingFile file) {
        int all = delivery.envelope().recipients().size();
        return bytes -> file.sent(((recipient.number() - 1) * file.file().bytes() + bytes) / all);
    }

    /** Stores that the message may have been accepted before it can be, and what became of it. */
    private RecipientDelivery send(RecipientDelivery before, SmtpConnection used, OutgoingFile file) {
        MailAddress address = delivery.envelope().recipients().get(before.number() - 1);
        checkSize(used, file);
        MailMessage message = SmtpConnection.withLibrary(() -> message(used, address, file, progress(before, file)));
        RecipientDelivery sending = before.toSending();
        file.recipients().save(sending);
        RecipientDelivery after;
        try {
            after = used.send(message, address, size(file))
                    .map(reply -> refused(sending, reply, file))
                    .orElseGet(sending::toAccepted);
        } catch (DeliveryException e) {
            if (!message.written()) {
                file.recipients().save(before); // the server can't have accepted it
            }
            throw e;
        }
        file.recipients().save(after);
        log.debug("Delivery '{}': {}{}", delivery.id(), after, at(file));
        return after;
    }

    private RecipientDelivery refused(RecipientDelivery sending, SmtpReply reply, OutgoingFile file) {
        Refusal refusal = new Refusal(reply.kind(), reply.codes());
        boolean mayChange = reply.kind().remedy() == FailureCode.Remedy.TIME;
        if (mayChange && file.recipients().awaits(sending.key())) {
            return sending.toDeferred(refusal);
        }
        return sending.toRefused(refusal);
    }

    private MailMessage message(SmtpConnection used, MailAddress recipient, OutgoingFile file, LongConsumer sent) {
        try {
            return MailMessage.withFile(
                    used.session(),
                    MessageIds.ofFile(delivery.id(), delivery.envelope().from(), recipient, file),
                    delivery.envelope(),
                    delivery.subject().expand(file),
                    delivery.text().expand(file),
                    file,
                    sent);
        } catch (MessagingException e) {
            // no cause: it names the address
            throw DeliveryException.permanent(delivery.id(), "a message could not be built" + at(file), null);
        }
    }

    /** A new connection if the server has dropped the idle one. */
    private SmtpConnection connected(OutgoingFile file) {
        SmtpConnection current = connection;
        if (current == null || !current.isAlive()) {
            close();
            current = SmtpConnection.open(smtp(), delivery.id(), at(file));
            connection = current;
        }
        return current;
    }

    private SmtpServer smtp() {
        return delivery.envelope().needsUtf8()
                ? delivery.mailServer().smtpWithUtf8()
                : delivery.mailServer().smtp();
    }

    private void checkContent(OutgoingFile file) {
        try {
            long size = Files.size(file.content());
            if (size != file.file().bytes()) {
                throw DeliveryException.of(
                        FailureCode.BYTES_CHANGED,
                        delivery.id(),
                        file.file().path() + " has " + size + " bytes instead of "
                                + file.file().bytes() + at(file),
                        null);
            }
        } catch (IOException e) {
            throw DeliveryException.of(
                    FailureCode.STORE_UNAVAILABLE,
                    delivery.id(),
                    "can't read " + file.file().path() + at(file),
                    e);
        }
    }

    private void checkHeaders(OutgoingFile file) {
        Optional<String> problem = HeaderText.fileNameProblem(file.file().name());
        if (problem.isPresent()) {
            throw DeliveryException.permanent(
                    delivery.id(), "the file can't be attached: its name " + problem.get() + at(file), null);
        }
        if (HeaderText.hasControl(delivery.subject().expand(file))
                || HeaderText.hasControlInLines(delivery.text().expand(file))) {
            throw DeliveryException.permanent(
                    delivery.id(),
                    "the name of the job or of the definition contains a control character, such as a line break"
                            + " (run=" + file.run() + ")",
                    null);
        }
    }

    private void checkSize(SmtpConnection used, OutgoingFile file) {
        used.checkSize(file.file().path(), size(file));
    }

    /** The size of a message, and a little more. */
    private long size(OutgoingFile file) {
        long lines = (file.file().bytes() + BYTES_PER_LINE - 1) / BYTES_PER_LINE;
        long text = delivery.text().expand(file).getBytes(StandardCharsets.UTF_8).length;
        return lines * CHARACTERS_PER_LINE
                + 3 * text
                + HEADERS
                + delivery.envelope().headerLength();
    }

    private DeliveryException incomplete(List<RecipientDelivery> recipients, OutgoingFile file) {
        RecipientReplies replies = new RecipientReplies(recipients.size());
        recipients.forEach(recipient -> recipient
                .refusal()
                .ifPresent(refusal -> replies.add(recipient.number(), SmtpReply.ofCodes(refusal.status()))));
        SmtpReply reply = replies.decisive();
        String toDo = reply.isTransient() ? "" : ": ask the receiver, or correct the recipients";
        return DeliveryException.answered(
                reply.kind(), delivery.id(), reply.codes(), file.file().path() + " " + replies + toDo + at(file), null);
    }

    private static String at(OutgoingFile file) {
        return " (" + file.origin() + ")";
    }

    /** For the ledger, which has no addresses. */
    private String location() {
        return "mail:" + delivery.id() + " (" + delivery.envelope().recipientCount() + ")";
    }
}
