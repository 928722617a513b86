package io.outfeed.error;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
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

    /** The kind of failure. */
    private final FailureCode code;

    /** What the server answered. */
    private final @Nullable String status;

    private DeliveryException(
            FailureCode code, String delivery, String message, @Nullable String status, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.delivery = delivery;
        this.status = status;
    }

    /**
     * Creates an exception of a kind, which decides whether a retry may help.
     *
     * @param code the kind of failure
     * @param delivery the id of the delivery
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException of(FailureCode code, String delivery, String message, @Nullable Throwable cause) {
        return new DeliveryException(requireNonNull(code, "code"), delivery, message, null, cause);
    }

    /**
     * Creates an exception for an answer of a server, whose status the run's history has.
     *
     * @param code the kind of failure
     * @param delivery the id of the delivery
     * @param status the status in the server's protocol, such as {@code SSH_FX_PERMISSION_DENIED} or {@code 550
     *     5.1.1}; never the text of the answer, which may quote a name or an address
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException answered(
            FailureCode code, String delivery, String status, String message, @Nullable Throwable cause) {
        return new DeliveryException(
                requireNonNull(code, "code"), delivery, message, requireNonNull(status, "status"), cause);
    }

    /**
     * Creates an exception for a failure of no better known kind that a retry may overcome: a broken connection, a
     * timeout.
     *
     * @param delivery the id of the delivery
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException retryable(String delivery, String message, @Nullable Throwable cause) {
        return of(FailureCode.DESTINATION_UNAVAILABLE, delivery, message, cause);
    }

    /**
     * Creates an exception for a failure of no better known kind that a person must correct.
     *
     * @param delivery the id of the delivery
     * @param message what failed and what to do next
     * @param cause what led to it, or null
     * @return the exception, to throw
     */
    public static DeliveryException permanent(String delivery, String message, @Nullable Throwable cause) {
        return of(FailureCode.DESTINATION_REFUSED, delivery, message, cause);
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
        return of(FailureCode.NAME_OCCUPIED, delivery, message, null);
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
     * Returns what the server answered, without its text.
     *
     * @return a status of the server's protocol, such as {@code SSH_FX_FAILURE}; empty if there was no answer
     */
    public Optional<String> status() {
        return Optional.ofNullable(status);
    }

    /**
     * Tells whether a retry may help.
     *
     * @return false if a person must correct something first
     */
    public boolean retryable() {
        return code.remedy() == FailureCode.Remedy.TIME;
    }

    /**
     * Tells whether the destination has another file of that name.
     *
     * @return true only if it was seen there
     */
    public boolean occupied() {
        return code == FailureCode.NAME_OCCUPIED;
    }

    @Override
    public FailureCode code() {
        return code;
    }
}
