package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of one file of a run to one destination.
 *
 * <p>Immutable, comparable and thread-safe; each step returns a new value.
 */
public final class FileDelivery {

    private final String delivery;
    private final String path;
    private final DeliveryState state;
    private final long token;
    private final int uploads;
    private final int taken;
    private final boolean repeated;
    private final @Nullable PreparedFile prepared;
    private final @Nullable PublicationRequest request;
    private final @Nullable DeliveryReceipt receipt;
    private final @Nullable Instant publishedAt;
    private final @Nullable WatchRecord watch;
    private final @Nullable FileRemoval removal;
    private final List<RecipientDelivery> recipients;

    private FileDelivery(Values values) {
        this.delivery = values.delivery;
        this.path = values.path;
        this.state = values.state;
        this.token = values.token;
        this.uploads = values.uploads;
        this.taken = values.taken;
        this.repeated = values.repeated;
        this.prepared = values.prepared;
        this.request = values.request;
        this.receipt = values.receipt;
        this.publishedAt = values.publishedAt;
        this.watch = values.watch;
        this.removal = values.removal;
        this.recipients = values.recipients;
    }

    /** The values of a changed copy. */
    private static final class Values {
        private final String delivery;
        private final String path;
        private DeliveryState state;
        private long token;
        private int uploads;
        private int taken;
        private boolean repeated;
        private @Nullable PreparedFile prepared;
        private @Nullable PublicationRequest request;
        private @Nullable DeliveryReceipt receipt;
        private @Nullable Instant publishedAt;
        private @Nullable WatchRecord watch;
        private @Nullable FileRemoval removal;
        private List<RecipientDelivery> recipients = List.of();

        private Values(String delivery, String path) {
            this.delivery = requireNonNull(delivery, "delivery");
            this.path = requireNonNull(path, "path");
            this.state = DeliveryState.PENDING;
        }

        private Values(FileDelivery other, DeliveryState state) {
            delivery = other.delivery;
            path = other.path;
            this.state = state;
            token = other.token;
            uploads = other.uploads;
            taken = other.taken;
            repeated = other.repeated;
            prepared = other.prepared;
            request = other.request;
            receipt = other.receipt;
            publishedAt = other.publishedAt;
            watch = other.watch;
            removal = other.removal;
            recipients = other.recipients;
        }
    }

    /**
     * Returns the delivery of a file that was not sent yet.
     *
     * @param delivery the id of the delivery
     * @param path the path of the staged file
     * @return the first step
     */
    public static FileDelivery pending(String delivery, String path) {
        return new FileDelivery(new Values(delivery, path));
    }

    /**
     * Returns the delivery of a file with its uploads, as it was stored; called by stores.
     *
     * @param delivery the id of the delivery
     * @param path the path of the staged file
     * @param token the fencing token of the last upload; 0 if there is none, or if it is known to be gone
     * @param uploads how many uploads were begun
     * @param taken how many of them were taken
     * @param repeated whether the file is sent again
     * @return the step before the file was uploaded
     */
    public static FileDelivery restored(
            String delivery, String path, long token, int uploads, int taken, boolean repeated) {
        Values values = new Values(delivery, path);
        values.state = token == 0 ? DeliveryState.PENDING : DeliveryState.UPLOADING;
        values.token = token;
        values.uploads = uploads;
        values.taken = taken;
        values.repeated = repeated;
        return new FileDelivery(values);
    }

