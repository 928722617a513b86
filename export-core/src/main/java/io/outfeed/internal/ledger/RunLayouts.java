package io.outfeed.internal.ledger;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.field.FieldMapping;
import io.outfeed.internal.io.TextDigest;
import io.outfeed.layout.Layout;
import io.outfeed.layout.LayoutColumn;
import io.outfeed.run.RunLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Describes how the files of a job are laid out, and finds what has changed. */
public final class RunLayouts {

    private static final int DIGEST_BYTES = 8;

    private RunLayouts() {}

    /**
     * Returns the layouts that no run has written before.
     *
     * @param written the definitions of which the run has a file
     * @param before the layouts that were delivered last, by definition
     * @param last the run that committed last
     */
    public static List<RunLayout> changed(
            ExportJob job, Set<String> written, Map<String, RunLayout> before, long last) {
        List<RunLayout> changed = new ArrayList<>();
        for (ExportDefinition<?> definition : job.definitions()) {
            if (written.contains(definition.name())) {
                RunLayout layout = of(job, definition);
                Optional.ofNullable(before.get(definition.name()))
                        .map(known -> layout.changedSince(known, last))
                        .orElse(Optional.of(layout))
                        .ifPresent(changed::add);
            }
        }
        return changed;
    }

    /** Returns the layouts as they are kept for the next run. */
    public static Map<String, RunLayout> after(Map<String, RunLayout> before, List<RunLayout> written) {
        Map<String, RunLayout> after = new TreeMap<>(before);
        written.forEach(layout -> after.put(
                layout.definition(),
                new RunLayout(layout.definition(), layout.columns(), layout.parts(), OptionalLong.empty(), List.of())));
        return after;
    }

    private static RunLayout of(ExportJob job, ExportDefinition<?> definition) {
        Layout layout = job.layout(definition.name());
        List<RunLayout.Column> columns = new ArrayList<>();
        List<? extends FieldMapping<?>> mappings = definition.fields().mappings();
        List<LayoutColumn> chosen = layout.columns();
        for (int i = 0; i < mappings.size(); i++) {
            FieldMapping<?> mapping = mappings.get(i);
            TextDigest digest = new TextDigest();
            digest.add(mapping.kind() + " " + mapping.type() + " " + mapping.sensitive() + " " + mapping.required());
            if (!chosen.isEmpty()) {
                digest.addTree(withoutNames(chosen.get(i)).toTree());
            }
            columns.add(new RunLayout.Column(mapping.name(), mapping.header(), digest.hex(DIGEST_BYTES)));
        }
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("the format", digest(definition.file().format().fingerprint()));
        parts.put("the name of the file", digest(definition.file().name().toString()));
        parts.put("what compresses or encrypts the file", digest(transforms(job, definition)));
        parts.put("the filter", new TextDigest().addTree(layout.filters()).hex(DIGEST_BYTES));
        parts.put("the version of the definition", digest(definition.version()));
        return new RunLayout(definition.name(), columns, parts, OptionalLong.empty(), List.of());
    }

    private static String transforms(ExportJob job, ExportDefinition<?> definition) {
        return Stream.concat(
                        job.transforms(definition).stream(),
                        job.archive().isEmpty() ? Stream.empty() : job.transforms().stream())
                .map(transform -> transform.ending() + " " + transform.fingerprint())
                .collect(Collectors.joining(", "));
    }

    /** Returns how a column is made, whatever it is called. */
    private static Layout withoutNames(LayoutColumn column) {
        return Layout.builder()
                .column(new LayoutColumn(
                        column.field(),
                        column.constant(),
                        Optional.empty(),
                        Optional.empty(),
                        column.transformations(),
                        column.codes()))
                .build();
    }

    private static String digest(String text) {
        return new TextDigest().add(text).hex(DIGEST_BYTES);
    }
}
