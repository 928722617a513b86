package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.StoreException;
import io.outfeed.internal.document.RunDocument;
import io.outfeed.internal.document.StepLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.model.StoredSteps;
import io.outfeed.internal.state.StepRecord;
import io.outfeed.run.ExportRun;
import java.util.List;
import java.util.Optional;

/**
 * A step of a run on its way to the ledger: the whole run, or what has changed since the step before.
 *
 * <p>Immutable and thread-safe.
 */
public final class RunStep {

    private final Optional<ExportRun> before;
    private final ExportRun run;
    private final StepRecord record;

    private RunStep(Optional<ExportRun> before, ExportRun run, StepRecord record) {
        this.before = before;
        this.run = run;
        this.record = record;
    }

    /**
     * Returns a step with the whole run, which replaces all earlier steps.
     *
     * @param run the run, with the number of its {@linkplain ExportRun#steps() steps} in the store
     * @return the step
     */
    public static RunStep whole(ExportRun run) {
        return whole(StoredSteps.of(run), run);
    }

    private static RunStep whole(StoredSteps before, ExportRun after) {
        StepRecord record =
                new StepRecord(before.count(), true, RunDocument.write(after).lines());
        return new RunStep(
                Optional.empty(), with(after, before.plusWhole(record.lines().length())), record);
    }

    /**
     * Returns a step with what has changed. The size of its text depends on the change, not on the run.
     *
     * @param before the run as it is in the store
     * @param after the same run, changed
     * @return the step
     */
    public static RunStep change(ExportRun before, ExportRun after) {
        checkFollows(before, after);
        StoredSteps steps = StoredSteps.of(before);
        StepRecord record = new StepRecord(
                steps.count(), false, RunDocument.change(before, after).lines());
        return new RunStep(
                Optional.of(before), with(after, steps.plusChange(record.lines().length())), record);
    }

    /**
     * Returns the step that the engine writes: a change, but the whole run where it ends, and where the changes since
     * the last whole step have outgrown it. What is written grows with the changes, and what is read with the run.
     *
     * @param before the run as it is in the store
     * @param after the same run, changed
     * @return the step
     */
    public static RunStep next(ExportRun before, ExportRun after) {
        checkFollows(before, after);
        if (before.status().ended() != after.status().ended()) {
            return whole(StoredSteps.of(before), after);
        }
        RunStep change = change(before, after);
        return StoredSteps.of(change.run()).outgrown() ? whole(StoredSteps.of(before), after) : change;
    }

    private static void checkFollows(ExportRun before, ExportRun after) {
        if (before.number() != after.number() || before.steps() == 0) {
            throw new IllegalArgumentException(after + " is not changed from a stored step of it, but from " + before);
        }
    }

    private static ExportRun with(ExportRun run, StoredSteps steps) {
        return RunBuilder.of(run).storedSteps(steps).build();
    }

    /**
     * Reads a run back.
     *
     * @param job the name of the job, which the texts do not have: it may have been renamed
     * @param texts the {@link #text} of the last whole step and of all steps after it, in order
     * @param source names where the texts are stored, for the message of a failure
     * @return the run after the last step
     * @throws StoreException if a text is damaged or missing, or was written by a newer version
     */
    public static ExportRun read(String job, List<String> texts, String source) {
        requireNonNull(job, "job");
        requireNonNull(source, "source");
        return StepLog.ofTexts(source, texts).run(job);
    }

    /**
     * Returns the run.
     *
     * @return its number
     */
    public long number() {
        return run.number();
    }

    /**
     * Returns the job of the run.
     *
     * @return the name of the job
     */
    public String job() {
        return run.job();
    }

    /**
     * Returns how many steps the ledger must have of the run for this one to be the next.
     *
     * @return 0 for the first step
     */
    public int index() {
        return record.index();
    }

    /**
     * Tells whether the text has the whole run, and replaces all earlier steps.
     *
     * @return whether the earlier steps are not needed any more
     */
    public boolean whole() {
        return record.whole();
    }

    /**
     * Returns the same step with the whole run: a store may write it where what it searches by has changed.
     *
     * @return a step with the same index
     */
    public RunStep toWhole() {
        return whole()
                ? this
                : new RunStep(
                        Optional.empty(),
                        run,
                        new StepRecord(index(), true, RunDocument.write(run).lines()));
    }

    /**
     * Returns the run before the step.
     *
     * @return the run; empty for a step with the whole run
     */
    public Optional<ExportRun> before() {
        return before;
    }

    /**
     * Returns the run after the step, for what stores search by.
     *
     * @return the run
     */
    public ExportRun run() {
        return run;
    }

    /**
     * Returns what a store keeps, with a version and a checksum.
     *
     * @return lines of printable ASCII characters; of the whole run some hundred characters for each file and
     *     destination
     */
    public String text() {
        return record.ascii();
    }

    /** Returns the record with all characters as they are, for files. */
    StepRecord record() {
        return record;
    }

    /** Run, index, and whether it is whole. */
    @Override
    public String toString() {
        return (whole() ? "whole step " : "step ") + index() + " of " + run;
    }
}
