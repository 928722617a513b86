package io.outfeed.internal.files;

import io.outfeed.error.MappingException;
import io.outfeed.format.FileLayout;
import io.outfeed.format.RejectedCellException;

/** Makes the failure of a cell that a format rejects, which names the field and the record. */
public final class CellFailure {

    private CellFailure() {}

    /**
     * Makes the failure.
     *
     * @param layout the columns that the format was given
     * @param at names job and run in the message
     */
    public static MappingException failure(RejectedCellException cause, FileLayout layout, String key, String at) {
        String field = layout.columns().get(cause.column()).name();
        String reason = String.valueOf(cause.getMessage());
        return new MappingException(
                "can't write field '" + field + "' of record '" + key + "': " + reason + at, field, key, reason, null);
    }
}
