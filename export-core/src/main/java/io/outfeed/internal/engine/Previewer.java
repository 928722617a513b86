package io.outfeed.internal.engine;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.MappingException;
import io.outfeed.RecordPreview;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.FieldPreview;
import io.outfeed.field.SkippedField;
import io.outfeed.internal.format.CellText;
import io.outfeed.internal.format.RawText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows what records become. Touches nothing but the source. */
final class Previewer {

    static final int MOST = 5;

    private final Clock clock;

    Previewer(Clock clock) {
        this.clock = clock;
    }

    /** Those of the keys' records that there are; without keys the first of the source. */
    <T> List<RecordPreview> preview(ExportJob job, ExportDefinition<T> definition, List<String> keys) {
        if (keys.size() > MOST) {
            throw new IllegalArgumentException("a preview shows at most " + MOST + " records, not " + keys.size());
        }
        try (PlannedExport<T> export =
                PlannedExport.open(definition, job.parameters(), Optional.empty(), clock, Context.of(job))) {
            RecordFinder<T> finder = new RecordFinder<>(export);
            Map<String, T> records = keys.isEmpty() ? finder.first(MOST) : finder.byKey(keys);
            RecordMapper<T> mapper = new RecordMapper<>(definition, Context.names(job));
            CellText texts = new CellText(definition.valueTexts(), Context.names(job));
            List<RecordPreview> previews = new ArrayList<>();
            records.forEach((key, record) -> previews.add(
                    new RecordPreview(key, mapper.passesFilter(record, key), fields(definition, texts, record, key))));
            return previews;
        }
    }

    private static <T> List<FieldPreview> fields(ExportDefinition<T> definition, CellText texts, T record, String key) {
        List<FieldPreview> fields = new ArrayList<>();
        for (FieldMapping<? super T> mapping : definition.fields().mappings()) {
            fields.add(field(mapping, texts, record, key));
        }
        for (SkippedField skipped : definition.fields().skipped()) {
            fields.add(new FieldPreview(
                    skipped.name(),
                    FieldKind.NOT_MAPPED,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(skipped.reason())));
        }
        return fields;
    }

    private static <T> FieldPreview field(FieldMapping<? super T> mapping, CellText texts, T record, String key) {
        Optional<String> raw = Optional.empty();
        Optional<String> text = Optional.empty();
        Optional<String> problem = Optional.empty();
        try {
            raw = Optional.ofNullable(RawText.of(mapping.rawValueOf(record)));
        } catch (Exception e) {
            problem = Optional.of("what the record has can't be read: "
                    + e.getClass().getName() + " (its message is left out, since it may quote the record)");
        }
        try {
            text = Optional.ofNullable(texts.of(mapping, record, key));
        } catch (MappingException e) {
            problem = Optional.ofNullable(e.getMessage());
        }
        return new FieldPreview(mapping.header(), mapping.kind(), mapping.sensitive(), raw, text, problem);
    }
}
