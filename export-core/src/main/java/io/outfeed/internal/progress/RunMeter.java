package io.outfeed.internal.progress;

import io.outfeed.error.FailureCode;
import io.outfeed.event.RunObserver;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.RunCancelledException;
import io.outfeed.operation.RunProgress;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Measures the progress of a run. The thread of the run counts rows, without a memory fence for each; the threads of a
 * delivery report sent bytes; any thread may read the progress.
 */
public final class RunMeter implements AutoCloseable {

    private final String job;
    private final long run;
    private final Clock clock;
    private final Consumer<RunMeter> whenClosed;
    private final Thread thread = Thread.currentThread();

    // written by the thread of the run only
    private final AtomicLong rowsRead = new AtomicLong();
    private final AtomicLong rowsWritten = new AtomicLong();
    private final AtomicLong bytesStaged = new AtomicLong();

    private final AtomicLong bytesSent = new AtomicLong();

    private final RunTrace trace;

    private volatile Activity activity;
    private volatile boolean cancelled;

    /** The step that sends files. Used by the thread of the run. */
    private Step step = Step.PLANNING;

    /** The file that is being sent. Used by the thread of the run. */
    private FileMeter file = new FileMeter(0, new AtomicLong());

    RunMeter(ExportRun run, Clock clock, List<RunObserver> observers, Consumer<RunMeter> whenClosed) {
        this.job = run.job();
        this.run = run.number();
        this.clock = clock;
        this.whenClosed = whenClosed;
        this.activity = Activity.of(Step.PLANNING, clock.instant(), Optional.empty(), new AtomicLong(), 0);
        setStaged(run);
        this.trace = new RunTrace(run, observers);
    }

    /** Returns a meter that is not shown anywhere. */
    public static RunMeter unregistered(ExportRun run, Clock clock) {
        return new RunMeter(run, clock, List.of(), meter -> {});
    }

    /**
     * The current activity of the run.
     *
     * @param done counts towards {@code total}, from {@code before} on
     * @param total 0 if it is unknown
     */
    private record Activity(
            Step step,
            Instant since,
            Optional<String> definition,
            Optional<String> delivery,
            Optional<String> path,
            AtomicLong done,
            long before,
            long total) {

        private static Activity of(Step step, Instant since, Optional<String> definition, AtomicLong done, long total) {
            return new Activity(
                    step, since, definition, Optional.empty(), Optional.empty(), done, done.getPlain(), total);
        }

        private OptionalInt percent() {
            long part = done.getOpaque() - before;
            return total <= 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.min(100, 100.0 * part / total));
        }
    }

    /** Returns the thread of the run. */
    Thread thread() {
        return thread;
    }

    // ---- stage

    public void beginReading(String definition, OptionalLong expected) {
        activity = Activity.of(Step.READING, clock.instant(), Optional.of(definition), rowsRead, expected.orElse(0));
        trace.beginStage(progress());
    }

    void cancel() {
        cancelled = true;
    }

    /**
     * Ends the attempt if its run was cancelled.
     *
     * @throws RunCancelledException if it was
     */
    public void checkCancelled() {
        if (cancelled) {
            throw new RunCancelledException(run());
        }
    }

    /**
     * Counts a record.
     *
     * @throws RunCancelledException if the run was cancelled
     */
    public void countRowRead() {
        checkCancelled();
        rowsRead.setOpaque(rowsRead.getPlain() + 1);
    }

    public void beginWriting(String definition) {
        activity = Activity.of(Step.WRITING, clock.instant(), Optional.of(definition), rowsWritten, 0);
        trace.beginStage(progress());
    }

    public void countRowWritten() {
        rowsWritten.setOpaque(rowsWritten.getPlain() + 1);
    }

    /** @param bytes negative if a file is removed again */
    public void countBytesStaged(long bytes) {
        bytesStaged.setOpaque(bytesStaged.getPlain() + bytes);
    }

    /** Sets the counters to the totals of a staged run. */
    public void setStaged(ExportRun staged) {
        rowsWritten.setOpaque(staged.rows());
        bytesStaged.setOpaque(staged.bytes());
    }

    // ---- send

    /** Begins a step that sends files; {@code bytes} is their total at all destinations. */
    public void beginSending(Step next, long bytes) {
        trace.completeStep(progress());
        step = next;
        activity = Activity.of(next, clock.instant(), Optional.empty(), new AtomicLong(), bytes);
    }

    /** Begins a file of the step; its retries belong to it. */
    public void beginFile(String delivery, StagedFile staged) {
        Activity now = activity;
        file = new FileMeter(staged.bytes(), now.done());
        activity = new Activity(
                step,
                now.since(),
                Optional.empty(),
                Optional.of(delivery),
                Optional.of(staged.path()),
                now.done(),
                now.before(),
                now.total());
        trace.beginFile(progress(), staged.bytes());
    }

    /** Changes the step of the current file, within the same total. */
    public void changeStep(Step other) {
        Activity now = activity;
        activity = new Activity(
                other,
                now.since(),
                now.definition(),
                now.delivery(),
                now.path(),
                now.done(),
                now.before(),
                now.total());
    }

    /** Returns the counter for the sent bytes of the current file. */
    public LongConsumer fileCounter() {
        return file;
    }

    /** Counts the current file as sent, whatever the delivery has reported. */
    public void countFileSent() {
        file.accept(file.bytes);
    }

    /** Completes the current file within the step, sent or not. */
    public void completeFile() {
        file.advanceTo(file.bytes);
        trace.completeStep(progress());
    }

    /** Counts the sent bytes of one file. Bytes that are reported twice, or too late, count once. */
    private final class FileMeter implements LongConsumer {

        private final long bytes;
        private final AtomicLong done;
        private final AtomicLong reached = new AtomicLong();

        private FileMeter(long bytes, AtomicLong done) {
            this.bytes = bytes;
            this.done = done;
        }

        @Override
        public void accept(long sent) {
            bytesSent.addAndGet(advanceTo(sent));
        }

        private long advanceTo(long sent) {
            long now = Math.min(sent, bytes);
            long more = Math.max(0, now - reached.getAndAccumulate(now, Math::max));
            done.addAndGet(more);
            return more;
        }
    }

    // ---- end

    /** Says why the attempt has failed. */
    public void fail(FailureCode code) {
        trace.fail(code);
    }

    /** Says what the run has reached by the attempt. */
    public void reach(RunStatus status) {
        trace.reach(status);
    }

    // ---- ask

    String job() {
        return job;
    }

    long run() {
        return run;
    }

    RunProgress progress() {
        Activity now = activity;
        return new RunProgress(
                job,
                run,
                now.step(),
                now.since(),
                now.definition(),
                now.delivery(),
                now.path(),
                rowsRead.getOpaque(),
                rowsWritten.getOpaque(),
                bytesStaged.getOpaque(),
                bytesSent.get(),
                now.percent());
    }

    @Override
    public void close() {
        trace.end(progress());
        whenClosed.accept(this);
    }
}
