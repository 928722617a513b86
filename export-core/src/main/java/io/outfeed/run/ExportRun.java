package io.outfeed.run;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Window;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One execution of a job, as the ledger has it: trigger, windows, files, deliveries, outcome.
 *
 * <p>Immutable: a run that is read again later is another value. Made by the engine, and read back by
 * {@link io.outfeed.store.RunStep}; not to be implemented, except for fakes in tests.
 */
public interface ExportRun {

    /**
     * Returns the number, which no other run of the store has or will have.
     *
     * @return one or more
     */
    long number();

    /**
     * Returns the job.
     *
     * @return the name of the job
     */
    String job();

    /**
     * Returns why it was started.
     *
     * @return the trigger
     */
    Trigger trigger();

    /**
     * Returns the fire time that it runs for: the latest one when it was planned last.
     *
     * @return the fire time; empty unless the trigger is {@link Trigger#SCHEDULED}
     */
    Optional<Instant> fireTime();

    /**
     * Returns the fire times that it covers: its own, those that passed before it, and those that passed while it
     * waited.
     *
     * @return the fire times; empty for a run on request during whose attempts none has passed
     */
    Optional<CoveredFires> coveredFires();

    /**
     * Returns when it was started, by the engine's clock.
     *
     * @return when it was started
     */
    Instant startedAt();

    /**
     * Returns when it ended, by the engine's clock.
     *
     * @return when it ended; empty while it has not
     */
    Optional<Instant> endedAt();

    /**
     * Returns the status.
     *
     * @return the status
     */
    RunStatus status();

    /**
     * Tells whether a receiver may have seen a part of it: {@link RunStatus#PUBLISHING} was stored before the first
     * file could become visible. From then on only its own bytes are sent, and it can't be cancelled or discarded.
     *
     * @return whether it has been publishing, whatever its status is now
     */
    boolean publishing();

    /**
     * Returns what it waits for.
     *
     * @return the cause, and when its next attempt begins; empty unless the status is {@link RunStatus#WAITING}
     */
    Optional<Waiting> waiting();

    /**
     * Returns why it was skipped.
     *
     * @return the reason; empty unless the status is {@link RunStatus#SKIPPED}
     */
    Optional<SkipReason> skipReason();

    /**
     * Returns how its files are laid out, of the definitions whose files are laid out otherwise than before, and of
     * those that had no file before.
     *
     * @return the layouts with what has changed; mostly empty
     */
    List<RunLayout> layouts();

    /**
     * Tells whether a person has released it after it was held: its bytes stay, whatever happens to the job.
     *
     * @return whether it was released
     */
    boolean released();

    /**
     * Tells whether one of its files counts as taken without a proof that it has arrived,
     * {@link io.outfeed.delivery.Publication#ASSUMED}, and no person has
     * {@linkplain io.outfeed.operation.RunHandle#acknowledge acknowledged} it. Until then its bytes and history are
     * kept, whatever {@code keepHistory} and the job's retention say.
     *
     * @return whether a person should ask the receiver
     */
    boolean unconfirmed();

    /**
     * Returns the fencing token of the lock of its latest attempt.
     *
     * @return the token
     */
    long token();

    /**
     * Returns its attempts: of many only the first 5 and the last 20.
     *
     * @return the attempts, oldest first; empty for a run that was never tried
     */
    List<Attempt> attempts();

    /**
     * Returns how many attempts it had.
     *
     * @return zero or more
     */
    int attemptCount();

    /**
     * Returns since when it fails: when the first failed attempt ended.
     *
     * @return the time, by the engine's clock; empty if no attempt has failed
     */
    Optional<Instant> failingSince();

    /**
     * Returns the positions of the job when it was staged: the commit compares them with those of the store.
     *
     * @return the positions; empty until it is staged, and for a run that moves none
     */
    Optional<JobPositions> expectedPositions();

    /**
     * Returns a fingerprint of what the job declared when it was planned: fields, queries, parameters, deliveries.
     *
     * @return a text that is compared only; empty for runs that are not planned anew
     */
    String fingerprint();

    /**
     * Returns the origin of the clock that has planned its windows: the moment at which the monotonic time of the
     * machine was zero, as that clock says. Runs of one machine, between two starts of it, have the same origin unless
     * the clock was set: later if it was set forward, earlier if back.
     *
     * @return a time that is compared only; empty if nothing was planned, or if the clock has no monotonic time
     */
    Optional<Instant> clockOrigin();

    /**
     * Returns the temporary files that it may have left at destinations.
     *
     * @return those that are not known to be gone
     */
    List<Litter> litter();

