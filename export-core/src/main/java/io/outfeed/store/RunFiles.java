package io.outfeed.store;

import io.outfeed.error.StoreException;
import io.outfeed.internal.document.RunDocument;
import io.outfeed.internal.document.StepLog;
import io.outfeed.internal.state.Document;
import io.outfeed.internal.state.StateDirectory;
import io.outfeed.internal.state.StepRecord;
import io.outfeed.run.ExportRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The runs in a {@link StateDirectory}: a file each, to which steps are appended. Thread-safe for different jobs:
 * only one thread at a time may use those of a job.
 *
 * <p>A step with the whole run replaces the file atomically. The file of a run that has ended takes precedence over one
 * that a crash has left among the open runs.
 */
final class RunFiles {

    /** How many ends of files are cached, so that an append does not read its file. */
    private static final int MOST_TAILS = 1_000;

    private final StateDirectory files;

    /** The ends of files, by the number of the run. */
    private final Map<Long, Tail> tails = new ConcurrentHashMap<>();

    /** What an append needs to know of a run. */
    private record Tail(
            @Nullable Path file, long end, int steps, String lastHead, boolean publishing, boolean unconfirmed) {

        private static final Tail NONE = new Tail(null, 0, 0, "", false, false);

        private boolean hasLast(RunStep step) {
            return step.index() == steps - 1
                    && lastHead.equals(head(step.record().bytes()));
        }
    }

    RunFiles(StateDirectory files) {
        this.files = files;
    }

    // ---- reading

    Optional<ExportRun> read(String job, long number) {
        return log(files.ended(job, number))
                .or(() -> log(files.open(job, number)))
                .map(log -> log.run(job));
    }

    private Optional<StepLog> log(Path file) {
        return files.content(file).map(content -> StepLog.ofFile(file.toString(), content));
    }

    private Tail tail(String job, long number) {
        Tail known = tails.get(number);
        return known == null
                ? tail(files.ended(job, number), job)
                        .or(() -> tail(files.open(job, number), job))
                        .orElse(Tail.NONE)
                : known;
    }

    private Optional<Tail> tail(Path file, String job) {
        return log(file).map(log -> {
            ExportRun run = log.run(job);
            return new Tail(file, log.end(), run.steps(), log.lastHead(), run.publishing(), run.unconfirmed());
        });
    }

    // ---- writing

    /**
     * Appends a step. Returns false, and writes nothing, if it is the first that publishes and a cancel was requested.
     */
    boolean append(RunStep step) {
        files.checkOpen();
        Tail tail = tail(step.job(), step.number());
        if (tail.hasLast(step)) {
            return true;
        }
        if (step.index() != tail.steps()) {
            throw new StoreException(
                    "the ledger has " + tail.steps() + " steps of the run, and step " + step.index()
                            + " can't follow: the run was changed in the meantime, and nothing was written; read it"
                            + " again (job=" + step.job() + ", run=" + step.number() + ")",
                    null);
        }
        if (step.run().publishing()
                && !tail.publishing()
                && cancelRequested(step.job(), step.number()).isPresent()) {
            return false;
        }
        boolean ended = step.run().status().ended();
        Path file = ended ? files.ended(step.job(), step.number()) : files.open(step.job(), step.number());
        tails.remove(step.number());
        if (step.run().unconfirmed() && !tail.unconfirmed()) {
            files.write(
                    files.unconfirmed(step.job(), step.number()), new byte[0]); // first: a crash must not hide the run
        }
        boolean replaced = step.whole() || !Objects.equals(file, tail.file()) || files.isUncertain(file);
        Tail next = replaced ? replace(file, step) : extend(file, tail.end(), step);
        if (replaced) {
            if (ended) {
                files.deleteUnflushed(files.open(step.job(), step.number())); // the end counts, if it is there again
                files.delete(files.cancel(step.job(), step.number()));
            } else {
                files.delete(files.ended(step.job(), step.number()));
            }
        }
        if (tail.unconfirmed() && !step.run().unconfirmed()) {
            files.delete(files.unconfirmed(step.job(), step.number()));
        }
        remember(step.number(), next);
        return true;
    }

    private Tail replace(Path file, RunStep step) {
        StepRecord record = step.whole()
                ? step.record()
                : new StepRecord(
                        step.index(), true, RunDocument.write(step.run()).lines());
        byte[] content = record.bytes();
        files.write(file, content);
        return tail(file, content.length, content, step);
    }

    private Tail extend(Path file, long end, RunStep step) {
        byte[] content = step.record().bytes();
        files.append(file, end, content);
        return tail(file, end + content.length, content, step);
    }

    private static Tail tail(Path file, long end, byte[] lastRecord, RunStep step) {
        ExportRun run = step.run();
        return new Tail(file, end, step.index() + 1, head(lastRecord), run.publishing(), run.unconfirmed());
    }

    private static String head(byte[] record) {
        return StepRecord.Head.at(record, 0).orElseThrow().text();
    }

    private void remember(long number, Tail tail) {
        if (tails.size() >= MOST_TAILS) {
            tails.clear();
        }
        tails.put(number, tail);
    }

    void delete(String job, long number) {
        forget(number);
        files.delete(files.cancel(job, number));
        files.delete(files.open(job, number)); // first: a leftover of a crash must not become an unfinished run
        files.delete(files.ended(job, number));
        files.delete(files.unconfirmed(job, number));
    }

    /** Forgets what is cached of a run that is no longer where it was. */
    void forget(long number) {
        tails.remove(number);
    }

    void forgetAll() {
        tails.clear();
    }

    // ---- requests to cancel

    /** Stores a request, unless the run has ended or is publishing. The first reason stays. */
    boolean requestCancel(ExportRun run, String reason) {
        files.checkOpen();
        if (run.status().ended() || run.publishing()) {
            return false;
        }
        if (cancelRequested(run.job(), run.number()).isEmpty()) {
            Document document = new Document();
            document.put("reason", reason);
            files.write(files.cancel(run.job(), run.number()), document.bytes());
        }
        return true;
    }

    Optional<String> cancelRequested(String job, long number) {
        if (Files.exists(files.ended(job, number))) {
            return Optional.empty(); // a crash may have left the request
        }
        return files.read(files.cancel(job, number), document -> document.text("reason"));
    }
}
