package io.outfeed.http.internal.upload;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * What a receiver says of a name.
 *
 * @param presence whether a file is there
 * @param bytes its size; empty if it is not said
 * @param etag its strong entity tag; empty if there is none
 * @param modifiedAt when it was modified; empty if it is not said
 */
record FoundFile(Presence presence, Optional<Long> bytes, Optional<String> etag, Optional<Instant> modifiedAt) {

    enum Presence {
        PRESENT,
        MISSING,
        NOT_SAID
    }

    static final FoundFile NOT_SAID =
            new FoundFile(Presence.NOT_SAID, Optional.empty(), Optional.empty(), Optional.empty());

    private static final FoundFile MISSING =
            new FoundFile(Presence.MISSING, Optional.empty(), Optional.empty(), Optional.empty());

    /** Reads the answer to HEAD or GET. */
    static FoundFile of(HttpResponse<?> answer) {
        return switch (answer.statusCode()) {
            case 200 -> present(answer.headers());
            case 404, 410 -> MISSING;
            default -> NOT_SAID;
        };
    }

    private static FoundFile present(HttpHeaders headers) {
        return new FoundFile(
                Presence.PRESENT,
                size(headers),
                headers.firstValue("ETag").filter(tag -> tag.startsWith("\"")),
                headers.firstValue("Last-Modified").flatMap(FoundFile::time));
    }

    /** Of a body that is compressed on the way the size is another one. */
    private static Optional<Long> size(HttpHeaders headers) {
        if (headers.firstValue("Content-Encoding").isPresent()) {
            return Optional.empty();
        }
        return headers.firstValue("Content-Length")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::valueOf);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) { // said otherwise than HTTP has it
            return Optional.empty();
        }
    }

    boolean isPresent() {
        return presence == Presence.PRESENT;
    }

    boolean isMissing() {
        return presence == Presence.MISSING;
    }
}
