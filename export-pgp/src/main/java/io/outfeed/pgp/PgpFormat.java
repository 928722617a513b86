package io.outfeed.pgp;

/** How an encrypted file is written. */
public enum PgpFormat {
    /** As binary data, with the ending {@code .pgp}. The default. */
    BINARY,
    /** As lines of ASCII characters, with the ending {@code .asc}: a third larger, for receivers that need text. */
    ARMORED
}
