package io.outfeed.internal.preview;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.MappingException;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.FieldPreview;
import io.outfeed.field.SkippedField;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.mapping.Cell;
import io.outfeed.internal.mapping.CellText;
import io.outfeed.internal.mapping.RawText;
import io.outfeed.internal.mapping.RecordMapper;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.reading.RecordFinder;
import io.outfeed.internal.reading.SourcePermits;
import io.outfeed.operation.RecordPreview;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Previews mapped records, and the cells that their format rejects. Accesses nothing but the source. Thread-safe. */
public final class Previewer {

    static final int MAX_RECORDS = 5;

    private final SourcePermits permits;
    private final Clock clock;

    public Previewer(SourcePermits permits, Clock clock) {
        this.permits = permits;
        this.clock = clock;
    }

    /** Returns previews of the records with these keys that there are; without keys, of the first records. */
    public <T> List<RecordPreview> preview(ExportJob job, ExportDefinition<T> definition, List<String> keys) {
        if (keys.size() > MAX_RECORDS) {
            throw new IllegalArgumentException(
                    "a preview shows at most " + MAX_RECORDS + " records, not " + keys.size());
        }
        RecordMapper<T> mapper = new RecordMapper<>(definition, Context.names(job));
        String at = Context.of(job);
        try (SourcePermits.Permitted<PlannedExport<T>> export = permits.open(
                        List.of(definition),
                        at,
                        () -> PlannedExport.open(definition, job.parameters(), Optional.empty(), clock, at));
                FormatTrial format = new FormatTrial(definition, Context.of(job))) {
            RecordFinder<T> finder = new RecordFinder<>(export.sessions());
            Map<String, T> records = keys.isEmpty() ? finder.first(MAX_RECORDS) : finder.byKey(keys);
            CellText texts = new CellText(definition.valueTexts(), Context.names(job));
            List<RecordPreview> previews = new ArrayList<>();
            records.forEach((key, record) -> previews.add(new RecordPreview(
                    key, mapper.passesFilter(record, key), previewFields(definition, texts, format, record, key))));
            return previews;
        }
    }

    private static <T> List<FieldPreview> previewFields(
            ExportDefinition<T> definition, CellText texts, FormatTrial format, T record, String key) {
        List<? extends FieldMapping<? super T>> mappings = definition.fields().mappings();
        List<@Nullable Cell> cells = new ArrayList<>();
        Map<Integer, MappingException> failures = new HashMap<>();
        for (int i = 0; i < mappings.size(); i++) {
            try {
                cells.add(texts.of(mappings.get(i), record, key));
            } catch (MappingException e) {
                cells.add(null);
                failures.put(i, e);
            }
        }
        format.failures(cells, key).forEach(failures::putIfAbsent);
        List<FieldPreview> fields = new ArrayList<>();
        for (int i = 0; i < mappings.size(); i++) {
            fields.add(previewField(mappings.get(i), record, cells.get(i), Optional.ofNullable(failures.get(i))));
        }
        for (SkippedField skipped : definition.fields().skipped()) {
            fields.add(new FieldPreview(
                    skipped.name(),
                    skipped.name(),
                    FieldKind.NOT_MAPPED,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(skipped.reason())));
        }
        return fields;
    }

    private static <T> FieldPreview previewField(
            FieldMapping<? super T> mapping, T record, @Nullable Cell cell, Optional<MappingException> failure) {
        Optional<String> raw = Optional.empty();
        Optional<String> unread = Optional.empty();
        try {
            raw = Optional.ofNullable(RawText.of(mapping.rawValueOf(record)));
        } catch (Throwable e) {
            HostCalls.redact(e);
            unread = Optional.of("what the record has can't be read: "
                    + e.getClass().getName() + " (its message is left out, since it may quote the record)");
        }
        Optional<String> text = Optional.ofNullable(cell).map(Cell::text);
        return new FieldPreview(
                mapping.name(),
                mapping.header(),
                mapping.kind(),
                mapping.sensitive(),
                raw,
                failure.isPresent() ? Optional.empty() : text,
                failure.isPresent() ? failure.map(MappingException::getMessage) : unread);
    }
}
