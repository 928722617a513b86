package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

/**
 * What a destination acknowledged.
 *
 * <p>Immutable. It says that the file was accepted, not that it was read.
 *
 * @param location where the file appeared, such as {@code /exports/interactions-12.csv}
 * @param publication how it became visible
 * @param repeated whether it was sent again although the first request may have succeeded: the receiver may have it
 *     twice
 */
public record DeliveryReceipt(String location, Publication publication, boolean repeated) {

    /**
     * Checks that nothing is missing.
     *
     * @param location where the file appeared, such as {@code /exports/interactions-12.csv}
     * @param publication how it became visible
     * @param repeated whether it was sent again
     */
    public DeliveryReceipt {
        requireNonNull(location, "location");
        requireNonNull(publication, "publication");
    }

    /**
     * Makes the receipt of a file that was sent once.
     *
     * @param location where the file appeared
     * @param publication how it became visible
     */
    public DeliveryReceipt(String location, Publication publication) {
        this(location, publication, false);
    }

    /**
     * Returns the receipt of a file that was sent again.
     *
     * @return another value
     */
    public DeliveryReceipt asRepeated() {
        return new DeliveryReceipt(location, publication, true);
    }
}
