package io.outfeed.examples;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A contact with a constituent, as the host keeps it. */
record Interaction(
        String id,
        String constituentId,
        Kind kind,
        LocalDate occurredOn,
        String channel,
        @Nullable String note,
        Instant updatedAt) {

    enum Kind {
        CALL,
        VISIT,
        EMAIL,
        EVENT
    }
}
