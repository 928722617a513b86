package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the ledger has of the recipients of a file, for a delivery that sends it to each of them by a request of its
 * own: a recipient that has the file does not get it again, whatever happens to the others.
 *
 * <p>Used by the thread of the session.
 */
public interface RecipientLog {

    /**
     * Returns how far the delivery to a recipient is, by this attempt or an earlier one, in any process.
     *
     * @param key the key of the recipient
     * @return its last step; empty if nothing was sent to it
     */
    Optional<RecipientDelivery> find(String key);

    /**
     * Tells whether the run waits for a recipient that the destination does not serve for now. If not, the recipient
     * is refused: it has been refused before, or the job's {@code retryFor} is over.
     *
     * @param key the key of the recipient
     * @return whether it is tried again
     */
    boolean awaits(String key);

    /**
     * Stores the next step of the delivery to a recipient. Call it before the file is sent to the recipient and after
     * each answer; once it returns, the step outlives a crash.
     *
     * <p>Effects: history a step of the run, file none, delivery none, watermark none.
     *
     * @param recipient the step
     * @throws io.outfeed.error.StoreException if it was not stored: send nothing more
     */
    void save(RecipientDelivery recipient);

    /**
     * Returns a log that is not stored, for deliveries outside of a run.
     *
     * @return an empty log, which awaits every recipient
     */
    static RecipientLog inMemory() {
        return new RecipientLog() {

            private final Map<String, RecipientDelivery> recipients = new HashMap<>();

            @Override
            public Optional<RecipientDelivery> find(String key) {
                return Optional.ofNullable(recipients.get(requireNonNull(key, "key")));
            }

            @Override
            public boolean awaits(String key) {
                return true;
            }

            @Override
            public void save(RecipientDelivery recipient) {
                recipients.put(recipient.key(), recipient);
            }
        };
    }
}
