package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a destination acknowledged.
 *
 * <p>Immutable. It says that the file was accepted, not that it was read.
 *
 * @param location where the file appeared, such as {@code /exports/interactions-12.csv}
 * @param publication how it became visible
 * @param repeated whether it was sent again although the first request may have succeeded: the receiver may have it
 *     twice
 * @param recipients what became of each recipient, for a delivery that sends the file to each of them: one or more have
 *     accepted it, the others are refused; else empty
 */
public record DeliveryReceipt(
        String location, Publication publication, boolean repeated, List<RecipientDelivery> recipients) {

    /**
     * Copies the list.
     *
     * @param location where the file appeared, such as {@code /exports/interactions-12.csv}
     * @param publication how it became visible
     * @param repeated whether it was sent again
     * @param recipients what became of each recipient
     */
    public DeliveryReceipt {
        requireNonNull(location, "location");
        requireNonNull(publication, "publication");
        recipients = List.copyOf(recipients);
    }

    /**
     * Makes the receipt of a file without recipients of its own.
     *
     * @param location where the file appeared
     * @param publication how it became visible
     * @param repeated whether it was sent again
     */
    public DeliveryReceipt(String location, Publication publication, boolean repeated) {
        this(location, publication, repeated, List.of());
    }

    /**
     * Makes the receipt of a file that was sent to several recipients: it is repeated where a recipient is.
     *
     * @param location what they are called together; no address
     * @param publication how it became visible
     * @param recipients what became of each
     */
    public DeliveryReceipt(String location, Publication publication, List<RecipientDelivery> recipients) {
        this(location, publication, recipients.stream().anyMatch(RecipientDelivery::repeated), recipients);
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
     * Returns the recipients that do not have the file, since the destination has refused them.
     *
     * @return some of the recipients; mostly none
     */
    public List<RecipientDelivery> refused() {
        return recipients.stream().filter(RecipientDelivery::refused).toList();
    }

    /**
     * Returns the receipt of a file that was sent again.
     *
     * @return another value
     */
    public DeliveryReceipt asRepeated() {
        return new DeliveryReceipt(location, publication, true, recipients);
    }
}
