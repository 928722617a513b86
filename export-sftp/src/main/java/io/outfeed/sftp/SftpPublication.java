package io.outfeed.sftp;

import io.outfeed.sftp.internal.transfer.PublicationMode;

/** How a file is made visible at an SFTP server. The receipt says what was achieved. */
public enum SftpPublication {
    /**
     * By a rename from a temporary name, as good as the server can: one that replaces an old file in one step where the
     * server offers {@code posix-rename@openssh.com}; otherwise a plain one, before which an old file is removed if it
     * is to be replaced. Where the server has no rename at all, the file is written under its final name. The default.
     */
    PROBE(PublicationMode.PROBE),
    /**
     * By a rename from a temporary name that leaves no moment without a file. If an old file is to be replaced, and the
     * server does not offer {@code posix-rename@openssh.com}, nothing is uploaded.
     */
    ATOMIC_RENAME(PublicationMode.ATOMIC_RENAME),
    /** By a plain rename from a temporary name, even where the server offers more; an old file is removed first. */
    RENAME(PublicationMode.RENAME),
    /**
     * Under the final name from the first byte, for servers where a rename is missing or has side effects. A receiver
     * may see a part of the file. An upload whose answer was lost is sent again: delivery is at least once.
     */
    DIRECT(PublicationMode.DIRECT),
    /**
     * As {@link #DIRECT}, followed by an empty file of the same name with {@code .done} at the end, for receivers that
     * wait for it.
     */
    DIRECT_WITH_DONE_FILE(PublicationMode.DIRECT_WITH_DONE_FILE),
    /**
     * Under the final name, for servers that take each file as soon as it is closed, under whatever name. It is not
     * verified after that. If the answer to a write or to the close is lost, the job's {@code ifVanished} decides
     * whether it is sent again. A check of the destination logs in, and uploads nothing.
     */
    TAKEN_AT_CLOSE(PublicationMode.TAKEN_AT_CLOSE);

    private final PublicationMode mode;

    SftpPublication(PublicationMode mode) {
        this.mode = mode;
    }

    PublicationMode mode() {
        return mode;
    }
}
