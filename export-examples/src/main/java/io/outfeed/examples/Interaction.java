package io.outfeed.examples;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
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

    static Interaction read(ResultSet row) throws SQLException {
        return new Interaction(
                row.getString("interaction_id"),
                row.getString("constituent_id"),
                Kind.valueOf(row.getString("kind")),
                row.getObject("occurred_on", LocalDate.class),
                row.getString("channel"),
                row.getString("note"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
