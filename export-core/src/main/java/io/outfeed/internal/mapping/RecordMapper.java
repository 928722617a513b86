package io.outfeed.internal.mapping;

import static java.util.Objects.requireNonNullElse;

import io.outfeed.ExportDefinition;
import io.outfeed.error.MappingException;
import io.outfeed.file.FileNames;
import io.outfeed.internal.failure.HostCalls;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Filters and maps records, and turns failures of the host's code into rejected records. Used by the thread of the run.
 */
public final class RecordMapper<T> {

    private final ExportDefinition<T> definition;
    private final RowMapper<T> cells;
    private final String at;

    /** The values of which folders and partitions have come, by option and name. */
    private final Map<String, Map<String, Value>> values = new HashMap<>();

    /** A value of a partition, and the first record that has it. */
    private record Value(String text, String key) {}

    /** @param where names job and run in a message, such as {@code job=visits, run=7} */
    public RecordMapper(ExportDefinition<T> definition, String where) {
        this.definition = definition;
        this.cells = new RowMapper<>(definition.fields().mappings(), new CellText(definition.valueTexts(), where));
        this.at = " (" + where + ")";
    }

    /** Filters and maps a record of the window. */
    public MappedRecord outcome(T record, String key) {
        try {
            return passesFilter(record, key) ? row(record, key) : MappedRecord.LeftOut.INSTANCE;
        } catch (MappingException e) {
            return MappedRecord.Rejected.of(definition, e);
        }
    }

    /**
     * Whether a record is exported.
     *
     * @throws MappingException if the filter fails
     */
    public boolean passesFilter(T record, String key) {
        try {
            return definition.filter().test(record);
        } catch (Throwable e) {
            throw failure("the filter of " + definition + " failed for record '" + key + "'", "filter", key, e);
        }
    }

    /**
     * Maps a record, whatever the filter says.
     *
     * @throws MappingException if it can't be mapped
     */
    public MappedRecord.Row row(T record, String key) {
        return new MappedRecord.Row(place(record, key), cells.map(record, key));
    }

    private String place(T record, String key) {
        return new FileKey(
                        name(FileNames.PORTABLE, definition.folderPer(), "folder", "folderPer", record, key),
                        name(definition.file().name().allowed(), definition.filePer(), "file", "filePer", record, key))
                .text();
    }

    /** Returns a safe name from a value of the record; empty if the option is not set. */
    private String name(
            FileNames allowed,
            Optional<Function<? super T, String>> function,
            String what,
            String option,
            T record,
            String key) {
        if (function.isEmpty()) {
            return "";
        }
        String value;
        try {
            value = requireNonNullElse(function.get().apply(record), "");
        } catch (Throwable e) {
            throw failure("can't tell the " + what + " of record '" + key + "' of " + definition, option, key, e);
        }
        String name = allowed.clean(value);
        Optional<String> problem = allowed.problem(name);
        if (problem.isPresent()) {
            String reason = what + " is no safe name: " + problem.get();
            throw new MappingException(
                    "the " + what + " of record '" + key + "' of " + definition + " is no safe name: " + problem.get()
                            + at,
                    option,
                    key,
                    "its " + reason,
                    null);
        }
        Value first = values.computeIfAbsent(option, other -> new HashMap<>())
                .computeIfAbsent(name, other -> new Value(value, key));
        if (!first.text().equals(value)) {
            String reason = "its " + what + " and that of record '" + first.key() + "' differ, and both become '" + name
                    + "': let " + option + " give safe names that differ";
            throw new MappingException(
                    "the " + what + " of record '" + key + "' of " + definition + " is no name of its own: " + reason
                            + at,
                    option,
                    key,
                    reason,
                    null);
        }
        return name;
    }

    private MappingException failure(String message, String field, String key, Throwable cause) {
        String advice = "correct the record, or the function";
        return new MappingException(
                message + ": " + advice + at,
                field,
                key,
                cause.getClass().getName() + ": " + advice,
                HostCalls.redact(cause));
    }
}
