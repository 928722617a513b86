package io.outfeed.delivery;

import java.util.Optional;

/**
 * One connection to a destination. A file gets there in two steps: {@link #prepare} uploads it under a temporary name
 * and {@link #publish} makes it visible.
 *
 * <p>Publishing is the rename of the temporary name that the ledger holds, so the temporary file is the witness: after
 * a lost answer or a crash the rename is simply repeated, and "no such file" then means that it had happened.
 *
 * <p>An SPI. Used by one thread, which may be interrupted: give up soon then. Failures are
 * {@link io.outfeed.error.DeliveryException}s, which say whether trying again may help; anything else counts as one
 * that may.
 */
public interface DeliverySession extends AutoCloseable {

    /**
     * Uploads a file under {@link OutgoingFile#temporaryName()} in the directory where it will appear, and verifies
     * what arrived. A temporary file of that name from an attempt before is written anew. A destination without rename
     * does here what it can to make sure that publishing will succeed.
     *
     * <p>What has the final name already is treated by {@link OutgoingFile#ifExists()}: with {@code FAIL} and
     * {@code WAIT} it is a {@link io.outfeed.error.DeliveryException#occupied}, with {@code KEEP_BOTH} the file will
     * appear under {@link OutgoingFile#keptBoth()}. The name is chosen here and nowhere else: the ledger has it before
     * it is used.
     *
     * <p>Success proves that the destination has the bytes, not that anybody can see them.
     *
     * @param file what to upload
     * @return what to publish, for the ledger
     * @throws Exception if the destination does not take the file; nothing is visible to a receiver then
     */
    PreparedFile prepare(OutgoingFile file) throws Exception;

    /**
     * Makes a prepared file visible, whole. Called again with the same arguments, in another session or after a crash,
     * when an answer was lost; two callers may race, and only one of them may succeed. A file that has appeared under
     * the name since is a {@link io.outfeed.error.DeliveryException#occupied} if the temporary file is still there,
     * unless this one replaces it.
     *
     * <p>Success proves that the receiver can see the file, not that it has read it.
     *
     * @param prepared what {@link #prepare} gave
     * @param file what was uploaded
     * @return the receipt; or empty if the temporary file is not there: an earlier attempt, or another owner, has
     *     published it, and the engine knows whether that can be
     * @throws Exception if the destination refuses, or no answer came
     */
    Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception;

    /**
     * Removes the temporary file of an upload that is given up. Nothing happens if there is none. Never touches a
     * published file, nor anything of others.
     *
     * @param file what was, or was to be, uploaded; its content may be gone
     * @throws Exception if the destination refuses; the file then stays
     */
    void discard(OutgoingFile file) throws Exception;

    /**
     * Looks whether a published file is still there. Called by the watch, between runs, on a thread of the scheduler,
     * in a session of its own.
     *
     * <p>"Missing" leads to another copy of the file, so say it only when it is certain: what a permission, a time
     * limit or a server's ways leave open is {@link Inspection#notSaid()}, which is what a destination answers that
     * does not implement this. Links are not followed. "Present" proves nothing about the content.
     *
     * <p>Effects: file none, delivery none.
     *
     * @param location where it appeared, as its receipt says
     * @return what is there
     * @throws Exception if no answer came; the file counts as not said
     */
    default Inspection inspect(String location) throws Exception {
        return Inspection.notSaid();
    }

    /**
     * Deletes a published file whose retention is over, if it is a regular file of the expected size. Called between
     * runs, on a thread of the scheduler, in a session of its own; again when an answer was lost. Never touches
     * anything else, follows no links, and removes no directory. A destination that does not implement this answers
     * {@link Deletion#NOT_SAID}.
     *
     * <p>{@link Deletion#DELETED} proves that the name is free, not that no copy is kept.
     *
     * <p>Effects: file gone at the destination, delivery none.
     *
     * @param location where it appeared, as its receipt says
     * @param expectedBytes the exact size
     * @return what came of it
     * @throws Exception if no answer came; it is tried again later
     */
    default Deletion delete(String location, long expectedBytes) throws Exception {
        return Deletion.NOT_SAID;
    }

    /** Disconnects. What it throws is logged and changes nothing. */
    @Override
    void close();
}
