package io.outfeed.http.internal.upload;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientDelivery.State;
import io.outfeed.error.DeliveryException;
import io.outfeed.internal.io.ContentTypes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Posts files to an address, which is the only recipient. A second request may be a second file there: after one whose
 * answer got lost, none is sent unless the receiver carries out the requests of a key once. Each file goes over a
 * connection of its own, since one that was idle may be closed by the server just when a file is sent.
 */
public final class PostSession implements DeliverySession {

    /** What identifies the recipient in the ledger. */
    public static final String RECIPIENT = "receiver";

    private final UploadSettings settings;
    private final UploadFailures failures;

    private PostSession(UploadSettings settings) {
        this.settings = settings;
        this.failures = new UploadFailures(settings);
    }

    /** Opens a session, and proves that the server is there. */
    public static PostSession open(UploadSettings settings) {
        PostSession session = new PostSession(settings);
        try (HttpCalls calls = session.newCalls()) {
            Reach.prove(calls, settings, session.failures);
        }
        return session;
    }

    private HttpCalls newCalls() {
        return new HttpCalls(settings, failures);
    }

    @Override
    public PreparedFile prepare(OutgoingFile file) throws IOException {
        StagedContent.check(file, failures);
        return PreparedFile.direct(settings.target().visible());
    }

    @Override
    public Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws IOException {
        RecipientDelivery before =
                file.recipients().find(RECIPIENT).orElseGet(() -> RecipientDelivery.pending(1, RECIPIENT));
        if (before.accepted()) {
            return Optional.of(receipt(before));
        } else if (before.state() == State.SENDING && prepared.touched() && !settings.keyHonoured()) {
            return Optional.empty();
        }
        UploadBody body = body(file);
        RecipientDelivery sending = before.toSending();
        file.recipients().save(sending);
        UploadAnswer meaning;
        int status;
        String doing = "can't post " + file.file().path() + " to " + settings.target();
        try (HttpCalls calls = newCalls()) {
            status = calls.send(
                            "POST",
                            settings.target().address(),
                            headers(body, file),
                            body,
                            doing,
                            UploadFailures.at(file))
                    .statusCode();
            meaning = settings.answer(status, false);
        } catch (DeliveryException e) {
            if (!body.isWhole()) {
                file.recipients().save(before); // the receiver can't have taken it
            }
            throw e;
        }
        if (meaning == UploadAnswer.TAKEN) {
            RecipientDelivery accepted = accepted(sending);
            file.recipients().save(accepted);
            return Optional.of(receipt(accepted));
        } else if (meaning != UploadAnswer.UNKNOWN) {
            file.recipients().save(before);
        }
        throw failures.answered(doing, status, meaning, UploadFailures.at(file));
    }

    private UploadBody body(OutgoingFile file) throws IOException {
        String contentType =
                settings.contentType() == null ? ContentTypes.of(file.file().name()) : settings.contentType();
        return settings.form() == null
                ? UploadBody.of(file, contentType)
                : UploadBody.inForm(file, contentType, settings.form());
    }

    private Map<String, String> headers(UploadBody body, OutgoingFile file) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", body.contentType());
        headers.put("Content-Digest", body.digest());
        headers.put(settings.keyHeader(), RequestKeys.of(settings.id(), file));
        if (settings.form() == null) {
            headers.put(
                    "Content-Disposition",
                    "attachment; filename=\"" + file.file().name() + "\"");
        }
        return headers;
    }

    /** A second request of the same key gives the receiver no second file. */
    private RecipientDelivery accepted(RecipientDelivery sending) {
        return settings.keyHonoured()
                ? new RecipientDelivery(1, RECIPIENT, State.ACCEPTED, false, Optional.empty())
                : sending.toAccepted();
    }

    private DeliveryReceipt receipt(RecipientDelivery accepted) {
        return new DeliveryReceipt(settings.target().visible(), Publication.ACCEPTED, List.of(accepted));
    }

    @Override
    public void discard(OutgoingFile file) {
        // nothing is kept on the server before it is published
    }

    @Override
    public void close() {
        // each request has closed what it had opened
    }
}
