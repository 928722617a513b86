package io.outfeed.jdbc.internal.postgres;

import io.outfeed.source.Position;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A transaction id of PostgreSQL as a position: {@code 734@7412345678901234567/1#16389+16402}, the id, the
 * identifier of the database system and its timeline, and those of the tables. Database and tables are left out of a
 * position that was made by hand, and of the beginning; tables also where none is known.
 *
 * @param xid in decimal digits
 * @param database the system and its timeline, or empty
 * @param tables their identifiers in decimal digits, or empty
 */
public record TransactionId(String xid, String database, List<String> tables) {

    public static final String KIND = "postgresql-xid8";

    private static final Pattern TEXT = Pattern.compile("(\\d{1,20})(?:@(\\d+/\\d+)(?:#(\\d+(?:\\+\\d+)*))?)?");

    public TransactionId {
        tables = List.copyOf(tables);
    }

    /** An id of no database, as a person writes it. */
    public static TransactionId ofXid(String xid) {
        return new TransactionId(xid, "", List.of());
    }

    /** @throws IllegalArgumentException if its text is no transaction id */
    public static TransactionId of(Position position) {
        Matcher text = TEXT.matcher(position.text());
        if (!text.matches()) {
            throw unreadable();
        }
        String database = text.group(2);
        TransactionId id = new TransactionId(text.group(1), database == null ? "" : database, tables(text.group(3)));
        id.number();
        return id;
    }

    /** The identifiers of tables with a plus between them; null if none is known. */
    static List<String> tables(@Nullable String text) {
        return text == null ? List.of() : List.of(text.split("\\+"));
    }

    public Position toPosition() {
        return new Position(
                KIND,
                xid
                        + (database.isEmpty() ? "" : "@" + database)
                        + (tables.isEmpty() ? "" : "#" + String.join("+", tables)));
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
