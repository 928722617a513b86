package io.outfeed.jdbc.internal.sql;

/**
 * The names of the tables: {@code #} in a statement stands for schema and prefix, {@code @} for the prefix alone.
 *
 * @param schema the schema and a dot, or nothing
 * @param prefix the prefix
 */
public record TableNames(String schema, String prefix) {

    public String in(String statement) {
        return statement.replace("#", schema + prefix).replace("@", prefix);
    }
}
