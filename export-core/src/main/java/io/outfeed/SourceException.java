package io.outfeed;

import org.jspecify.annotations.Nullable;

/**
 * The source failed, or gave a record that does not belong into the window.
 *
 * <p>Nothing was published and no position moved; the next window covers this one. A cause that was thrown while records
 * were read is carried without its message, since that may quote a row.
 */
public final class SourceException extends ExportException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message what failed and what to do next
     * @param cause what the source threw, or null
     */
    public SourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
