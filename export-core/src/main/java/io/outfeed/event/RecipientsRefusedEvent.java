package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.run.ExportRun;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A destination has begun to refuse some of a delivery's recipients: they do not have the files of the run, the others
 * do. Later runs try these recipients once each; the event is published again only for recipients that were accepted
 * meanwhile, or refused for the first time.
 *
 * <p>Immutable. Recipients are numbers and keys, never addresses.
 *
 * @param run the run as the store has it, all its records included
 * @param delivery the id of the delivery
 * @param recipients those that the destination has accepted before, or that are new; one or more
 */
public record RecipientsRefusedEvent(ExportRun run, String delivery, List<RecipientDelivery> recipients)
        implements ExportEvent {

    /**
     * Copies the list.
     *
     * @param run the run as the store has it, all its records included
     * @param delivery the id of the delivery
     * @param recipients those that the destination has begun to refuse
     */
    public RecipientsRefusedEvent {
        requireNonNull(run, "run");
        requireNonNull(delivery, "delivery");
        recipients = List.copyOf(recipients);
    }

    /** True. */
    @Override
    public boolean alarm() {
        return true;
    }

    /** One line for a person: the recipients by their numbers, and what the destination has answered. */
    @Override
    public String toString() {
        return "delivery '" + delivery + "' refuses "
                + recipients.stream().map(RecipientDelivery::toString).collect(Collectors.joining("; "))
                + ": the other recipients have the files, and later runs deliver without waiting for these (job="
                + run.job() + ", run=" + run.number() + ")";
    }
}
