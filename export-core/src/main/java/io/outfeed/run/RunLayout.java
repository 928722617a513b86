package io.outfeed.run;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * How the files of a definition are laid out: compared with those of an earlier run, so that a change is told. Has
 * names and digests, no values.
 *
 * <p>Immutable.
 *
 * @param definition the name of the definition
 * @param columns the columns, in order
 * @param parts what else makes the files, by its name for people, such as {@code the format}: texts that are compared
 * @param since the run before, whose files were laid out otherwise; empty if there is none
 * @param changes what differs from that run, as clauses
 */
public record RunLayout(
        String definition, List<Column> columns, Map<String, String> parts, OptionalLong since, List<String> changes) {

    /**
     * A column.
     *
     * @param name the name of its field
     * @param header its header
     * @param mapping a digest of how it is made of a record
     */
    public record Column(String name, String header, String mapping) {}

    /**
     * Copies the lists.
     *
     * @param definition the name of the definition
     * @param columns the columns, in order
     * @param parts what else makes the files, by its name for people
     * @param since the run before, whose files were laid out otherwise; empty if there is none
     * @param changes what differs from that run, as clauses
     */
    public RunLayout {
        requireNonNull(definition, "definition");
        columns = List.copyOf(columns);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
        requireNonNull(since, "since");
        changes = List.copyOf(changes);
    }

    /**
     * Compares with the layout of an earlier run.
     *
     * @param before that layout
     * @param run the number of the run that committed last
     * @return this layout with the changes; empty if there are none
     */
    public Optional<RunLayout> changedSince(RunLayout before, long run) {
        List<String> found = new ArrayList<>();
        Map<String, Column> old = byName(before);
        Map<String, Column> now = byName(this);
        for (Column column : columns) {
            Column other = old.get(column.name());
            if (other == null) {
                found.add("column '" + column.name() + "' is new");
                continue;
            }
            if (!other.header().equals(column.header())) {
                found.add("the header of column '" + column.name() + "' was '" + other.header() + "' and is '"
                        + column.header() + "'");
            }
            if (!other.mapping().equals(column.mapping())) {
                found.add("column '" + column.name() + "' is made otherwise");
            }
        }
        before.columns.stream()
                .filter(column -> !now.containsKey(column.name()))
                .forEach(column -> found.add("column '" + column.name() + "' is gone"));
        if (!common(before, now).equals(common(this, old))) {
            found.add("the columns have another order");
        }
        parts.forEach((part, text) -> {
            if (!text.equals(before.parts.get(part))) {
                found.add(part + " differs");
            }
        });
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(new RunLayout(definition, columns, parts, OptionalLong.of(run), found));
    }

    private static Map<String, Column> byName(RunLayout layout) {
        Map<String, Column> columns = new HashMap<>();
        layout.columns.forEach(column -> columns.put(column.name(), column));
        return columns;
    }

    private static List<String> common(RunLayout layout, Map<String, Column> other) {
        return layout.columns.stream()
                .map(Column::name)
                .filter(other::containsKey)
                .collect(Collectors.toList());
    }

    /** What has changed, without values. */
    @Override
    public String toString() {
        String subject = "the layout of '" + definition + "'";
        return since.isEmpty()
                ? subject
                : subject + " differs from that of run " + since.getAsLong() + ": " + String.join(", ", changes);
    }
}
