package io.outfeed.delivery;

/** How a file became visible, which limits what its receipt proves. */
public enum Publication {
    /** It appeared whole, by one rename. */
    ATOMIC,
    /** It appeared whole, but the old file of that name was removed first: for a moment there was no file. */
    NOT_ATOMIC,
    /** It was written under its own name: a receiver may have seen a part of it. */
    DIRECT,
    /** It was written under its own name, followed by an empty file whose name ends with {@code .done}. */
    DONE_FILE,
    /**
     * It appeared whole, by a rename whose answer was lost: the temporary file was gone when the rename was repeated.
     */
    INFERRED,
    /** A mail server has accepted it. Whether the addressee has it is unknown. */
    ACCEPTED
}
