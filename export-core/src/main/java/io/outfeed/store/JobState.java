package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.backfill.BackfillProgress;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.operation.JobPause;
import io.outfeed.run.RunLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of a job: its pause, its failures in a row, what identifies the directories that it delivers to, which
 * recipients its destinations refuse, how far its deadlines were checked, how its files are laid out, and its backfill.
 *
 * <p>Immutable, comparable and thread-safe; each step returns another value.
 */
public final class JobState {

    /** A job that is not paused and has no failures. */
    public static final JobState NONE = new JobState(null, 0, Map.of(), Map.of(), null, Map.of(), null);

    private final @Nullable JobPause pause;
    private final int failuresInARow;
    private final Map<String, String> directories;
    private final Map<String, List<RecipientDelivery>> refusedRecipients;
    private final @Nullable JobDeadline deadline;
    private final Map<String, RunLayout> layouts;
    private final @Nullable BackfillProgress backfill;

    private JobState(
            @Nullable JobPause pause,
            int failuresInARow,
            Map<String, String> directories,
            Map<String, List<RecipientDelivery>> refusedRecipients,
            @Nullable JobDeadline deadline,
            Map<String, RunLayout> layouts,
            @Nullable BackfillProgress backfill) {
        this.pause = pause;
        this.failuresInARow = failuresInARow;
        this.directories = Collections.unmodifiableMap(new LinkedHashMap<>(directories));
        Map<String, List<RecipientDelivery>> refused = new TreeMap<>();
        refusedRecipients.forEach((delivery, recipients) -> {
            if (!recipients.isEmpty()) {
                refused.put(delivery, List.copyOf(recipients));
            }
        });
        this.refusedRecipients = Collections.unmodifiableMap(refused);
        this.deadline = deadline;
        this.layouts = Collections.unmodifiableMap(new TreeMap<>(layouts));
        this.backfill = backfill;
    }

    /**
     * Returns a state as it was stored; called by stores.
     *
     * @param pause the pause; empty if the job is not paused
     * @param failuresInARow how many runs have failed since the last success; zero or more
     * @param directories what identifies the directories at places, in the order of {@link #directories}
     * @param refusedRecipients which recipients the destinations refuse, as {@link #refusedRecipients} has them
     * @param deadline how far the deadlines were checked; empty if the job was never expected to deliver
     * @param layouts how the files were laid out that were delivered last, by definition
     * @param backfill the backfill that was started last; empty if there was none
     * @return the state
     */
    public static JobState of(
            Optional<JobPause> pause,
            int failuresInARow,
            Map<String, String> directories,
            Map<String, List<RecipientDelivery>> refusedRecipients,
            Optional<JobDeadline> deadline,
            Map<String, RunLayout> layouts,
            Optional<BackfillProgress> backfill) {
        if (failuresInARow < 0) {
            throw new IllegalArgumentException("failuresInARow must be zero or more, not " + failuresInARow);
        }
        return new JobState(
                pause.orElse(null),
                failuresInARow,
                directories,
                refusedRecipients,
                deadline.orElse(null),
                layouts,
                backfill.orElse(null));
    }

    /**
     * Returns the state of the paused job.
     *
     * @param pause who has paused it, and why
     * @return another state
     */
    public JobState toPaused(JobPause pause) {
        return new JobState(
                requireNonNull(pause, "pause"),
                failuresInARow,
                directories,
                refusedRecipients,
                deadline,
                layouts,
                backfill);
    }

    /**
     * Returns the state of the resumed job: its count of failures is reset.
     *
     * @return another state
     */
    public JobState toResumed() {
        return new JobState(null, 0, directories, refusedRecipients, deadline, layouts, backfill);
    }

    /**
     * Returns the state with another number of failures.
     *
     * @param failuresInARow how many runs have failed since the last success
     * @return another state
     */
    public JobState toFailures(int failuresInARow) {
        return of(pause(), failuresInARow, directories, refusedRecipients, deadline(), layouts, backfill());
    }

    /**
     * Returns the state with the directory at a place, as the last one.
     *
     * @param place what identifies the destination and the path of the directory: letters, digits and hyphens
     * @param identity what identifies the directory that was found there: letters, digits and hyphens
     * @return another state
     */
    public JobState toDirectory(String place, String identity) {
        Map<String, String> next = new LinkedHashMap<>(directories);
        next.remove(place);
        next.put(place, identity);
        return new JobState(pause, failuresInARow, next, refusedRecipients, deadline, layouts, backfill);
    }

    /**
     * Returns the state without the directory at a place.
     *
     * @param place what identifies the destination and the path of the directory
     * @return another state
     */
    public JobState toNoDirectory(String place) {
        Map<String, String> next = new LinkedHashMap<>(directories);
        next.remove(place);
        return new JobState(pause, failuresInARow, next, refusedRecipients, deadline, layouts, backfill);
    }