    /**
     * Returns the windows that it covers.
     *
     * @return the window of each definition, by name, in the order of the job
     */
    Map<String, Window> windows();

    /**
     * Returns the planned destinations: later changes of the job add none.
     *
     * @return the ids of the deliveries, in order
     */
    List<String> deliveryIds();

    /**
     * Returns what its delivery does with an existing file of the same name.
     *
     * @return the choice of a redelivery; empty if each definition's {@link io.outfeed.file.FileSpec#ifExists} says it
     */
    Optional<IfExists> existing();

    /**
     * Returns the receiver's gap-free number.
     *
     * @return the last committed one and one more; empty if the run publishes no file
     */
    OptionalLong sequence();

    /**
     * Returns the receiver's gap-free number among the runs of a day.
     *
     * @return the last committed one of the day and one more; empty if the run publishes no file
     */
    Optional<DailySequence> dailySequence();

    /**
     * Returns the finished files.
     *
     * @return the files, in the order of the definitions; empty until the run is staged
     */
    List<StagedFile> files();

    /**
     * Returns the files that it keeps besides those that it delivers.
     *
     * @return the sidecars, with the sizes and hashes that they must have; empty until the run is staged
     */
    List<Sidecar> sidecars();

    /**
     * Returns which attempt has saved the files and the sidecars in the {@link io.outfeed.spool.Spool}.
     *
     * @return the fencing token of that attempt; 0 if they are only in the directory of the engine that staged them
     */
    long spoolToken();

    /**
     * Returns the state of each file at each destination.
     *
     * @return one for each pair of file and delivery; empty until the run is staged
     */
    List<FileDelivery> deliveries();

    /**
     * Returns the last failure.
     *
     * @return the failure; empty if there is none
     */
    Optional<RunFailure> failure();

    /**
     * Returns a note for people, such as why it is held, which run it repeats, or why a position was set.
     *
     * @return one line, often empty
     */
    String note();

    /**
     * Returns how many records were left out since they can't be mapped:
     * {@link io.outfeed.operation.RunHandle#rejects()} names them.
     *
     * @return zero or more; more than zero only where a definition's {@link io.outfeed.RejectPolicy} allows it
     */
    int rejected();

    /**
     * Returns whether its files have sensitive fields and need protected deliveries, however the job has changed since.
     *
     * @return whether a definition of its files had {@link io.outfeed.field.FieldMark#SENSITIVE} fields when it was
     *     staged, and no transform has encrypted them
     */
    boolean sensitive();

    /**
     * Returns its log, phase by phase. Of many repeated failures only the first and the last ones are kept.
     *
     * @return the entries, oldest first; empty for a run of a version that kept no log
     */
    List<RunLogEntry> log();

    /**
     * Returns how many steps of it were written to the store: the next one is refused if there are more by then.
     *
     * @return zero for a run that was never saved
     */
    int steps();

    /**
     * Tells whether it has moved the positions of its job: it has delivered a window, or set a position by hand.
     *
     * @return false for a run that has not ended in that, or that covers no window
     */
    default boolean hasMovedPositions() {
        return switch (status()) {
            case COMMITTED, EMPTY, GIVEN_UP -> trigger().movesPositions() || trigger() == Trigger.POSITION_RESET;
            default -> false;
        };
    }

    /**
     * Tells whether one of its files {@linkplain FileDelivery#remains() remains} at a destination, as far as the ledger
     * knows.
     *
     * @return whether there is one
     */
    default boolean filesRemain() {
        return deliveries().stream().anyMatch(FileDelivery::remains);
    }

    /**
     * Returns the recipients that do not have each of the files, since their destinations have refused them.
     *
     * @return the recipients by the id of their delivery, each once; mostly empty
     */
    default Map<String, List<RecipientDelivery>> refusedRecipients() {
        Map<String, Map<String, RecipientDelivery>> refused = new TreeMap<>();
        for (FileDelivery file : deliveries()) {
            file.receipt()
                    .map(DeliveryReceipt::refused)
                    .orElse(List.of())
                    .forEach(recipient -> refused.computeIfAbsent(file.delivery(), id -> new LinkedHashMap<>())
                            .putIfAbsent(recipient.key(), recipient));
        }
        return refused.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> List.copyOf(entry.getValue().values())));
    }

    /**
     * Returns the number of records in all files.
     *
     * @return zero or more
     */
    default long rows() {
        return files().stream().mapToLong(StagedFile::rows).sum();
    }

    /**
     * Returns the size of all files.
     *
     * @return in bytes
     */
    default long bytes() {
        return files().stream().mapToLong(StagedFile::bytes).sum();
    }
}
