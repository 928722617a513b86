package io.outfeed.ftp.internal.connection;

import java.io.IOException;

/** A server has sent what is no reply of FTP. What it sent is left out. */
final class MalformedReplyException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedReplyException() {
        super("the server sent what is no reply of FTP");
    }
}
