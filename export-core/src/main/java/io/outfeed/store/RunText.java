package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.StoreException;
import io.outfeed.run.ExportRun;
import java.nio.charset.StandardCharsets;

/**
 * Converts a run to ASCII text and back, for stores that keep it next to the columns that they search by.
 *
 * <p>The text has a version and a checksum, as in the files of {@link FileStore}. Texts of older versions can be read.
 * Thread-safe.
 */
public final class RunText {

    private RunText() {}

    /**
     * Writes a run.
     *
     * @param run the run
     * @return lines of printable ASCII characters, some hundred characters for each file and destination
     */
    public static String of(ExportRun run) {
        return RunDocument.write(run).ascii();
    }

    /**
     * Reads a run back.
     *
     * @param text the result of {@link #of} of this or an older version
     * @param source names where the text is stored, for the message of a failure
     * @return the run
     * @throws StoreException if the text is damaged, or was written by a newer version
     */
    public static ExportRun read(String text, String source) {
        requireNonNull(source, "source");
        return Document.read(source, text.getBytes(StandardCharsets.UTF_8), RunDocument::read);
    }
}
