package io.outfeed.delivery;

/** How a file became visible, and so what the receipt does not promise. */
public enum Publication {
    /** It appeared whole, by one rename. */
    ATOMIC,
    /** It appeared whole, but the old file of that name was removed first: for a moment there was none. */
    NOT_ATOMIC,
    /** It was written under its own name: a receiver may have seen a part of it. */
    DIRECT,
    /** It was written under its own name, and when it was whole an empty file whose name ends with {@code .done}. */
    DONE_FILE,
    /**
     * It appeared whole, by a rename whose answer was lost: the temporary file was gone when the rename was repeated.
     */
    INFERRED,
    /** A mail server took responsibility for it. Whether the addressee has it is not known. */
    ACCEPTED
}
