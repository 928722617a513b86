package io.outfeed.jdbc.internal.postgres;

import java.util.regex.Pattern;

/** The DDL of a column with the id of the transaction that wrote a row. */
public final class TransactionIdDdl {

    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");
    private static final Pattern TABLE =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,62}\\.)?[A-Za-z_][A-Za-z0-9_]{0,62}");

    private TransactionIdDdl() {}

    /**
     * The statements for a table.
     *
     * @throws IllegalArgumentException if a name is no plain identifier
     */
    public static String of(String table, String key, String column) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("'" + table + "' is no plain name of a table");
        }
        String plain = table.substring(table.indexOf('.') + 1);
        String schema = table.substring(0, table.length() - plain.length());
        String function = shortened(plain, "_set_" + checkedColumn(column));
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
                """.formatted(table, column, schema, function, shortened(plain, "_by_" + column), checkedColumn(key));
    }

    /** @throws IllegalArgumentException if it is no plain identifier */
    public static String checkedColumn(String name) {
        if (!COLUMN.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no plain name of a column");
        }
        return name;
    }

    /** PostgreSQL truncates names to 63 characters. */
    private static String shortened(String table, String suffix) {
        String end = suffix.substring(0, Math.min(suffix.length(), 40));
        return table.substring(0, Math.min(table.length(), 63 - end.length())) + end;
    }
}
