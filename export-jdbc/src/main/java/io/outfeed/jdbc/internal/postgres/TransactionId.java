package io.outfeed.jdbc.internal.postgres;

import io.outfeed.source.Position;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transaction id of PostgreSQL as a position: {@code 734@7412345678901234567/1}, the id, the identifier of the
 * database system and its timeline. The database is left out of a position that was made by hand, and of the beginning.
 *
 * @param xid in decimal digits
 * @param database the system and its timeline, or empty
 */
public record TransactionId(String xid, String database) {

    public static final String KIND = "postgresql-xid8";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,20})(?:@(\\d+/\\d+))?");

    /** @throws IllegalArgumentException if its text is no transaction id */
    public static TransactionId of(Position position) {
        Matcher text = TEXT.matcher(position.text());
        if (!text.matches()) {
            throw unreadable();
        }
        String database = text.group(2);
        TransactionId id = new TransactionId(text.group(1), database == null ? "" : database);
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
            throw unreadable();
        }
    }

    private static IllegalArgumentException unreadable() {
        return new IllegalArgumentException(
                "a position of kind '" + KIND + "' is a transaction id in decimal digits, such as 734");
    }
}
