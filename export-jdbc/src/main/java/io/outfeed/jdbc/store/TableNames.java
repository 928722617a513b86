package io.outfeed.jdbc.store;

/**
 * What the tables are called: {@code #} in a statement stands for schema and prefix, {@code @} for the prefix alone.
 *
 * @param schema the schema with a dot behind it, or nothing
 * @param prefix the prefix
 */
record TableNames(String schema, String prefix) {

    String in(String statement) {
        return statement.replace("#", schema + prefix).replace("@", prefix);
    }
}
