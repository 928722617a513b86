package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import java.nio.file.Path;

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
 */
public record OutgoingFile(String job, long run, long token, StagedFile file, Path content, IfExists ifExists) {

    /**
     * Checks that nothing is missing.
     *
     * @param job the name of the job
     * @param run the number of the run
     * @param token the fencing token of the lock under which the file is sent: greater than that of every owner before
     * @param file what is sent
     * @param content where its bytes are, for reading only
     * @param ifExists what to do when the destination already has a file of that name
     */
    public OutgoingFile {
        requireNonNull(job, "job");
        requireNonNull(file, "file");
        requireNonNull(content, "content");
        requireNonNull(ifExists, "ifExists");
    }

    /**
     * Returns the name under which the file is uploaded, beside the name under which it will appear. It begins with a dot,
     * so that receivers that look for files do not see it, and carries the run and the token, so that no other owner
     * uploads under the same name.
     *
     * @return such as {@code .interactions-12.csv.r41-t97.part}
     */
    public String temporaryName() {
        return "." + file.name() + ".r" + run + "-t" + token + ".part";
    }

    /**
     * Returns the file as it appears beside an old one, for {@link IfExists#KEEP_BOTH}: the number of the run stands before
     * the ending, so that no other run makes the same name.
     *
     * @return such as {@code interactions-12-r41.csv}
     */
    public StagedFile keptBoth() {
        return file.marked("-r" + run);
    }
}
