package io.outfeed.jdbc.internal.postgres;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The DDL of a column with the id of the transaction that wrote a row. */
public final class TransactionIdDdl {

    /** A quoted name, or one that PostgreSQL reads as it is written. */
    private static final String NAME = "(?:[a-z_][a-z0-9_]{0,62}|\"[^\"\\x00]{1,63}\")";

    private static final Pattern COLUMN = Pattern.compile(NAME);
    private static final Pattern TABLE = Pattern.compile("(?:(" + NAME + ")\\.)?(" + NAME + ")");
    private static final Pattern FOLDED = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    private TransactionIdDdl() {}

    /**
     * The statements for a table.
     *
     * @throws IllegalArgumentException if a name is neither plain nor quoted
     */
    public static String of(String table, String key, String column) {
        Matcher name = TABLE.matcher(table);
        if (!name.matches()) {
            throw unfit(table, "table");
        }
        String schema = name.group(1) == null ? "" : name.group(1) + ".";
        String plain = name.group(2);
        String function = suffixed(plain, "_set_" + unquoted(checkedColumn(column)));
        return """
                -- Rewrites the table, and locks it meanwhile.
                ALTER TABLE %1$s ADD COLUMN %2$s xid8 NOT NULL DEFAULT pg_current_xact_id();

                CREATE FUNCTION %3$s%4$s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.%2$s := pg_current_xact_id();
                    RETURN NEW;
                END
                $$;

                CREATE TRIGGER %4$s BEFORE INSERT OR UPDATE ON %1$s
                    FOR EACH ROW EXECUTE FUNCTION %3$s%4$s();

                -- Also for what replication applies.
                ALTER TABLE %1$s ENABLE ALWAYS TRIGGER %4$s;

                CREATE INDEX %5$s ON %1$s (%2$s, %6$s);
                """.formatted(
                table, column, schema, function, suffixed(plain, "_by_" + unquoted(column)), checkedColumn(key));
    }

    /** What a row of another database has: no transaction that a snapshot sees has such an id. */
    public static String isAhead(String column) {
        return column + " >= pg_snapshot_xmax(pg_current_snapshot())";
    }

    /**
     * The statement that gives restored rows new ids.
     *
     * @throws IllegalArgumentException if a name is neither plain nor quoted
     */
    public static String restoredIds(String table, String column) {
        if (!TABLE.matcher(table).matches()) {
            throw unfit(table, "table");
        }
        return "UPDATE " + table + " SET " + checkedColumn(column) + " = pg_current_xact_id() WHERE " + isAhead(column);
    }

    /** A name as SQL has it. */
    public static String quoted(String name) {
        return COLUMN.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** @throws IllegalArgumentException if it is neither plain nor quoted */
    public static String checkedColumn(String name) {
        if (!COLUMN.matcher(name).matches()) {
            throw unfit(name, "column");
        }
        return name;
    }

    /** The name of a column, as the database gives it. */
    public static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name;
    }

    private static IllegalArgumentException unfit(String name, String what) {
        boolean folded = Stream.of(name.split("\\."))
                .allMatch(part -> FOLDED.matcher(part).matches());
        return new IllegalArgumentException("'" + name + "' is no plain name of a " + what
                + (folded
                        ? ": PostgreSQL reads capital letters as small ones unless they are quoted: write '"
                                + name.toLowerCase(Locale.ROOT) + "', or quotes around its parts"
                        : ": write small letters, digits and underscores, or quotes around its parts"));
    }

    /** PostgreSQL truncates names to 63 characters. */
    private static String suffixed(String table, String suffix) {
        String plain = unquoted(table);
        String end = suffix.substring(0, Math.min(suffix.length(), 40));
        String name = plain.substring(0, Math.min(plain.length(), 63 - end.length())) + end;
        return COLUMN.matcher(name).matches() ? name : '"' + name + '"';
    }
}
