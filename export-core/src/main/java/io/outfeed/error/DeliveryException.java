package io.outfeed.error;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if a destination does not take a file.
 *
 * <p>The code that detects a failure decides whether it is {@link #retryable()}, never a guess from a message: a retry
 * may help after a broken connection, but not after a refused login.
 */
public final class DeliveryException extends ExportException {

    private static final long serialVersionUID = 1L;

    /** The id of the delivery. */
    private final String delivery;

    /** Whether a retry may help. */
    private final boolean retryable;

    /** Whether another file has the name. */
    private final boolean occupied;

    private DeliveryException(
            String delivery, boolean retryable, boolean occupied, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.delivery = delivery;
        this.retryable = retryable;
        this.occupied = occupied;
    }

    /**
     * Creates an exception for a failure that a retry may overcome: a broken connection, a timeout, a full disk.
     *
     * @param delivery the id of the delivery
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException retryable(String delivery, String message, @Nullable Throwable cause) {
        return new DeliveryException(delivery, true, false, message, cause);
    }

    /**
     * Creates an exception for a failure that a person must correct: a login, a host key, a missing directory.
     *
     * @param delivery the id of the delivery
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException permanent(String delivery, String message, @Nullable Throwable cause) {
        return new DeliveryException(delivery, false, false, message, cause);
    }

    /**
     * Creates an exception for a name that another file has at the destination. The file's
     * {@link io.outfeed.file.IfExists} decides what the engine does; with {@code FAIL} it is a permanent failure.
     *
     * @param delivery the id of the delivery
     * @param message which name is taken and what to do next
     * @return the exception, to throw
     */
    public static DeliveryException occupied(String delivery, String message) {
        return new DeliveryException(delivery, false, true, message, null);
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
     * Tells whether a retry may help.
     *
     * @return false if a person must correct something first
     */
    public boolean retryable() {
        return retryable;
    }

    /**
     * Tells whether the destination has another file of that name.
     *
     * @return true only if it was seen there
     */
    public boolean occupied() {
        return occupied;
    }
}
