package io.outfeed.delivery;

/**
 * A way to a destination, with a stable id; shared by many jobs.
 *
 * <p>An SPI. Immutable and thread-safe: {@link #open} is called by many threads at once. Its {@code toString} holds no
 * secret.
 */
public interface Delivery {

    /**
     * Returns what the ledger calls this destination. A run that was interrupted is finished at the delivery of this
     * id, after a restart too: give another destination another id.
     *
     * @return the id: a safe name, unique in a job without regard to case
     */
    String id();

    /**
     * Returns whether what this delivery carries is protected, on the way and where it arrives. A job whose files have
     * {@link io.outfeed.field.FieldMapping#sensitive() sensitive} fields does not build with a plain one, not even as a
     * copy.
     *
     * @return {@link Protection#PLAIN} by default: a delivery of the host's own says itself that it is protected
     */
    default Protection protection() {
        return Protection.PLAIN;
    }

    /**
     * Connects, when the files are staged. All files of a run share the session, which is then closed.
     *
     * @return the session
     * @throws Exception a {@link io.outfeed.error.DeliveryException} that says whether trying again may help; anything
     *     else counts as such a failure
     */
    DeliverySession open() throws Exception;
}
