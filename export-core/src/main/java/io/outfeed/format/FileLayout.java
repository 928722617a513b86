package io.outfeed.format;

import io.outfeed.internal.check.Problems;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a file, in order, and what formats may write of its run into headers and trailers.
 *
 * <p>Immutable, comparable and thread-safe.
 *
 * @param columns one or more, with names and headers that differ
 * @param sequence the receiver's gap-free number of the run
 * @param fireTime when the schedule said run; for a manual run, when it began
 */
public record FileLayout(List<Column> columns, long sequence, Instant fireTime) {

    private static final Instant SAMPLE_TIME = Instant.parse("2026-03-01T07:00:00Z");

    /**
     * Checks the columns.
     *
     * @param columns one or more
     * @param sequence the receiver's number of the run
     * @param fireTime when the schedule said run; for a manual run, when it began
     * @throws io.outfeed.error.InvalidDefinitionException if there is none, or two have one name or header; all
     *     problems are listed
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
     * Makes a layout for checks, where there is no run.
     *
     * @param columns one or more
     * @throws io.outfeed.error.InvalidDefinitionException if there is none, or two have one name or header
     */
    public FileLayout(List<Column> columns) {
        this(columns, 1, SAMPLE_TIME);
    }

    /**
     * Makes a layout for checks, of columns without declared types.
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
