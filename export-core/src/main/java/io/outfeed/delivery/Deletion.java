package io.outfeed.delivery;

/** What came of the wish to delete a delivered file. */
public enum Deletion {
    /** The destination has deleted it. */
    DELETED,
    /** There was none: a receiver has taken it, or an earlier deletion's answer got lost. */
    NOT_THERE,
    /** What has the name is of another size, or no regular file: it is not ours, and stays. */
    DIFFERENT,
    /** The destination does not tell, or does not allow it: the file may still be there. */
    NOT_SAID
}
