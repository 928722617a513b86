package io.outfeed.format;

import io.outfeed.internal.check.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a file, in order.
 *
 * <p>Immutable, comparable and thread-safe.
 *
 * @param columns one or more, with names and headers that differ
 */
public record FileLayout(List<Column> columns) {

    /**
     * Checks the columns.
     *
     * @param columns one or more
     * @throws io.outfeed.error.InvalidDefinitionException if there is none, or two have one name or header; all problems
     *     are listed
     */
    public FileLayout {
        columns = List.copyOf(columns);
        Problems problems = new Problems();
        problems.addIf(columns.isEmpty(), "there is no column");
        Set<String> names = new HashSet<>();
        Set<String> headers = new HashSet<>();
        for (Column column : columns) {
            boolean twice = !names.add(column.name());
            problems.addIf(twice, "column '" + column.name() + "' appears twice");
            problems.addIf(
                    !headers.add(column.header()) && !twice,
                    "the header '" + column.header() + "' of column '" + column.name() + "' appears twice");
        }
        problems.throwIfAny("layout");
    }

    /**
     * Makes a layout of columns without declared types.
     *
     * @param names their names, which are also the headers
     * @return the layout
     */
    public static FileLayout of(String... names) {
        return new FileLayout(List.of(names).stream().map(Column::of).toList());
    }

    /**
     * Returns the number of columns.
     *
     * @return one or more
     */
    public int size() {
        return columns.size();
    }

    /**
     * Returns the headers.
     *
     * @return in the order of the columns
     */
    public List<String> headers() {
        return columns.stream().map(Column::header).toList();
    }

    /** The names of the columns. */
    @Override
    public String toString() {
        return columns.stream().map(Column::name).toList().toString();
    }
}
