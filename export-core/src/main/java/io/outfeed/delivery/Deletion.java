package io.outfeed.delivery;

/** The result of deleting a delivered file. */
public enum Deletion {
    /** The destination has deleted it. */
    DELETED,
    /** There was no file: a receiver has taken it, or the answer to an earlier deletion was lost. */
    NOT_THERE,
    /** The name has another size, or is no regular file: it is another file, and stays. */
    DIFFERENT,
    /** The destination can't tell, or does not allow it: the file may still be there. */
    NOT_SAID
}
