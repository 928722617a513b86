package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A staged file that is being sent to a destination.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param run the number of the run; 0 for a file by which a destination is checked
 * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
 * @param upload which upload of the file it is, from 1: each that begins anew has a temporary name of its own, so that
 *     a rename which the destination still carries out can't move the next one
 * @param file what is sent
 * @param content where its bytes are, for reading only
 * @param ifExists what to do when the destination already has a file of that name
 * @param progress receives the bytes that {@link #sent} reports
 * @param recipients what the ledger has of the recipients, for a delivery that sends the file to each of them
 */
public record OutgoingFile(
        String job,
        long run,
        long token,
        int upload,
        StagedFile file,
        Path content,
        IfExists ifExists,
        LongConsumer progress,
        RecipientLog recipients) {

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
     * @param upload which upload of the file it is, from 1
     * @param file what is sent
     * @param content where its bytes are, for reading only
     * @param ifExists what to do when the destination already has a file of that name
     * @param progress receives the bytes that {@link #sent} reports; called by any thread
     * @param recipients what the ledger has of the recipients
     */
    public OutgoingFile {
        requireNonNull(job, "job");
        requireNonNull(file, "file");
        requireNonNull(content, "content");
        requireNonNull(ifExists, "ifExists");
        requireNonNull(progress, "progress");
        requireNonNull(recipients, "recipients");
        if (upload < 1) {
            throw new IllegalArgumentException("upload must be one or more, not " + upload);
        }
    }

    /**
     * Creates a file whose recipients are not in the ledger.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
     * @param upload which upload of the file it is, from 1
     * @param file what is sent
     * @param content where its bytes are, for reading only
     * @param ifExists what to do when the destination already has a file of that name
     * @param progress receives the bytes that {@link #sent} reports; called by any thread
     */
    public OutgoingFile(
            String job,
            long run,
            long token,
            int upload,
            StagedFile file,
            Path content,
            IfExists ifExists,
            LongConsumer progress) {
        this(job, run, token, upload, file, content, ifExists, progress, RecipientLog.inMemory());
    }

    /**
     * Creates a file in its first upload, whose progress is not reported.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
     * @param file what is sent
     * @param content where its bytes are, for reading only
     * @param ifExists what to do when the destination already has a file of that name
     */
    public OutgoingFile(String job, long run, long token, StagedFile file, Path content, IfExists ifExists) {
        this(job, run, token, 1, file, content, ifExists, bytes -> {});
    }

    /**
     * Reports how many bytes were sent, for {@link io.outfeed.operation.RunProgress}. A delivery may call it at any
     * time from any thread, or not at all: then the progress advances by whole files. A resumed upload reports the
     * bytes from the beginning of the file; a smaller number than before changes nothing. A delivery that sends the
     * file several times, such as to several recipients, reports a share of it.
     *
     * <p>Effects: none but that.
     *
     * @param bytes how many of the file's bytes the destination has taken so far, 0 to {@link StagedFile#bytes()}
     */
    public void sent(long bytes) {
        progress.accept(bytes);
    }

    /**
     * Returns where the file comes from, for messages and logs.
     *
     * @return such as {@code job=visits, run=41}, or {@code job=visits} for a file by which a destination is checked
     */
    public String origin() {
        return "job=" + job + (run == 0 ? "" : ", run=" + run);
    }

    /**
     * Returns the temporary name of the upload, in the same directory as the final name. It begins with a dot, so that
     * receivers do not pick it up, and has the run, the token, and the number of an upload after the first one, so that
     * no other upload has the same name.
     *
     * @return such as {@code .interactions-12.csv.r41-t97.part} or {@code .interactions-12.csv.r41-t97-2.part}
     */
    public String temporaryName() {
        return "." + file.name() + ".r" + run + "-t" + token + (upload == 1 ? "" : "-" + upload) + ".part";
    }

    /**
     * Returns the file under its name next to an old one, for {@link IfExists#KEEP_BOTH}: with the number of the run
     * before the extension, so that no other run has the same name.
     *
     * @return such as {@code interactions-12-r41.csv}
     */
    public StagedFile keptBoth() {
        return file.marked("-r" + run);
    }
}
