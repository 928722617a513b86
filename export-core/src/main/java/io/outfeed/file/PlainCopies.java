package io.outfeed.file;

/** Whether a run keeps the plain bytes of files that are encrypted. Files that are only compressed are read back. */
public enum PlainCopies {
    /**
     * Keeps none: what was encrypted can be read by its receivers only, and neither {@link
     * io.outfeed.operation.RunHandle#openPlain} nor a search for a record can. The default.
     */
    NONE,
    /**
     * Keeps a plain copy of each encrypted file next to it, in the directory of the engine and in its spool, as long as
     * the file. It is never delivered.
     */
    KEEP
}
