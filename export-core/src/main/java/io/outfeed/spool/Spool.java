package io.outfeed.spool;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the bytes of runs where all nodes reach them: staged files, and what a run remembers for the next one. Set by
 * {@code ExportEngine.builder().spool(spool)} on each node alike, where the nodes share a store and no directory: any
 * node can then finish the run of one that is dead, and continue after its last run.
 *
 * <p>An SPI. The directory of an engine stays the place where it works: a file is saved before the ledger says that it
 * is staged, and read by a node that does not have it. The ledger has the size and the SHA-256 of each file, and the
 * engine compares both with what it reads.
 *
 * <p>Files are told apart by run, token and name. A token is given to one attempt of a run and to no other one, so that
 * a node which has lost its lock never writes to or removes what its successor has saved: its token is smaller.
 *
 * <p>Thread-safe: several runs save and read at a time. Methods are called by the threads of runs and of requests, and
 * must be ended by an interrupt. The engine calls none of them twice by itself; a run whose file can't be saved or read
 * waits for its next attempt. No method is called while a source is open.
 */
public interface Spool {

    /**
     * Saves a file. It is durable when this returns, and replaces one of the same run, token and name as a whole: no
     * reader sees a part.
     *
     * @param file what is saved
     * @param content its bytes, read once and to their end before the file is there; not closed
     * @throws Exception if it could not be saved, and also what {@code content} throws: the file is not there then
     */
    void save(SpooledFile file, InputStream content) throws Exception;

    /**
     * Opens a file.
     *
     * @param file what was saved
     * @return its bytes, to be closed by the caller, who may read them slowly; empty if there is no such file
     * @throws Exception if that is not known, or it can't be read
     */
    Optional<InputStream> open(SpooledFile file) throws Exception;

    /**
     * Removes a file. Does nothing if there is no such file.
     *
     * @param file what was saved
     * @throws Exception if it could not be removed; it is removed with its run then
     */
    void delete(SpooledFile file) throws Exception;

    /**
     * Removes the files that attempts of a run have saved, and what is left of saves that failed. Does nothing if there
     * is none.
     *
     * @param run the number of the run
     * @param token that of the last attempt whose files are removed; those of later attempts stay
     * @throws Exception if one could not be removed; the engine tries again later
     */
    void delete(long run, long token) throws Exception;

    /**
     * Lists the attempts that have saved files, or have begun to. By it an engine finds, once a day, what a node has
     * left that died before it could remove it.
     *
     * @param after the last one of the list before; {@link SpooledAttempt#FIRST} for the first list
     * @param limit how many at most, one or more
     * @return the attempts, in their order; fewer than the limit only if there are no more
     * @throws Exception if they can't be listed
     */
    List<SpooledAttempt> attempts(SpooledAttempt after, int limit) throws Exception;
}
