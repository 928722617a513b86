package io.outfeed.internal.staging;

import io.outfeed.MappingException;
import io.outfeed.file.UnwritableCellException;
import java.util.List;

/** What a format can't carry, as a failure that names field and record. */
final class Unwritable {

    private Unwritable() {}

    /**
     * Makes the failure.
     *
     * @param headers the headers that the format was given
     * @param at names job and run in the message
     */
    static MappingException failure(UnwritableCellException cause, List<String> headers, String key, String at) {
        String field = headers.get(cause.column());
        String reason = String.valueOf(cause.getMessage());
        return new MappingException(
                "can't write field '" + field + "' of record '" + key + "': " + reason + at, field, key, reason, null);
    }
}
