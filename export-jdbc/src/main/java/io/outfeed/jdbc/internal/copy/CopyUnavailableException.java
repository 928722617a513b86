package io.outfeed.jdbc.internal.copy;

/** COPY can't read a query, and a cursor can. The message says why, as a clause. */
public final class CopyUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    public CopyUnavailableException(String reason) {
        super(reason);
    }

    /** Why, as a clause. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
