package io.outfeed.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.StoreException;
import io.outfeed.run.ExportRun;
import java.nio.charset.StandardCharsets;

/**
 * A run as a text of ASCII characters, for stores that keep it beside what they search by.
 *
 * <p>The text has a version and a checksum, and is what {@link FileStore} writes into its files: what a run learns to
 * remember is kept by every store that uses it, and what older versions have written is read. Thread-safe.
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
     * @param text what {@link #of} gave, to this or an older version
     * @param source names where the text is kept, for the message of a failure
     * @return the run
     * @throws StoreException if the text is damaged, or was written by a newer version
     */
    public static ExportRun read(String text, String source) {
        requireNonNull(source, "source");
        return Document.read(source, text.getBytes(StandardCharsets.UTF_8), RunDocument::read);
    }
}
