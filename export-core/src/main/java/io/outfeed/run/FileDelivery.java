package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import java.time.Instant;
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
    private final @Nullable PreparedFile prepared;
    private final @Nullable DeliveryReceipt receipt;
    private final @Nullable Instant publishedAt;
    private final @Nullable WatchRecord watch;
    private final @Nullable FileRemoval removal;

    private FileDelivery(
            String delivery,
            String path,
            DeliveryState state,
            @Nullable PreparedFile prepared,
            @Nullable DeliveryReceipt receipt,
            @Nullable Instant publishedAt,
            @Nullable WatchRecord watch,
            @Nullable FileRemoval removal) {
        this.delivery = requireNonNull(delivery, "delivery");
        this.path = requireNonNull(path, "path");
        this.state = state;
        this.prepared = prepared;
        this.receipt = receipt;
        this.publishedAt = publishedAt;
        this.watch = watch;
        this.removal = removal;
    }

    /**
     * Returns the delivery of a file that was not sent yet.
     *
     * @param delivery the id of the delivery
     * @param path the path of the staged file
     * @return the first step
     */
    public static FileDelivery pending(String delivery, String path) {
        return new FileDelivery(delivery, path, DeliveryState.PENDING, null, null, null, null, null);
    }

    /**
     * Returns the delivery after the file was uploaded under its temporary name.
     *
     * @param prepared the prepared file
     * @return the next step
     */
    public FileDelivery toPrepared(PreparedFile prepared) {
        return new FileDelivery(
                delivery, path, DeliveryState.PREPARED, requireNonNull(prepared, "prepared"), null, null, null, null);
    }

    /**
     * Returns the delivery after the file became visible.
     *
     * @param receipt the receipt of the destination
     * @param at when the file became visible
     * @return the last step
     */
    public FileDelivery toPublished(DeliveryReceipt receipt, Instant at) {
        return new FileDelivery(
                delivery,
                path,
                DeliveryState.PUBLISHED,
                prepared,
                requireNonNull(receipt, "receipt"),
                requireNonNull(at, "at"),
                null,
                null);
    }

    /**
     * Returns the delivery after an inspection of the file.
     *
     * @param watch the result
     * @return the next step
     */
    public FileDelivery toWatched(WatchRecord watch) {
        return new FileDelivery(
                delivery, path, state, prepared, receipt, publishedAt, requireNonNull(watch, "watch"), removal);
    }

    /**
     * Returns the delivery after the retention of the file has ended.
     *
     * @param removal how it ended
     * @return the last step
     */
    public FileDelivery toRetired(FileRemoval removal) {
        return new FileDelivery(
                delivery, path, state, prepared, receipt, publishedAt, watch, requireNonNull(removal, "removal"));
    }

    /**
     * Returns the delivery of a file that is not sent, because the job no longer has the delivery.
     *
     * @return the last step
     */
    public FileDelivery toRemoved() {
        return new FileDelivery(delivery, path, DeliveryState.REMOVED, prepared, null, null, null, null);
    }

    /**
     * Returns the delivery of a file that a person has given up.
     *
     * @return the last step
     */
    public FileDelivery toUnknown() {
        return new FileDelivery(delivery, path, DeliveryState.UNKNOWN, prepared, null, null, null, null);
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
        return state != DeliveryState.PENDING && state != DeliveryState.PREPARED;
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
     * Returns the uploaded file.
     *
     * @return the prepared file; empty while pending
     */
    public Optional<PreparedFile> prepared() {
        return Optional.ofNullable(prepared);
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
                && Objects.equals(prepared, that.prepared)
                && Objects.equals(receipt, that.receipt)
                && Objects.equals(publishedAt, that.publishedAt)
                && Objects.equals(watch, that.watch)
                && Objects.equals(removal, that.removal);
    }

    @Override
    public int hashCode() {
        return Objects.hash(delivery, path, state, prepared, receipt, publishedAt, watch, removal);
    }

    @Override
    public String toString() {
        return path + " at " + delivery + ": " + state;
    }
}
