package io.outfeed.delivery;

import io.outfeed.file.FileName;
import io.outfeed.file.FileNames;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * Delivers files to a destination, which has a stable id; shared by many jobs.
 *
 * <p>An SPI. Immutable and thread-safe: {@link #open(DeliveryResources)} is called by many threads at once. Its {@code
 * toString} must not have a secret.
 */
public interface Delivery {

    /**
     * Returns the id of the destination in the ledger. An interrupted run is finished at the delivery of this id, after
     * a restart too: another destination needs another id.
     *
     * @return the id: a safe name, unique in a job without regard to case
     */
    String id();

    /**
     * Returns whether files are protected in transit and at the destination. A job whose files have
     * {@link io.outfeed.field.FieldMapping#sensitive() sensitive} fields does not build with a plain delivery, not even
     * for copies.
     *
     * @return {@link Protection#PLAIN} by default: a protected delivery must override this
     */
    default Protection protection() {
        return Protection.PLAIN;
    }

    /**
     * Returns what distinguishes this destination from another one that had the same id: a run that has published
     * nothing is planned anew if it differs. Compared only, and never shown.
     *
     * @return the address, the directory and the like, without a secret; the id by default
     */
    default String fingerprint() {
        return id();
    }

    /**
     * Returns the server that this delivery shares with others: the engine limits how many runs are at one at a time.
     *
     * @return the host and port, or the directory, without a secret; the id by default
     */
    default String server() {
        return id();
    }

    /**
     * Returns the account at the server that this delivery shares with others: a refused login stops all of them.
     *
     * @return the user and the server, without a secret; the server by default
     */
    default String login() {
        return server();
    }

    /**
     * Returns the recipients to which each file is sent by a request of its own: one that was refused, and is a
     * recipient no more, is not shown any more.
     *
     * @return their keys, as {@link RecipientDelivery#key} has them; none by default: then those that were refused are
     *     shown until a file is delivered without them
     */
    default Set<String> recipients() {
        return Set.of();
    }

    /**
     * Returns whether the destination takes each file as soon as it is closed, under whatever name. Files are then
     * written under their final names, and closing is the publication: nothing is uploaded before all destinations are
     * ready, and a file whose writing was not answered counts as {@link IfVanished} says.
     *
     * @return false by default
     */
    default boolean takesAtClose() {
        return false;
    }

    /**
     * Returns which names of files the destination keeps as they are. A job whose definitions, archive or control files
     * have {@link FileName#unicode} names does not build with a portable delivery, not even for copies.
     *
     * @return {@link FileNames#PORTABLE} by default
     */
    default FileNames fileNames() {
        return FileNames.PORTABLE;
    }

    /**
     * Returns a link by which a person opens a published file, for mails and pages. Called when the link is shown, and
     * again each time: it may carry a permission that ends, and is never stored or logged.
     *
     * <p>Effects: none. Nothing is connected.
     *
     * @param location where the file appeared, as its receipt says
     * @return an address without a user; empty, the default, if there is none
     */
    default Optional<URI> link(String location) {
        return Optional.empty();
    }

    /**
     * Connects, when the files are staged. All files of a run share the session, which is then closed. The engine calls
     * this method; the default calls {@link #open()}. A delivery that wraps another one passes the resources on.
     *
     * @param shared what the deliveries of the engine share; closed with the engine, after its runs have ended
     * @return the session
     * @throws Exception as {@link #open()}
     */
    default DeliverySession open(DeliveryResources shared) throws Exception {
        return open();
    }

    /**
     * Connects without an engine. Closing the session leaves nothing open: neither a connection nor a thread.
     *
     * @return the session
     * @throws Exception a {@link io.outfeed.error.DeliveryException} that says whether it is retryable; anything else
     *     counts as retryable
     */
    DeliverySession open() throws Exception;
}
