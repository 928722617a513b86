package io.outfeed.delivery;

/** How a file became visible, which limits what its receipt proves. */
public enum Publication {
    /** It appeared whole, by one rename, or by one request on the condition that no other file is replaced unseen. */
    ATOMIC,
    /** It appeared whole, but the old file of that name was removed first: for a moment there was no file. */
    NOT_ATOMIC,
    /**
     * It was written under its own name: a receiver may have seen a part of it, or it may have replaced a file that
     * appeared in the same moment.
     */
    DIRECT,
    /** It was written under its own name, followed by an empty file whose name ends with {@code .done}. */
    DONE_FILE,
    /** It appeared by one rename, as the destination has acknowledged; whether its old name is free was not said. */
    ACKNOWLEDGED,
    /**
     * It appeared whole, by a rename or another request that failed or whose answer was lost: the file under the final
     * name has the identity of the temporary file, which is gone, or says that the run has written it.
     */
    INFERRED,
    /**
     * It probably appeared, by a rename that failed or whose answer was lost: the temporary file is gone, and no file
     * that can be recognized has the final name. A receiver may have taken it. The run is {@code unconfirmed()} until
     * a person has found out.
     */
    ASSUMED,
    /** A mail server, or an address that takes files, has accepted it. Whether the addressee has read it is unknown. */
    ACCEPTED
}
