package io.outfeed.console.internal.page;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.error.ExportException;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.FieldPreview;
import io.outfeed.field.SkippedField;
import io.outfeed.operation.RecordPreview;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The columns of a definition as a job has them, and what records become.
 *
 * @param job the job
 * @param definition the name of the definition
 * @param columns the columns, in order
 * @param skipped the fields that are not mapped
 * @param previews records, if the person asked for them
 * @param keys the keys that were asked for, one a line
 * @param problem why there are no records; empty if there is nothing to say
 * @param mayPreview whether the person may see records
 * @param masked whether the values of sensitive fields are masked
 * @param test the page that sends a test record; empty if the person may not
 * @param editor the page that changes the layout; empty if the person may not
 */
public record MappingPage(
        ExportJob job,
        String definition,
        List<Column> columns,
        List<SkippedField> skipped,
        List<RecordPreview> previews,
        String keys,
        String problem,
        boolean mayPreview,
        boolean masked,
        String test,
        String editor)
        implements Page {

    private static final int MOST_KEYS = 5;

    /** What is shown instead of a value that the person may not see. */
    public static final String MASK = "••••";

    /**
     * A column.
     *
     * @param header its header
     * @param name the name of its field
     * @param kind how it gets its value
     * @param type its type; empty if none is declared
     * @param sensitive whether its values are sensitive
     * @param description what it has; may be empty
     */
    public record Column(String header, String name, String kind, String type, boolean sensitive, String description) {

        static Column of(FieldMapping<?> field) {
            return new Column(
                    field.header(),
                    field.name(),
                    Text.words(field.kind()),
                    field.type().map(Object::toString).orElse(""),
                    field.sensitive(),
                    field.description());
        }
    }

    public static MappingPage of(Context context, ExportJob job, String definition) {
        return of(context, job, definition, List.of(), "", "");
    }

    /** The page with records of the source: those of up to five keys, or the first ones. */
    public static MappingPage preview(Context context, ExportJob job, String definition, String keys) {
        String[] wanted = Stream.of(keys.split("[\\r\\n,]+", -1))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .toArray(String[]::new);
        if (wanted.length > MOST_KEYS) {
            return of(context, job, definition, List.of(), keys, "at most five keys at once");
        }
        try {
            List<RecordPreview> found = context.engine().job(job.name()).preview(definition, wanted);
            String missing = found.size() < wanted.length
                    ? "the source has " + found.size() + " of the " + wanted.length + " keys"
                    : "";
            return of(context, job, definition, masked(context, job, found), keys, missing);
        } catch (ExportException e) {
            return of(context, job, definition, List.of(), keys, e.code() + ": " + e.getMessage());
        }
    }

    private static MappingPage of(
            Context context,
            ExportJob job,
            String definition,
            List<RecordPreview> previews,
            String keys,
            String problem) {
        ExportDefinition<?> laidOut = definition(job.definitions(), definition);
        return new MappingPage(
                job,
                definition,
                laidOut.fields().mappings().stream().map(Column::of).toList(),
                laidOut.fields().skipped(),
                previews,
                keys,
                problem,
                context.access().may(ConsoleAction.VIEW_RECORDS, job),
                !context.access().may(ConsoleAction.VIEW_SENSITIVE, job),
                context.access().may(ConsoleAction.SEND_TEST, job)
                        ? Text.link("action", "do", "send-test", "job", job.name())
                        : "",
                JobPage.editable(context, job).contains(definition)
                        ? Text.link("layout", "job", job.name(), "definition", definition)
                        : "");
    }

    public static ExportDefinition<?> definition(List<ExportDefinition<?>> definitions, String name) {
        return definitions.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadRequestException("the job has no such definition", null));
    }

    /** Sensitive values never reach the page of a person who may not see them. */
    public static List<RecordPreview> masked(Context context, ExportJob job, List<RecordPreview> previews) {
        if (context.access().may(ConsoleAction.VIEW_SENSITIVE, job)) {
            return previews;
        }
        List<RecordPreview> masked = new ArrayList<>();
        for (RecordPreview preview : previews) {
            masked.add(new RecordPreview(
                    preview.key(),
                    preview.passesFilter(),
                    preview.fields().stream().map(MappingPage::masked).toList()));
        }
        return masked;
    }

    private static FieldPreview masked(FieldPreview field) {
        return field.sensitive()
                ? new FieldPreview(
                        field.name(),
                        field.header(),
                        field.kind(),
                        true,
                        field.raw().map(any -> MASK),
                        field.text().map(any -> MASK),
                        field.problem())
                : field;
    }

    /** The cell of a record in a column; empty if it has none. */
    public static Optional<FieldPreview> cell(RecordPreview preview, String name, String header) {
        return preview.fields().stream()
                .filter(field -> field.name().equals(name) && field.header().equals(header))
                .findFirst();
    }

    @Override
    public String template() {
        return "mapping";
    }

    @Override
    public String title() {
        return "Mapping of " + definition;
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public Object json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("job", job.name());
        json.put("definition", definition);
        json.put("columns", columns);
        json.put(
                "notMapped",
                skipped.stream()
                        .map(field -> Map.of("name", field.name(), "reason", field.reason()))
                        .toList());
        return json;
    }
}
