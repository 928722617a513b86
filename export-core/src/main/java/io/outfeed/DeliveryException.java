package io.outfeed;

import org.jspecify.annotations.Nullable;

/**
 * A destination did not take a file.
 *
 * <p>{@link #retryable()} is said by whoever saw the failure, never guessed from a message: a broken connection can be
 * mended by trying again, a refused login can't.
 */
public final class DeliveryException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** The id of the delivery. */
    private final String delivery;

    /** Whether trying again may mend it. */
    private final boolean retryable;

    private DeliveryException(String delivery, boolean retryable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.delivery = delivery;
        this.retryable = retryable;
    }

    /**
     * Makes an exception for a failure that trying again may mend: a connection, a time limit, a full disk.
     *
     * @param delivery the id of the delivery
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException retryable(String delivery, String message, @Nullable Throwable cause) {
        return new DeliveryException(delivery, true, message, cause);
    }

    /**
     * Makes an exception for a failure that a person must mend: a login, a host key, a missing directory.
     *
     * @param delivery the id of the delivery
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException permanent(String delivery, String message, @Nullable Throwable cause) {
        return new DeliveryException(delivery, false, message, cause);
    }

    /**
     * Returns the id of the delivery that failed.
     *
     * @return the id
     */
    public String delivery() {
        return delivery;
    }

    /**
     * Tells whether trying again may help.
     *
     * @return false when a person must mend something first
     */
    public boolean retryable() {
        return retryable;
    }
}
