package io.outfeed.console.internal.layout;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.console.internal.page.JobPage;
import io.outfeed.console.internal.page.MappingPage;
import io.outfeed.console.internal.page.Page;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.web.ForbiddenException;
import io.outfeed.error.ExportException;
import io.outfeed.field.FieldMapping;
import io.outfeed.layout.Layout;
import io.outfeed.layout.LayoutChoices;
import io.outfeed.operation.RecordPreview;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Changes the layout of a job: which columns, in which order, with which headers.
 *
 * @param job the job
 * @param definition the name of the definition
 * @param rows the columns, and blank rows for more
 * @param fields the names of the fields to choose from
 * @param transformations the names of the transformations to choose from
 * @param codes the names of the tables of codes to choose from
 * @param formats the names of the formats to choose from
 * @param format the chosen format; empty for that of the definition
 * @param namesFiles whether the layout may name the files
 * @param fileName the pattern of their names; empty for that of the definition
 * @param previews records as they become by this layout
 * @param problem why it can't be saved; empty if it can
 * @param shown identifies the layout that the form was made from
 */
public record LayoutPage(
        ExportJob job,
        String definition,
        List<LayoutRow> rows,
        List<String> fields,
        List<String> transformations,
        List<String> codes,
        List<String> formats,
        String format,
        boolean namesFiles,
        String fileName,
        List<RecordPreview> previews,
        String problem,
        String shown)
        implements Page {

    private static final int BLANK_ROWS = 3;

    public static LayoutPage of(Context context, ExportJob job, String definition) {
        if (!mayChange(context, job, definition)) {
            throw denied();
        }
        return of(job, definition, LayoutForm.of(start(job, definition)), List.of(), "");
    }

    /** The page with what the person has written, and what records become by it. */
    public static LayoutPage preview(Context context, ExportJob job, String definition, LayoutForm form) {
        try {
            List<RecordPreview> previews =
                    context.engine().job(job.name()).preview(definition, form.layout(start(job, definition)));
            return of(job, definition, form, MappingPage.masked(context, job, previews), "");
        } catch (ExportException e) {
            return of(job, definition, form, List.of(), String.valueOf(e.getMessage()));
        }
    }

    /** The page with what the person has written, and why it was not saved. */
    static LayoutPage refused(ExportJob job, String definition, LayoutForm form, String why) {
        return of(job, definition, form, List.of(), why);
    }

    /** Whether the host keeps the layout where it can be changed, and the person may. */
    static boolean mayChange(Context context, ExportJob job, String definition) {
        return JobPage.editable(context, job).contains(definition);
    }

    static ForbiddenException denied() {
        return new ForbiddenException("you may not change this layout, or the host does not let it be changed here");
    }

    /** The layout of the job; of a job that has none, the columns of the definition. */
    public static Layout start(ExportJob job, String definition) {
        Layout layout = job.layout(definition);
        if (!layout.columns().isEmpty()) {
            return layout;
        }
        Layout.Builder all = Layout.builder();
        MappingPage.definition(job.declaredDefinitions(), definition)
                .fields()
                .mappings()
                .forEach(field -> all.column(field.name()));
        layout.filters().forEach(all::filter);
        layout.format().ifPresent(format -> all.format(format.name(), format.arguments()));
        layout.fileName().ifPresent(all::fileName);
        layout.transforms().forEach(transform -> all.transform(transform.name(), transform.arguments()));
        return all.build();
    }

    private static LayoutPage of(
            ExportJob job, String name, LayoutForm form, List<RecordPreview> previews, String problem) {
        ExportDefinition<?> definition = MappingPage.definition(job.declaredDefinitions(), name);
        LayoutChoices<?> choices = definition.choices().orElseThrow();
        List<LayoutRow> rows = new ArrayList<>(form.rows());
        for (int i = 0; i < BLANK_ROWS; i++) {
            rows.add(LayoutRow.blank(rows.size() + 1));
        }
        return new LayoutPage(
                job,
                name,
                rows,
                Stream.concat(definition.fields().mappings().stream(), choices.fields().stream())
                        .map(FieldMapping::name)
                        .distinct()
                        .toList(),
                choices.transformations().keySet().stream().sorted().toList(),
                choices.codes().keySet().stream().sorted().toList(),
                choices.formats().keySet().stream().sorted().toList(),
                form.format(),
                choices.fileName(),
                form.fileName(),
                previews,
                problem,
                form.shown());
    }

    /** Identifies a layout: a form that was made from another one is not saved. */
    public static String identity(Layout layout) {
        return Integer.toHexString(layout.toTree().toString().hashCode());
    }

    @Override
    public String template() {
        return "layout";
    }

    @Override
    public String title() {
        return "Layout of " + definition;
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public Object json() {
        return Map.of(
                "job",
                job.name(),
                "definition",
                definition,
                "layout",
                job.layout(definition).toTree());
    }
}
