package io.outfeed.file;

/** The purpose of a file of a run. */
public enum FileRole {
    /** It has the records of a definition. */
    DATA,
    /** It contains the data files of the run, and is delivered instead of them. */
    ARCHIVE,
    /**
     * It lists the data files of the run, or the archive and its entries, with their sizes and hashes, and is published
     * after them.
     */
    MANIFEST,
    /** It describes the data files and their columns to a program, and is published after them. */
    DATA_PACKAGE,
    /** It has the SHA-256 of files, for {@code sha256sum -c}, and is published after them. */
    CHECKSUM,
    /** It is empty; its presence shows that all files before it are there. */
    DONE
}
