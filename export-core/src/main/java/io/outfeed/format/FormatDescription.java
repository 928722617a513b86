package io.outfeed.format;

import static java.util.Objects.requireNonNull;

import java.nio.charset.Charset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a receiver's program needs to know to read a format, in the terms of a <a
 * href="https://datapackage.org/standard/data-resource/">data resource</a>.
 *
 * <p>Immutable.
 *
 * @param name the usual ending of such files, such as {@code csv}
 * @param mediaType such as {@code text/csv}
 * @param charset the charset; empty if the format has none
 * @param dialect the properties of a <a href="https://datapackage.org/standard/table-dialect/">table dialect</a> that
 *     differ from their defaults: texts, booleans, or lists of numbers
 * @param nullText the text for a null; empty if a null is written like an empty text, or as the format does it
 */
public record FormatDescription(
        String name,
        String mediaType,
        Optional<Charset> charset,
        Map<String, Object> dialect,
        Optional<String> nullText) {

    /**
     * Copies the dialect.
     *
     * @param name the usual ending of such files, such as {@code csv}
     * @param mediaType such as {@code text/csv}
     * @param charset the charset; empty if the format has none
     * @param dialect the properties of a table dialect that differ from their defaults
     * @param nullText the text for a null; empty if a null is written like an empty text, or as the format does it
     */
    public FormatDescription {
        requireNonNull(name, "name");
        requireNonNull(mediaType, "mediaType");
        dialect = Collections.unmodifiableMap(new LinkedHashMap<>(dialect));
    }

    /**
     * Describes a format without options that a reader must know.
     *
     * @param name the usual ending of such files
     * @param mediaType such as {@code application/json}
     * @param charset the charset; empty if the format has none
     * @return the description
     */
    public static FormatDescription of(String name, String mediaType, Optional<Charset> charset) {
        return new FormatDescription(name, mediaType, charset, Map.of(), Optional.empty());
    }
}
