package io.outfeed.ftp.internal.connection;

import java.io.IOException;

/**
 * A server has refused a command; the connection is intact, unless the code is 421. The text of the answer is left out:
 * it may quote names.
 */
public final class RefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The server closes the connection. */
    static final int CLOSING = 421;

    private final int code;

    RefusedException(int code) {
        super("the server answered " + code);
        this.code = code;
    }

    /** The code of the answer, 400 to 599 unless the server breaks the protocol. */
    public int code() {
        return code;
    }

    /** The code of an answer that refuses; zero for another failure. */
    public static int codeOf(IOException e) {
        return e instanceof RefusedException refused ? refused.code : 0;
    }

    /** Whether the server has answered, so that the connection is intact. */
    public static boolean isAnswer(IOException e) {
        return e instanceof RefusedException refused && refused.code != CLOSING;
    }

    /** Whether the answer is 550: a file is not there, or not to be had. */
    public static boolean isUnavailable(IOException e) {
        return codeOf(e) == 550;
    }
}
