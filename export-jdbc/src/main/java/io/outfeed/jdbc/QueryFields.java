package io.outfeed.jdbc;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.Fields;
import io.outfeed.jdbc.internal.column.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes the fields of an export of the columns of its query. */
final class QueryFields {

    private QueryFields() {}

    /**
     * Makes a field of each column.
     *
     * @param source what an exception calls the source
     * @param without the columns to leave out, in any case
     */
    static Fields<Row> of(String source, Columns columns, List<String> without) {
        List<String> names = columns.names();
        List<String> problems = new ArrayList<>();
        Set<String> left = without.stream().map(QueryFields::folded).collect(Collectors.toCollection(TreeSet::new));
        Set<String> unknown = new TreeSet<>(left);
        Set<String> seen = new TreeSet<>();
        Fields.Builder<Row> fields = Fields.builder(Row.class);
        boolean any = false;
        for (int i = 0; i < names.size(); i++) {
            String column = names.get(i);
            unknown.remove(folded(column));
            if (!seen.add(folded(column))) {
                problems.add(
                        "the query has more than one column '" + column + "': give one of them another name, with AS");
            } else if (!left.contains(folded(column))) {
                fields.field(column, row -> row.value(column));
                columns.type(i).cells().ifPresent(type -> fields.type(column, type));
                any = true;
            }
        }
        for (String name : unknown) {
            problems.add("there is no column '" + name + "' to leave out: the query has " + names);
        }
        if (!any) {
            problems.add("no column is left: the query has " + names);
        }
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException(source, problems);
        }
        return fields.build();
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
