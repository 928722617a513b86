package io.outfeed.ftp.internal.socket;

import java.io.IOException;

/** A server has sent more than a reply can have. */
public final class ReplyTooLongException extends IOException {

    private static final long serialVersionUID = 1L;

    ReplyTooLongException() {
        super("a reply of more than " + ControlSocket.LONGEST_REPLY / 1024 + " KiB");
    }
}
