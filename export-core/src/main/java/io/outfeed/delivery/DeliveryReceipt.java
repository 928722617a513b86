package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

/**
 * What a destination acknowledged.
 *
 * <p>Immutable. It says that the file was accepted, not that it was read.
 *
 * @param location where the file appeared, such as {@code /exports/interactions-12.csv}
 * @param publication how it became visible
 */
public record DeliveryReceipt(String location, Publication publication) {

    /**
     * Checks that nothing is missing.
     *
     * @param location where the file appeared, such as {@code /exports/interactions-12.csv}
     * @param publication how it became visible
     */
    public DeliveryReceipt {
        requireNonNull(location, "location");
        requireNonNull(publication, "publication");
    }
}
