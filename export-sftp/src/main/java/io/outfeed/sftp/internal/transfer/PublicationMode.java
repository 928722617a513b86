package io.outfeed.sftp.internal.transfer;

/** How a file is made visible. The public enumeration of the same names describes each mode. */
public enum PublicationMode {
    PROBE,
    ATOMIC_RENAME,
    RENAME,
    DIRECT,
    DIRECT_WITH_DONE_FILE,
    TAKEN_AT_CLOSE;

    /** Whether the file is written under its final name, without a temporary one. */
    boolean writesDirectly() {
        return this == DIRECT || this == DIRECT_WITH_DONE_FILE || this == TAKEN_AT_CLOSE;
    }

    /** Whether the file is gone when it is closed, so that it can't be verified. */
    public boolean takesAtClose() {
        return this == TAKEN_AT_CLOSE;
    }

    boolean writesDoneFile() {
        return this == DIRECT_WITH_DONE_FILE;
    }

    boolean requiresAtomicReplace() {
        return this == ATOMIC_RENAME;
    }

    boolean mayReplaceAtomically() {
        return this != RENAME;
    }

    /** Whether the file is written under its final name where the server has no rename. */
    boolean mayFallBackToDirect() {
        return this == PROBE;
    }
}
