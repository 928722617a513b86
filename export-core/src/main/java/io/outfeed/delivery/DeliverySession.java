package io.outfeed.delivery;

import java.util.Optional;

/**
 * One connection to a destination. A file gets there in two steps: {@link #prepare} uploads it under a temporary name
 * and {@link #publish} makes it visible.
 *
 * <p>Publishing renames the temporary file, whose name is in the ledger. Before that the engine {@linkplain #inspect
 * inspects} the temporary file and the final name, and stores what it has seen. After a failure, a lost answer or a
 * crash it inspects them again: what has become of the file follows from both. A destination that can't be inspected is
 * believed.
 *
 * <p>An SPI. Used by one thread; if the thread is interrupted, calls should fail soon. Failures are
 * {@link io.outfeed.error.DeliveryException}s, which say whether they are retryable; anything else counts as retryable.
 */
public interface DeliverySession extends AutoCloseable {

    /**
     * Uploads a file under {@link OutgoingFile#temporaryName()} to the directory where it will appear, and verifies the
     * upload. A temporary file of that name is of an earlier try of the same upload: it is removed, or resumed. A
     * destination without rename checks here as far as it can that publishing will succeed.
     *
     * <p>If a file has the final name already, {@link OutgoingFile#ifExists()} decides: with {@code FAIL} and
     * {@code WAIT} this throws {@link io.outfeed.error.DeliveryException#occupied}, with {@code KEEP_BOTH} the file
     * will appear under {@link OutgoingFile#keptBoth()}, and this throws the same where that name is taken too. The
     * final name is chosen here only: the ledger has it before it is used.
     *
     * <p>Success proves that the destination has the bytes, not that they are visible. If the destination has confirmed
     * all bytes, and they are gone when they are verified, this throws
     * {@link io.outfeed.error.FailureCode#TEMPORARY_TAKEN}: the engine uploads once more, and no third time.
     *
     * @param file the file to upload
     * @return the file to publish, for the ledger
     * @throws Exception if the destination does not take the file; nothing is visible to a receiver then
     */
    PreparedFile prepare(OutgoingFile file) throws Exception;

    /**
     * Makes a prepared file visible as a whole. Called again with the same arguments, in another session or after a
     * crash, if an answer was lost; two callers may race, and only one of them may succeed, unless the destination
     * carries out the same request once and answers it twice. If another file has
     * appeared under the name and the temporary file is still there, this throws
     * {@link io.outfeed.error.DeliveryException#occupied}, unless the file replaces others. A destination without
     * rename creates the file, and throws that as well, unless the prepared file is {@link PreparedFile#touched}: then
     * it overwrites what is there.
     *
     * <p>A destination that sends the file to several recipients, each by a request of its own, stores what becomes of
     * each by {@link OutgoingFile#recipients()}: it sends nothing to a recipient that was accepted, and the receipt has
     * all of them. A refused recipient is no failure if another one was accepted.
     *
     * <p>Success proves that the receiver can see the file, not that it has read it.
     *
     * @param prepared the result of {@link #prepare}
     * @param file the file that was uploaded
     * @return the receipt; empty if the temporary file does not exist, or, of a file without one, if it is not known
     *     whether the destination has taken it: the engine knows whether an earlier attempt may have published it
     * @throws Exception if the destination refuses, or no answer came
     */
    Optional<DeliveryReceipt> publish(PreparedFile prepared, OutgoingFile file) throws Exception;

    /**
     * Removes the temporary file of an abandoned upload, if there is one. Never touches a published file, or files of
     * others.
     *
     * @param file the file whose upload is abandoned; its content may be gone
     * @throws Exception if the destination refuses; the file then stays
     */
    void discard(OutgoingFile file) throws Exception;

    /**
     * Inspects what has a name. Called before and after a file is published, for its temporary and its final name; and
     * by the watch, between runs, on a thread of the scheduler, in a separate session.
     *
     * <p>A missing file is sent again, so return {@link Inspection#missing()} only if that is certain: if a
     * permission, a timeout or the server's behavior leaves it open, return {@link Inspection#notSaid()}, the default.
     * Links are not followed. {@link Inspection#present} proves nothing about the content; with the time of
     * modification, or a key of the file that a rename keeps, a published file can be recognized after a lost answer.
     *
     * <p>Effects: file none, delivery none.
     *
     * @param location the destination's path: a final one, as the receipt says, or a temporary one
     * @return what is there
     * @throws Exception if no answer came; treated as {@link Inspection#notSaid()}
     */
    default Inspection inspect(String location) throws Exception {
        return Inspection.notSaid();
    }

    /**
     * Reads a file back, to recognize it where {@link #inspect} does not say enough.
     *
     * <p>Effects: file none, delivery none.
     *
     * @param location the destination's path
     * @return the SHA-256 of its bytes, 64 hexadecimal digits in small letters; empty, the default, if they can't be
     *     read
     * @throws Exception if no answer came; treated as empty
     */
    default Optional<String> sha256(String location) throws Exception {
        return Optional.empty();
    }

    /**
     * Deletes a published file whose retention is over, if it is a regular file of the expected size. Called between
     * runs, on a thread of the scheduler, in a separate session; again if an answer was lost. Never touches anything
     * else, follows no links, and removes no directory. The default returns {@link Deletion#NOT_SAID}.
     *
     * <p>{@link Deletion#DELETED} proves that the name is free, not that no copy is kept.
     *
     * <p>Effects: file gone at the destination, delivery none.
     *
     * @param location where it appeared, as its receipt says
     * @param expectedBytes the exact size
     * @return the result
     * @throws Exception if no answer came; it is tried again later
     */
    default Deletion delete(String location, long expectedBytes) throws Exception {
        return Deletion.NOT_SAID;
    }

    /**
     * Returns what identifies the directory that the delivery writes to, whatever it contains: not its name, nor a
     * time. The engine compares it before each use of the session with what it was before. If it differs, another
     * directory has taken the place of the old one, such as the mount point of a file system that is away: nothing is
     * delivered, no delivered file counts as missing, and the run waits with
     * {@link io.outfeed.error.FailureCode#DESTINATION_CHANGED}.
     *
     * <p>Effects: file none, delivery none.
     *
     * @return such as the number of its inode; empty, the default, if the destination does not say, or if there is no
     *     such directory now
     * @throws Exception if no answer came; the operation fails then
     */
    default Optional<String> directoryKey() throws Exception {
        return Optional.empty();
    }

    /**
     * Tests what only sending a file shows, at a destination without rename. Called by a check of the destination, with
     * a small file that was prepared and is not published; never during a run. What the test makes there, it removes,
     * and its name begins with a dot, so that receivers do not pick it up. The default tests nothing.
     *
     * <p>Effects: file none that stays, delivery none.
     *
     * @param file the file that {@link #prepare} has returned as {@linkplain PreparedFile#direct direct}
     * @throws Exception if a delivery would fail, or if the destination does not do what a receipt would say
     */
    default void check(OutgoingFile file) throws Exception {
        // a destination such as a mailbox keeps what it has taken
    }

    /** Disconnects. An exception is logged and changes nothing. */
    @Override
    void close();
}
