package io.outfeed.console.internal.layout;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.JobEditor;
import io.outfeed.console.internal.action.AuditedExecution;
import io.outfeed.console.internal.action.AuditedExecution.Ending;
import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Operation.Result;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.page.Reply;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.layout.Layout;
import java.util.List;

/** Takes the form of a layout: shows what records become by it, or saves it where the host keeps it. Thread-safe. */
public final class LayoutSaving {

    private static final String KEY = "save-layout";

    private final AuditedExecution execution;

    public LayoutSaving(AuditedExecution execution) {
        this.execution = execution;
    }

    /** Does what the form says. */
    public Reply handle(Context context, Parameters form) {
        ExportJob job = context.access().job(form.required("job"));
        String definition = form.required("definition");
        if (!LayoutPage.mayChange(context, job, definition)) {
            execution.denied(
                    KEY, OfJob.of(context.engine(), job), context.access().principal());
            throw LayoutPage.denied();
        }
        LayoutForm written = LayoutForm.of(form);
        return form.text("step").equals("save")
                ? save(context, job, definition, written, form)
                : preview(context, job, definition, written);
    }

    private Reply preview(Context context, ExportJob job, String definition, LayoutForm written) {
        execution.checkRecords(
                context.access().may(ConsoleAction.VIEW_RECORDS, job),
                "preview",
                OfJob.of(context.engine(), job),
                definition,
                context.access().principal());
        return Reply.shown(LayoutPage.preview(context, job, definition, written));
    }

    private Reply save(Context context, ExportJob job, String definition, LayoutForm written, Parameters form) {
        Layout before = LayoutPage.start(job, definition);
        if (!LayoutForm.isMadeFrom(written, before)) {
            return Reply.refused(LayoutPage.refused(
                    job, definition, written, "the layout was changed since this page was shown: open it anew"));
        }
        JobEditor editor = context.settings().editor().orElseThrow();
        Ending ending = execution.perform(
                operation(context.engine(), editor, definition, written.layout(before)),
                OfJob.of(context.engine(), job),
                new Operation.Form(form, form.text("reason"), context.access().principal()));
        return ending.kind() == Ending.Kind.FAILED
                ? Reply.refused(LayoutPage.refused(job, definition, written, ending.text()))
                : Reply.done(KEY, Text.link("mapping", "job", job.name(), "definition", definition));
    }

    private static Operation<OfJob> operation(ExportEngine engine, JobEditor editor, String definition, Layout layout) {
        return new Operation<>(
                KEY,
                "Save the layout",
                ConsoleAction.EDIT,
                false,
                job -> editor.edits(job.theJob()),
                job -> List.of(),
                job -> List.of(),
                (job, values) -> {
                    job.theJob().toBuilder().layout(definition, layout).build(); // refused here if it does not fit
                    editor.saveLayout(values.performer(), job.theJob(), definition, layout);
                    engine.reloadJobs();
                    return new Result("saved for " + definition, "");
                });
    }
}
