package io.outfeed;

import io.outfeed.field.FieldMapping;
import io.outfeed.file.FileSpec;
import io.outfeed.format.Column;
import io.outfeed.format.FileLayout;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.source.DeclaredParameter;
import io.outfeed.source.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that the parts of a definition are present and fit together. */
final class DefinitionValidation {

    private DefinitionValidation() {}

    /**
     * Adds all problems of a definition.
     *
     * @param fields the problems of its fields, which are not set then
     * @param texts the problems of its value texts
     * @param files the problems of its file, which is not set then
     */
    static void check(
            String name,
            ExportDefinition.Options<?> options,
            List<String> fields,
            List<String> texts,
            List<String> files,
            Problems problems) {
        SafeName.problem(name).ifPresent(problem -> problems.add("the name is no safe file name: " + problem));
        problems.addIfMissing(options.source, "source is missing: add .source(RecordSource.of(window -> ...))");
        problems.addIfMissing(options.recordKey, "recordKey is missing: add .recordKey(Record::id)");
        problems.addIfMissing(
                options.watermark,
                "watermark is missing: add .watermark(Watermark.timestamp(Record::updatedAt, settleTime)) or"
                        + " .watermark(Watermark.fullSnapshot())");
        problems.addAll(fields);
        problems.addIf(
                options.fields == null && fields.isEmpty(), "fields are missing: add .fields(f -> f.field(...))");
        problems.addAll(texts);
        problems.addAll(files);
        problems.addIf(
                options.file == null && files.isEmpty(), "file.name is missing: add .file(f -> f.name(\"...\"))");
        checkChoices(options, problems);
        checkParameters(options.parameters, problems);
        checkWatermark(options, problems);
        if (options.file != null) {
            checkFile(options, options.file, problems);
        }
    }

    private static void checkChoices(ExportDefinition.Options<?> options, Problems problems) {
        if (options.choices == null || options.fields == null) {
            return;
        }
        Set<String> names = new HashSet<>();
        options.fields.mappings().forEach(field -> names.add(field.name()));
        for (FieldMapping<?> field : options.choices.fields()) {
            problems.addIf(
                    !names.add(field.name()), "choices: field '" + field.name() + "' is a field of the definition too");
        }
    }

    private static void checkParameters(List<DeclaredParameter> parameters, Problems problems) {
        Set<String> names = new HashSet<>();
        for (DeclaredParameter parameter : parameters) {
            problems.addIf(parameter.name().isBlank(), "a parameter has a blank name");
            problems.addIf(!names.add(parameter.name()), "parameter '" + parameter.name() + "' appears twice");
        }
    }

    private static void checkWatermark(ExportDefinition.Options<?> options, Problems problems) {
        problems.addIf(
                options.lookback != null && !isOfKind(options, Position.TIMESTAMP),
                "lookback is for timestamp watermarks: remove it, or use Watermark.timestamp");
        if (options.changes != null) {
            problems.addIf(
                    !isOfKind(options, Position.SNAPSHOT),
                    "changes compares all records with all that were delivered: use Watermark.fullSnapshot()");
            if (options.fields != null) {
                problems.addAll(options.changes.problems(options.fields));
            }
        }
    }

    /** Whether the watermark makes positions of a kind; true if it is missing, which is reported elsewhere. */
    private static boolean isOfKind(ExportDefinition.Options<?> options, String kind) {
        return options.watermark == null || options.watermark.kind().equals(kind);
    }

    private static void checkFile(ExportDefinition.Options<?> options, FileSpec file, Problems problems) {
        problems.addIf(
                file.splitAfterBytes().isPresent() && !file.format().measuresRecords(),
                "file.splitAfterBytes needs a format that knows the size of a file while it is written, which "
                        + file.format() + " does not: use splitAfterRows");
        if (options.fields != null) {
            checkColumns(options.changes, options.fields.columns(), file, problems);
        }
        boolean used = file.name().uses("partition");
        problems.addIf(
                options.filePer != null && !used,
                "file.name '" + file.name() + "' must have {partition}, since filePer is set");
        problems.addIf(
                options.filePer == null && used,
                "file.name '" + file.name() + "' has {partition}, but there is no value for it: add"
                        + " .filePer(Record::value)");
        if (options.watermark != null && file.name().needsWindowTimes()) {
            problems.addIf(
                    options.watermark.beginning().instant().isEmpty(),
                    "file.name '" + file.name() + "' has a date pattern for the window, whose bounds are of kind '"
                            + options.watermark.kind() + "': use {fire} for a time");
        }
    }

    private static void checkColumns(
            @Nullable ChangeDetection changes, List<Column> fields, FileSpec file, Problems problems) {
        List<Column> columns = new ArrayList<>(columnOfChanges(changes));
        columns.addAll(fields);
        boolean differ = columns.stream().map(Column::header).distinct().count() == columns.size();
        if (differ) { // else the column of changes has the name of a field, which is reported elsewhere
            FileLayout layout = new FileLayout(columns);
            file.format().problems(layout).forEach(problem -> problems.add("file.format: " + problem));
            file.transforms()
                    .forEach(transform -> transform
                            .problems(layout)
                            .forEach(problem -> problems.add("file.transforms has " + transform + ": " + problem)));
        }
        Set<String> sums = new LinkedHashSet<>(file.sums());
        sums.addAll(file.format().sums());
        for (String sum : sums) {
            Optional<Column> summed =
                    fields.stream().filter(field -> field.name().equals(sum)).findFirst();
            problems.addIf(summed.isEmpty(), "file.sums has '" + sum + "', which is no field");
            summed.flatMap(Column::type)
                    .ifPresent(type -> problems.addIf(
                            !type.cells().isNumber(),
                            "file.sums has field '" + sum + "', which is declared as " + type + ": numbers have sums"));
        }
        if (changes != null
                && changes.column().isEmpty()
                && !file.format().sums().isEmpty()) {
            problems.add("file.format writes the sums of " + file.format().sums()
                    + ", which a file of removed rows does not have: use a column of changes instead of three files");
        }
    }

    /** Returns the columns of the files of a definition. */
    static FileLayout layout(ExportDefinition<?> definition) {
        List<Column> columns =
                new ArrayList<>(columnOfChanges(definition.changes().orElse(null)));
        columns.addAll(definition.fields().columns());
        return new FileLayout(columns);
    }

    private static List<Column> columnOfChanges(@Nullable ChangeDetection changes) {
        return Optional.ofNullable(changes).flatMap(ChangeDetection::column).stream()
                .map(Column::of)
                .toList();
    }
}
