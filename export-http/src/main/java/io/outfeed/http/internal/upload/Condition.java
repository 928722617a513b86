package io.outfeed.http.internal.upload;

import java.util.Map;

/**
 * What must be true for a request to be carried out. Immutable.
 *
 * @param headers the headers that say it
 */
record Condition(Map<String, String> headers) {

    /** Nothing. */
    static final Condition NONE = new Condition(Map.of());

    /** No file has the name. */
    static final Condition ABSENT = new Condition(Map.of("If-None-Match", "*"));

    /** The file that has the name is the one that was seen. */
    static Condition same(String etag) {
        return new Condition(Map.of("If-Match", etag));
    }

    /** Whether there is one. */
    boolean isStated() {
        return !headers.isEmpty();
    }
}
