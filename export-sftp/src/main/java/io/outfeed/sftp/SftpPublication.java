package io.outfeed.sftp;

/** How a file is made visible at an SFTP server. The receipt says what was reached. */
public enum SftpPublication {
    /**
     * By a rename from a temporary name, as good as the server can: one that replaces at once where it offers
     * {@code posix-rename@openssh.com}; else a plain one, before which an old file is removed if it is to be replaced. Where
     * the server knows no rename at all, the file is written under its own name. The default.
     */
    PROBE,
    /**
     * By a rename from a temporary name that leaves no moment without a file. If an old file is to be replaced, and the server
     * does not offer {@code posix-rename@openssh.com}, nothing is uploaded.
     */
    ATOMIC_RENAME,
    /** By a plain rename from a temporary name, even where the server offers more; an old file is removed first. */
    RENAME,
    /**
     * Under its own name from the first byte, for servers where a rename is missing or means something. A receiver may see a
     * part of it. Nothing witnesses what became of an upload whose answer was lost, so it is sent again: at least once.
     */
    DIRECT,
    /**
     * As {@link #DIRECT}, and an empty file of the same name with {@code .done} at the end after it, for receivers that wait
     * for that.
     */
    DIRECT_WITH_DONE_FILE
}
