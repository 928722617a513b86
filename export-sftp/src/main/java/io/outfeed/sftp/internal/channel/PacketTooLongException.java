package io.outfeed.sftp.internal.channel;

import java.io.IOException;

/** The server announces a packet of SFTP that is longer than any: mostly it is text of the account's shell. */
public final class PacketTooLongException extends IOException {

    private static final long serialVersionUID = 1L;

    PacketTooLongException(long length, int limit) {
        super("a packet of " + length + " bytes, at most " + limit + " are allowed");
    }
}
