package io.outfeed.store;

import io.outfeed.ExportRun;
import io.outfeed.StoreException;
import java.nio.charset.StandardCharsets;

/**
 * A run as text that a person can read, with a version and a checksum: for stores that keep it in a table or elsewhere.
 *
 * <p>Text of an older version is read by a newer one. Thread-safe.
 */
public final class RunText {

    private RunText() {}

    /**
     * Writes a run.
     *
     * @param run the run
     * @return lines that end with a line feed
     */
    public static String write(ExportRun run) {
        return new String(RunDocument.write(run).bytes(), StandardCharsets.UTF_8);
    }

    /**
     * Reads a run back.
     *
     * @param text what {@link #write} gave
     * @return the run
     * @throws StoreException if the text is damaged, or was written by a newer version
     */
    public static ExportRun read(String text) {
        return Document.read("a run of the store", text.getBytes(StandardCharsets.UTF_8), RunDocument::read);
    }
}
