package io.outfeed.jdbc.internal.postgres;

import io.outfeed.source.Position;

/**
 * A transaction id of PostgreSQL as a position: {@code 734@7412345678901234567/1}, the id, the identifier of the
 * database system and its timeline. The database is left out of a position that was made by hand, and of the beginning.
 *
 * @param xid in decimal digits
 * @param database the system and its timeline, or empty
 */
public record TransactionId(String xid, String database) {

    public static final String KIND = "postgresql-xid8";

    public static TransactionId of(Position position) {
        String text = position.text();
        int at = text.indexOf('@');
        TransactionId id =
                at < 0 ? new TransactionId(text, "") : new TransactionId(text.substring(0, at), text.substring(at + 1));
        id.number();
        return id;
    }

    public Position toPosition() {
        return new Position(KIND, database.isEmpty() ? xid : xid + "@" + database);
    }

    /** Unsigned. */
    public long number() {
        try {
            return Long.parseUnsignedLong(xid);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "a position of kind '" + KIND + "' begins with a transaction id in decimal digits, such as 734");
        }
    }
}