    /**
     * Returns the delivery before an upload under a new temporary name begins.
     *
     * @param token the fencing token of the lock under which the file is uploaded
     * @return the next step
     */
    public FileDelivery toUploading(long token) {
        Values next = new Values(this, DeliveryState.UPLOADING);
        next.token = token;
        next.uploads = uploads + 1;
        next.prepared = null;
        next.request = null;
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery after the file was uploaded under its temporary name.
     *
     * @param prepared the prepared file
     * @return the next step
     */
    public FileDelivery toPrepared(PreparedFile prepared) {
        Values next = new Values(this, DeliveryState.PREPARED);
        next.prepared = requireNonNull(prepared, "prepared");
        next.request = null;
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery with the request that makes the file visible.
     *
     * @param request the request, with or without its answer
     * @return the next step
     */
    public FileDelivery toRequested(PublicationRequest request) {
        Values next = new Values(this, state);
        next.request = requireNonNull(request, "request");
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery without its request, which was certainly not sent.
     *
     * @return the step before
     */
    public FileDelivery toNotRequested() {
        Values next = new Values(this, state);
        next.request = null;
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery without its upload, which is gone or was removed.
     *
     * @return the first step, with the number of uploads
     */
    public FileDelivery toPending() {
        Values next = new Values(delivery, path);
        next.uploads = uploads;
        next.taken = taken;
        next.repeated = repeated;
        next.recipients = recipients;
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery after something has taken its upload, before it was to become visible.
     *
     * @param taken how many uploads were taken by now; 0 once a person has asked to go on
     * @return the first step
     */
    public FileDelivery toTaken(int taken) {
        Values next = new Values(toPending(), DeliveryState.PENDING);
        next.taken = taken;
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery of a file that is sent again, although it is not known whether it became visible before.
     *
     * @return the first step
     */
    public FileDelivery toRepeated() {
        Values next = new Values(toPending(), DeliveryState.PENDING);
        next.repeated = true;
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery after a step of one of its recipients.
     *
     * @param recipient the step; replaces the one before of the same key
     * @return the next step
     */
    public FileDelivery toRecipient(RecipientDelivery recipient) {
        List<RecipientDelivery> changed = new ArrayList<>(recipients);
        changed.replaceAll(candidate -> candidate.key().equals(recipient.key()) ? recipient : candidate);
        if (!changed.contains(recipient)) {
            changed.add(recipient);
        }
        Values next = new Values(this, state);
        next.recipients = List.copyOf(changed);
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery after the file became visible.
     *
     * @param receipt the receipt of the destination
     * @param at when the file became visible
     * @return the last step
     */
    public FileDelivery toPublished(DeliveryReceipt receipt, Instant at) {
        Values next = new Values(this, DeliveryState.PUBLISHED);
        next.request = null;
        next.recipients = receipt.recipients();
        next.receipt = requireNonNull(receipt, "receipt");
        next.publishedAt = requireNonNull(at, "at");
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery after an inspection of the file.
     *
     * @param watch the result
     * @return the next step
     */
    public FileDelivery toWatched(WatchRecord watch) {
        Values next = new Values(this, state);
        next.watch = requireNonNull(watch, "watch");
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery after the retention of the file has ended.
     *
     * @param removal how it ended
     * @return the last step
     */
    public FileDelivery toRetired(FileRemoval removal) {
        Values next = new Values(this, state);
        next.removal = requireNonNull(removal, "removal");
        return new FileDelivery(next);
    }

    /**
     * Returns the delivery of a file that is not sent, because the job no longer has the delivery.
     *
     * @return the last step
     */
    public FileDelivery toRemoved() {
        return new FileDelivery(new Values(this, DeliveryState.REMOVED));
    }

    /**
     * Returns the delivery of a file that a person has given up.
     *
     * @return the last step
     */
    public FileDelivery toUnknown() {
        return new FileDelivery(new Values(this, DeliveryState.UNKNOWN));
    }

    /**
     * Returns the destination.
     *
     * @return the id of the delivery
     */
    public String delivery() {
        return delivery;
    }

    /**
     * Returns the file.
     *
     * @return the path of the staged file
     */
    public String path() {
        return path;
    }

    /**
     * Returns the state.
     *
     * @return the state
     */
    public DeliveryState state() {
        return state;
    }

    /**
     * Tells whether nothing is left to do.
     *
     * @return whether the file is published or given up
     */
    public boolean settled() {
        return state != DeliveryState.PENDING && state != DeliveryState.UPLOADING && state != DeliveryState.PREPARED;
    }

    /**
     * Tells whether the file is at the destination as far as the ledger knows: it was published to a destination with
     * files, not by mail, and its retention has not ended. A receiver may have taken it.
     *
     * @return whether it may be there
     */
    public boolean remains() {
        return receipt != null && receipt.publication() != Publication.ACCEPTED && removal == null;
    }

    /**
     * Tells whether the file counts as taken, {@link Publication#ASSUMED}: what has its name at the destination is not
     * known to be this file. It is not watched, and retention does not delete it.
     *
     * @return whether it was not recognized there
     */
    public boolean assumed() {
        return receipt != null && receipt.publication() == Publication.ASSUMED;
    }

    /**
     * Returns the fencing token of the lock under which the file was uploaded last.
     *
     * @return the token; 0 if no upload was begun
     */
    public long token() {
        return token;
    }

    /**
     * Returns how many uploads were begun, each under a temporary name of its own.
     *
     * @return zero or more
     */
    public int uploads() {
        return uploads;
    }

    /**
     * Returns how many uploads were gone in the session that had made them, before they were to become visible:
     * something at the destination takes every name.
     *
     * @return zero or more
     */
    public int taken() {
        return taken;
    }

    /**
     * Tells whether the file is sent again, although it is not known whether it became visible before.
     *
     * @return whether its receipt will say that it was repeated
     */
    public boolean repeated() {
        return repeated;
    }

    /**
     * Returns the request that makes the uploaded file visible, once it is about to be sent.
     *
     * @return the request; empty before it is stored, and once the file is published
     */
    public Optional<PublicationRequest> request() {
        return Optional.ofNullable(request);
    }

    /**
     * Returns the uploaded file.
     *
     * @return the prepared file; empty while pending
     */
    public Optional<PreparedFile> prepared() {
        return Optional.ofNullable(prepared);
    }

    /**
     * Returns what is known of its recipients, if the delivery sends the file to each of them.
     *
     * @return those to which something was sent; once it is published, those of its receipt
     */
    public List<RecipientDelivery> recipients() {
        return recipients;
    }

    /**
     * Returns the receipt of the destination.
     *
     * @return the receipt; empty unless published
     */
    public Optional<DeliveryReceipt> receipt() {
        return Optional.ofNullable(receipt);
    }

    /**
     * Returns when the destination acknowledged it, by the engine's clock.
     *
     * @return the time; empty unless published
     */
    public Optional<Instant> publishedAt() {
        return Optional.ofNullable(publishedAt);
    }

    /**
     * Returns the results of its inspections, if the job has a watch.
     *
     * @return the record; empty before the first inspection
     */
    public Optional<WatchRecord> watch() {
        return Optional.ofNullable(watch);
    }

    /**
     * Returns how retention ended for it, if the job has one.
     *
     * @return the removal; empty until its retention has ended
     */
    public Optional<FileRemoval> removal() {
        return Optional.ofNullable(removal);
    }

    /**
     * Returns when retention deleted it at the destination, by the engine's clock.
     *
     * @return the time; empty unless it was deleted
     */
    public Optional<Instant> deletedAt() {
        return removal()
                .filter(end -> end.outcome() == FileRemoval.Outcome.DELETED)
                .map(FileRemoval::at);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileDelivery that
                && delivery.equals(that.delivery)
                && path.equals(that.path)
                && state == that.state
                && token == that.token
                && uploads == that.uploads
                && taken == that.taken
                && repeated == that.repeated
                && Objects.equals(request, that.request)
                && Objects.equals(prepared, that.prepared)
                && Objects.equals(receipt, that.receipt)
                && Objects.equals(publishedAt, that.publishedAt)
                && Objects.equals(watch, that.watch)
                && Objects.equals(removal, that.removal)
                && recipients.equals(that.recipients);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                delivery,
                path,
                state,
                token,
                uploads,
                taken,
                repeated,
                prepared,
                request,
                receipt,
                publishedAt,
                watch,
                removal,
                recipients);
    }

    @Override
    public String toString() {
        return path + " at " + delivery + ": " + state;
    }
}
