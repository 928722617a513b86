package io.outfeed.internal.progress;

import io.outfeed.file.StagedFile;
import io.outfeed.operation.RunProgress;
import io.outfeed.operation.RunProgress.Step;
import io.outfeed.run.ExportRun;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Counts what a run has done so far. The thread of the run counts, without a fence for each row; a delivery's threads
 * tell what they have sent; any thread may ask.
 */
public final class RunMeter implements AutoCloseable {

    private final String job;
    private final long run;
    private final Clock clock;
    private final Consumer<RunMeter> whenClosed;

    // written by the thread of the run only
    private final AtomicLong rowsRead = new AtomicLong();
    private final AtomicLong rowsWritten = new AtomicLong();
    private final AtomicLong bytesStaged = new AtomicLong();

    private final AtomicLong bytesSent = new AtomicLong();

    private volatile Doing doing;

    /** What the step is when a file of it begins. Used by the thread of the run. */
    private Step step = Step.PLANNING;

    /** The file that is being sent. Used by the thread of the run. */
    private FileMeter file = new FileMeter(0, new AtomicLong());

    RunMeter(ExportRun run, Clock clock, Consumer<RunMeter> whenClosed) {
        this.job = run.job();
        this.run = run.number();
        this.clock = clock;
        this.whenClosed = whenClosed;
        this.doing = Doing.of(Step.PLANNING, clock.instant(), Optional.empty(), new AtomicLong(), 0);
        staged(run);
    }

    /** Counts for a run whose progress nobody asks for. */
    public static RunMeter unseen(ExportRun run, Clock clock) {
        return new RunMeter(run, clock, meter -> {});
    }

    /**
     * What the run does.
     *
     * @param done counts what {@code total} is the whole of, from {@code before} on
     * @param total 0 if it is not known
     */
    private record Doing(
            Step step,
            Instant since,
            Optional<String> definition,
            Optional<String> delivery,
            Optional<String> path,
            AtomicLong done,
            long before,
            long total) {

        private static Doing of(Step step, Instant since, Optional<String> definition, AtomicLong done, long total) {
            return new Doing(step, since, definition, Optional.empty(), Optional.empty(), done, done.getPlain(), total);
        }

        private OptionalInt percent() {
            long part = done.getOpaque() - before;
            return total <= 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.min(100, 100.0 * part / total));
        }
    }

    // ---- stage

    public void reading(String definition, OptionalLong expected) {
        doing = Doing.of(Step.READING, clock.instant(), Optional.of(definition), rowsRead, expected.orElse(0));
    }

    public void rowRead() {
        rowsRead.setOpaque(rowsRead.getPlain() + 1);
    }

    public void writing(String definition) {
        doing = Doing.of(Step.WRITING, clock.instant(), Optional.of(definition), rowsWritten, 0);
    }

    public void rowWritten() {
        rowsWritten.setOpaque(rowsWritten.getPlain() + 1);
    }

    /** @param bytes fewer than 0 for what is removed again */
    public void bytesStaged(long bytes) {
        bytesStaged.setOpaque(bytesStaged.getPlain() + bytes);
    }

    /** Takes over what the ledger says of the files of a run. */
    public void staged(ExportRun staged) {
        rowsWritten.setOpaque(staged.rows());
        bytesStaged.setOpaque(staged.bytes());
    }

    // ---- send

    /** Begins a step in which files are sent that have so many bytes at all destinations together. */
    public void sending(Step next, long bytes) {
        step = next;
        doing = Doing.of(next, clock.instant(), Optional.empty(), new AtomicLong(), bytes);
    }

    /** Begins a file of the step, all attempts included. */
    public void sending(String delivery, StagedFile staged) {
        Doing now = doing;
        file = new FileMeter(staged.bytes(), now.done());
        doing = new Doing(
                step,
                now.since(),
                Optional.empty(),
                Optional.of(delivery),
                Optional.of(staged.path()),
                now.done(),
                now.before(),
                now.total());
    }

    /** Does something else with the file, as a part of the step. */
    public void doing(Step other) {
        Doing now = doing;
        doing = new Doing(
                other,
                now.since(),
                now.definition(),
                now.delivery(),
                now.path(),
                now.done(),
                now.before(),
                now.total());
    }

    /** Takes how many bytes of the file were sent. */
    public LongConsumer fileSent() {
        return file;
    }

    /** The destination has the bytes of the file, whatever the delivery has told. */
    public void fileIsThere() {
        file.accept(file.bytes);
    }

    /** The file is done with, as far as the step goes. */
    public void fileIsDone() {
        file.reach(file.bytes);
    }

    /** What was sent of one file. What is told twice, or too late, counts once. */
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
            bytesSent.addAndGet(reach(sent));
        }

        private long reach(long sent) {
            long now = Math.min(sent, bytes);
            long more = Math.max(0, now - reached.getAndAccumulate(now, Math::max));
            done.addAndGet(more);
            return more;
        }
    }

    // ---- ask

    String job() {
        return job;
    }

    long run() {
        return run;
    }

    RunProgress progress() {
        Doing now = doing;
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
        whenClosed.accept(this);
    }
}
