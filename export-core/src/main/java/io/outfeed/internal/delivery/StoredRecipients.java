package io.outfeed.internal.delivery;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientLog;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The recipients of one file of a run: each of their steps is a step of the run. Used by one thread. */
final class StoredRecipients implements RecipientLog {

    private final RunDelivery delivery;
    private final FileDelivery step;
    private ExportRun run;

    StoredRecipients(RunDelivery delivery, ExportRun run, FileDelivery step) {
        this.delivery = delivery;
        this.run = run;
        this.step = step;
    }

    /** Returns the run with the steps of its recipients, saved. */
    ExportRun run() {
        return run;
    }

    @Override
    public Optional<RecipientDelivery> find(String key) {
        return DeliverySteps.current(run, step).recipients().stream()
                .filter(recipient -> recipient.key().equals(key))
                .findFirst();
    }

    /** A recipient that was refused in the run before has had its time: one mailbox does not delay the others daily. */
    @Override
    public boolean awaits(String key) {
        Instant now = delivery.services().clock().instant();
        Instant since = run.failingSince().orElse(now);
        return now.isBefore(since.plus(delivery.job().retryFor()))
                && !refusedBefore(delivery.services(), run, step.delivery()).contains(key);
    }

    @Override
    public void save(RecipientDelivery recipient) {
        run = delivery.ledger().save(DeliverySteps.with(run, step, to -> to.toRecipient(recipient)));
    }

    /** Returns the keys of the recipients that the delivery had refused when a run before has reached it. */
    static Set<String> refusedBefore(RunServices services, ExportRun run, String id) {
        return services.states().refusedRecipients(run.job(), id).stream()
                .map(RecipientDelivery::key)
                .collect(Collectors.toSet());
    }
}
