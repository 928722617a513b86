package io.outfeed.sftp.internal.socket;

import java.io.IOException;

/** The server has sent much, and no line that identifies it as a server of SSH. */
public final class IdentificationTooLongException extends IOException {

    private static final long serialVersionUID = 1L;

    IdentificationTooLongException(int limit) {
        super("more than " + limit + " bytes before the end of the identification");
    }
}
