package io.outfeed.console.internal.action;

import io.outfeed.ExportEngine;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.JobEditor;
import io.outfeed.console.internal.action.Operation.Result;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.web.BadRequestException;
import java.util.List;

/** What can be done to a job where the host keeps it. */
final class EditOperations {

    private EditOperations() {}

    static List<Operation<OfJob>> all(ExportEngine engine, JobEditor editor) {
        return List.of(duplicate(engine, editor), remove(engine, editor));
    }

    private static Operation<OfJob> duplicate(ExportEngine engine, JobEditor editor) {
        return new Operation<>(
                "duplicate",
                "Duplicate",
                ConsoleAction.EDIT,
                false,
                job -> editor.edits(job.theJob()),
                job -> List.of(Input.text("copy", "Name of the copy", "letters, digits, '.', '_' and '-'")),
                job -> List.of(
                        Effect.sends("nothing now. The copy runs as the host sets it up"),
                        Effect.position("the copy has none: its first file holds what its start says"),
                        Effect.history("the copy has a history of its own")),
                (job, form) -> {
                    String copy = form.values().required("copy");
                    if (engine.addedJobs().stream()
                            .anyMatch(other -> other.name().equalsIgnoreCase(copy))) {
                        throw new BadRequestException("another job has that name", null);
                    }
                    editor.duplicate(form.performer(), job.theJob(), copy);
                    engine.reloadJobs();
                    return new Result("copied to " + copy, Text.link("job", "name", copy));
                });
    }

    private static Operation<OfJob> remove(ExportEngine engine, JobEditor editor) {
        return new Operation<>(
                "remove",
                "Remove",
                ConsoleAction.EDIT,
                true,
                job -> editor.edits(job.theJob()),
                job -> List.of(),
                job -> List.of(
                        Effect.sends("nothing more. A run that is published in part is finished"),
                        Effect.position("stays in the store, and so do the runs"),
                        Effect.then("delivered files whose retention is not over are deleted no more")),
                (job, form) -> {
                    editor.remove(form.performer(), job.theJob());
                    engine.reloadJobs();
                    return new Result("removed", "jobs");
                });
    }
}
