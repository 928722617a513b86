package io.outfeed.console.internal.layout;

import io.outfeed.ExportEngine;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.JobEditor;
import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Operation.Result;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.layout.Layout;
import java.util.List;

/** Saves a layout where the host keeps it. Its page is the form itself. */
public final class LayoutSaving {

    private LayoutSaving() {}

    public static Operation<OfJob> operation(
            ExportEngine engine, JobEditor editor, String definition, LayoutForm form, Layout before) {
        return new Operation<>(
                "save-layout",
                "Save the layout",
                ConsoleAction.EDIT,
                false,
                job -> editor.edits(job.theJob()),
                job -> List.of(),
                job -> List.of(),
                (job, values) -> {
                    Layout layout = form.layout(before);
                    job.theJob().toBuilder().layout(definition, layout).build(); // refused here if it does not fit
                    editor.saveLayout(values.performer(), job.theJob(), definition, layout);
                    engine.reloadJobs();
                    return new Result("saved for " + definition, "");
                });
    }
}
