package io.outfeed.console.internal;

import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.action.AuditedExecution;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.layout.LayoutSaving;
import io.outfeed.console.internal.page.CheckPage;
import io.outfeed.console.internal.page.MappingPage;
import io.outfeed.console.internal.page.Page;
import io.outfeed.console.internal.page.Reply;
import io.outfeed.console.internal.page.SearchPage;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.web.ForbiddenException;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.error.NoSuchJobException;

/** Forms: asks before something is done, and does it. Thread-safe. */
final class FormHandler {

    private final AuditedExecution execution;
    private final LayoutSaving layouts;
    private final ManyJobs many;

    FormHandler(AuditedExecution execution) {
        this.execution = execution;
        this.layouts = new LayoutSaving(execution);
        this.many = new ManyJobs(execution);
    }

    /** Returns the page that asks whether to do something. */
    Page ask(Context context, Parameters parameters) {
        boolean one = parameters.find("job").isPresent()
                || parameters.find("run").isPresent()
                || parameters.find("incident").isPresent();
        return one ? new OperationRequest(context, execution, parameters).ask() : many.ask(context, parameters);
    }

    /** Does what a form says. */
    Reply handle(Context context, String path, Parameters form) {
        return switch (path) {
            case "mapping" -> Reply.shown(preview(context, form));
            case "search" -> Reply.shown(search(context, form));
            case "check" -> Reply.shown(check(context, form));
            case "layout" -> layouts.handle(context, form);
            case "action" ->
                form.find("many").isPresent()
                        ? many.act(context, form)
                        : new OperationRequest(context, execution, form).act();
            default -> throw new NoSuchJobException("no form '" + path + "'");
        };
    }

    private Page preview(Context context, Parameters form) {
        ExportJob job = context.access().job(form.required("job"));
        checkRecords(context, "preview", job, form.required("definition"));
        return MappingPage.preview(context, job, form.required("definition"), form.text("keys"));
    }

    private Page search(Context context, Parameters form) {
        ExportJob job = context.access().job(form.required("job"));
        checkRecords(context, "search", job, form.text("definition"));
        return SearchPage.found(context, job, form);
    }

    private void checkRecords(Context context, String action, ExportJob job, String definition) {
        execution.checkRecords(
                context.access().may(ConsoleAction.VIEW_RECORDS, job),
                action,
                OfJob.of(context.engine(), job),
                definition,
                context.access().principal());
    }

    private Page check(Context context, Parameters form) {
        OfJob job = OfJob.of(context.engine(), context.access().job(form.required("job")));
        if (!context.access().may(ConsoleAction.CHECK, job.theJob())) {
            execution.denied("check", job, context.access().principal());
            throw new ForbiddenException("you may not check this job");
        }
        CheckPage page = new CheckPage(job.theJob(), job.handle().check());
        execution.done("check", job, context.access().principal(), page.check().ok() ? "all well" : "problems");
        return page;
    }
}
