package io.outfeed.ftp.internal.connection;

/** Which side opens data connections. */
public enum DataMode {
    PASSIVE,
    ACTIVE
}
