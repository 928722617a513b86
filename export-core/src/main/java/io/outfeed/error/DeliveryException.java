package io.outfeed.error;

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
     * Makes an exception for a failure that trying again may mend: a connection, a time limit, a full disk.
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
     * Makes an exception for a failure that a person must mend: a login, a host key, a missing directory.
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
     * Makes an exception for a name that another file has at the destination. The engine decides what follows, by the
     * file's {@link io.outfeed.file.IfExists}; without more it is a failure that a person must mend.
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
     * Tells whether trying again may help.
     *
     * @return false when a person must mend something first
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
