package io.outfeed.file;

/** What a file of a run is for. */
public enum FileRole {
    /** It has the records of a definition. */
    DATA,
    /** It has the data files of the run in it, and stands for all of them. */
    ARCHIVE,
    /**
     * It lists the data files of the run, or the archive and its entries, with their sizes and hashes, and is published
     * after them.
     */
    MANIFEST,
    /** It is empty, and says by being there that everything before it is there. */
    DONE
}
