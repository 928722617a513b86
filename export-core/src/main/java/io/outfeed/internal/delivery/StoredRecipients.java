package io.outfeed.internal.delivery;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientLog;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.store.ExportStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The recipients of one file of a run: each of their steps is a step of the run. Used by one thread. */
final class StoredRecipients implements RecipientLog {

    /** How many runs are read at most to find the last one that has reached the delivery. */
    private static final int RUNS = 20;

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
                && !refusedBefore(delivery.services().store(), run, step.delivery())
                        .contains(key);
    }

    @Override
    public void save(RecipientDelivery recipient) {
        run = delivery.ledger().save(DeliverySteps.with(run, step, to -> to.toRecipient(recipient)));
    }

    /** Returns the keys of the recipients that were refused in the last run before that has reached a delivery. */
    static Set<String> refusedBefore(ExportStore store, ExportRun run, String id) {
        RunQuery before = RunQuery.ofJob(run.job())
                .status(RunStatus.COMMITTED)
                .below(run.number())
                .limit(RUNS);
        return store.runs(before).stream()
                .filter(candidate -> DeliverySteps.ofDelivery(candidate, id).stream()
                        .anyMatch(file -> !file.recipients().isEmpty()))
                .findFirst()
                .map(candidate -> candidate.refusedRecipients().getOrDefault(id, List.of()).stream()
                        .map(RecipientDelivery::key)
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }
}
