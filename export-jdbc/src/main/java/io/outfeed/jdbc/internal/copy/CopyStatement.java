package io.outfeed.jdbc.internal.copy;

import io.outfeed.jdbc.internal.column.Columns;
import io.outfeed.jdbc.internal.query.NamedQuery;
import io.outfeed.jdbc.internal.query.QueryParameters;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The texts of the statements that read a query by COPY. */
final class CopyStatement {

    private static final String SETTING = "outfeed.p";

    private CopyStatement() {}

    /** The statement that sets the values of parameters for the transaction, and tells the limit of statements. */
    static String settings(int parameters) {
        return IntStream.rangeClosed(1, parameters)
                .mapToObj(i -> ", pg_catalog.set_config('" + SETTING + i + "', CAST(? AS text), true)")
                .collect(Collectors.joining(
                        "",
                        "SELECT pg_catalog.current_setting('statement_timeout'),"
                                + " pg_catalog.set_config('max_parallel_workers_per_gather', '0', true)",
                        ""));
    }

    /**
     * The statement that reads the rows.
     *
     * @param types of the values in the order in which they are bound
     */
    static String of(NamedQuery query, QueryParameters parameters, List<String> types, Columns columns) {
        String sql =
                NamedQuery.withoutSemicolon(parameters.write(query, (i, isNull) -> value(i, types.get(i - 1), isNull)));
        return "COPY (\n" + projected(sql, columns) + "\n) TO STDOUT (FORMAT binary)";
    }

    /** A subquery is evaluated once, whatever the number of rows that are compared with it. */
    private static String value(int number, String type, boolean isNull) {
        String value = isNull ? "NULL" : "pg_catalog.current_setting('" + SETTING + number + "')";
        return "(SELECT CAST(" + value + " AS " + quoted(type) + "))";
    }

    /** The driver quotes the names of types that are in no schema of the search path. */
    private static String quoted(String type) {
        return type.startsWith("\"") ? type : '"' + type.replace("\"", "\"\"") + '"';
    }

    /** The query with its columns as what can be read: what has no known bytes becomes the text of its type. */
    private static String projected(String sql, Columns columns) {
        int count = columns.names().size();
        if (IntStream.range(0, count).allMatch(i -> columns.binary(i) != null)) {
            return sql;
        }
        return IntStream.range(0, count)
                        .mapToObj(i -> columns.binary(i) == null ? text(name(i)) : name(i))
                        .collect(Collectors.joining(", ", "SELECT ", " FROM (\n"))
                + sql
                + IntStream.range(0, count)
                        .mapToObj(CopyStatement::name)
                        .collect(Collectors.joining(", ", "\n) query (", ")"));
    }

    /** Names that are not those of the query, which may have one twice. */
    private static String name(int index) {
        return "v" + (index + 1);
    }

    /**
     * The text that the type itself writes, as a cursor gives it. A cast gives another one where its type has a cast to
     * text of its own, such as {@code inet}, and {@code IS NULL} is true for a row whose columns are null.
     */
    private static String text(String name) {
        return "CASE WHEN pg_catalog.num_nonnulls(" + name + ") = 1 THEN pg_catalog.format('%s', " + name + ") END";
    }
}
