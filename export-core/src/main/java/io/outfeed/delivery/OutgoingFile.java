package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * A staged file on its way to a destination.
 *
 * <p>Immutable.
 *
 * @param job the name of the job
 * @param run the number of the run
 * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
 * @param file what is sent
 * @param content where its bytes are, for reading only
 * @param ifExists what to do when the destination already has a file of that name
 * @param progress takes what {@link #sent} tells
 */
public record OutgoingFile(
        String job, long run, long token, StagedFile file, Path content, IfExists ifExists, LongConsumer progress) {

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
     * @param file what is sent
     * @param content where its bytes are, for reading only
     * @param ifExists what to do when the destination already has a file of that name
     * @param progress takes what {@link #sent} tells; called by any thread
     */
    public OutgoingFile {
        requireNonNull(job, "job");
        requireNonNull(file, "file");
        requireNonNull(content, "content");
        requireNonNull(ifExists, "ifExists");
        requireNonNull(progress, "progress");
    }

    /**
     * Makes a file whose progress nobody asks for.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
     * @param file what is sent
     * @param content where its bytes are, for reading only
     * @param ifExists what to do when the destination already has a file of that name
     */
    public OutgoingFile(String job, long run, long token, StagedFile file, Path content, IfExists ifExists) {
        this(job, run, token, file, content, ifExists, bytes -> {});
    }

    /**
     * Tells how far the file has got, for {@link io.outfeed.operation.RunProgress}. A delivery calls it as often as it
     * likes, from any thread, or not at all: then the progress moves a file at a time. An upload that goes on after a
     * break tells the bytes from the beginning of the file; less than what was told before changes nothing. A delivery
     * that sends the file several times, such as to several recipients, tells a share of it.
     *
     * <p>Effects: none but that.
     *
     * @param bytes how many of the file's bytes the destination has taken so far, 0 to {@link StagedFile#bytes()}
     */
    public void sent(long bytes) {
        progress.accept(bytes);
    }

    /**
     * Returns the name under which the file is uploaded, beside the name under which it will appear. It begins with a
     * dot, so that receivers that look for files do not see it, and carries the run and the token, so that no other
     * owner uploads under the same name.
     *
     * @return such as {@code .interactions-12.csv.r41-t97.part}
     */
    public String temporaryName() {
        return "." + file.name() + ".r" + run + "-t" + token + ".part";
    }

    /**
     * Returns the file as it appears beside an old one, for {@link IfExists#KEEP_BOTH}: the number of the run stands
     * before the ending, so that no other run makes the same name.
     *
     * @return such as {@code interactions-12-r41.csv}
     */
    public StagedFile keptBoth() {
        return file.marked("-r" + run);
    }
}
