package io.outfeed.incident;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a notifier was given about an incident, and when. Immutable.
 *
 * @param openedAt when it was told of the incident; empty if it was not
 * @param remindedAt when it was reminded last; empty if it was not
 * @param endedAt when it was told of the end; empty if it was not
 */
public record NoticeRecord(Optional<Instant> openedAt, Optional<Instant> remindedAt, Optional<Instant> endedAt) {

    /** A notifier that was given nothing. */
    public static final NoticeRecord NONE = new NoticeRecord(Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Checks that nothing is missing.
     *
     * @param openedAt when it was told of the incident
     * @param remindedAt when it was reminded last
     * @param endedAt when it was told of the end
     */
    public NoticeRecord {
        requireNonNull(openedAt, "openedAt");
        requireNonNull(remindedAt, "remindedAt");
        requireNonNull(endedAt, "endedAt");
    }

    /**
     * Tells whether the notifier was told last that the incident is there, and not that it is over.
     *
     * @return false if it was given nothing
     */
    public boolean believedOpen() {
        return Stream.concat(openedAt.stream(), remindedAt.stream())
                .anyMatch(told -> endedAt.map(told::isAfter).orElse(true));
    }

    /**
     * Returns when the notifier was given something last.
     *
     * @return the latest of the times; empty if it was given nothing
     */
    public Optional<Instant> lastAt() {
        return Stream.of(openedAt, remindedAt, endedAt)
                .flatMap(Optional::stream)
                .max(Instant::compareTo);
    }
}