    /**
     * Returns the state with other refused recipients.
     *
     * @param refusedRecipients the recipients by the id of their delivery
     * @return another state
     */
    public JobState toRefusedRecipients(Map<String, List<RecipientDelivery>> refusedRecipients) {
        return new JobState(pause, failuresInARow, directories, refusedRecipients, deadline, layouts, backfill);
    }

    /**
     * Returns the state after a run whose files were laid out otherwise.
     *
     * @param layouts how the files are laid out, by definition
     * @return another state
     */
    public JobState toLayouts(Map<String, RunLayout> layouts) {
        return new JobState(pause, failuresInARow, directories, refusedRecipients, deadline, layouts, backfill);
    }

    /**
     * Returns the state with another backfill, or with another progress of it.
     *
     * @param backfill the backfill
     * @return another state
     */
    public JobState toBackfill(BackfillProgress backfill) {
        return new JobState(
                pause,
                failuresInARow,
                directories,
                refusedRecipients,
                deadline,
                layouts,
                requireNonNull(backfill, "backfill"));
    }

    /**
     * Returns what is kept of the state when the job is removed and its history is not: what belongs to its
     * destinations, and a pause that belongs to its positions.
     *
     * @return another state
     */
    public JobState toRemoved() {
        return new JobState(
                pause().filter(known -> known.by() == JobPause.By.CLOCK).orElse(null),
                0,
                directories,
                refusedRecipients,
                null,
                layouts,
                null);
    }

    /**
     * Returns the state with checked deadlines.
     *
     * @param deadline how far they were checked
     * @return another state
     */
    public JobState toDeadline(JobDeadline deadline) {
        return new JobState(
                pause,
                failuresInARow,
                directories,
                refusedRecipients,
                requireNonNull(deadline, "deadline"),
                layouts,
                backfill);
    }

    /**
     * Returns the state of a job that is not expected to deliver.
     *
     * @return another state
     */
    public JobState toNoDeadline() {
        return new JobState(pause, failuresInARow, directories, refusedRecipients, null, layouts, backfill);
    }

    /**
     * Returns the state after a delivery: the job is not overdue.
     *
     * @return another state, or this one
     */
    public JobState toDelivered() {
        return deadline == null || !deadline.overdue()
                ? this
                : toDeadline(new JobDeadline(deadline.checkedUntil(), false));
    }

    /**
     * Returns whether the job is paused.
     *
     * @return the pause; empty if it is not paused
     */
    public Optional<JobPause> pause() {
        return Optional.ofNullable(pause);
    }

    /**
     * Returns how many runs have failed since the last success, or since the job was resumed.
     *
     * @return zero or more
     */
    public int failuresInARow() {
        return failuresInARow;
    }

    /**
     * Returns what identifies the directories that the job's runs have reached, at destinations that can tell one
     * directory from another. Those that the job has delivered to before it was changed are known too.
     *
     * @return texts that are compared only, by the place; the place that was reached first comes first
     */
    public Map<String, String> directories() {
        return directories;
    }

    /**
     * Returns the recipients that did not get the files which were delivered last, since the destinations have refused
     * them. A refusal is kept until a file is accepted for the recipient, or a run delivers without it.
     *
     * @return the recipients by the id of their delivery, sorted; mostly empty
     */
    public Map<String, List<RecipientDelivery>> refusedRecipients() {
        return refusedRecipients;
    }

    /**
     * Returns how the files were laid out that were delivered last.
     *
     * @return the layouts by definition, sorted; empty until a run has delivered a file
     */
    public Map<String, RunLayout> layouts() {
        return layouts;
    }

    /**
     * Returns how far the backfill has come that was started last.
     *
     * @return its progress; empty if there was none
     */
    public Optional<BackfillProgress> backfill() {
        return Optional.ofNullable(backfill);
    }

    /**
     * Returns how far the deadlines of the job were checked.
     *
     * @return the last one; empty if the job was never expected to deliver
     */
    public Optional<JobDeadline> deadline() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JobState that
                && Objects.equals(pause, that.pause)
                && failuresInARow == that.failuresInARow
                && directories.equals(that.directories)
                && refusedRecipients.equals(that.refusedRecipients)
                && Objects.equals(deadline, that.deadline)
                && layouts.equals(that.layouts)
                && Objects.equals(backfill, that.backfill);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pause, failuresInARow, directories, refusedRecipients, deadline, layouts, backfill);
    }

    @Override
    public String toString() {
        return (pause == null ? "not paused" : "paused since " + pause.since()) + ", " + failuresInARow
                + " failures in a row";
    }
}
