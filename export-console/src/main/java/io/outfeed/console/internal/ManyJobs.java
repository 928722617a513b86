package io.outfeed.console.internal;

import io.outfeed.ExportEngine;
import io.outfeed.console.internal.action.AuditedExecution;
import io.outfeed.console.internal.action.AuditedExecution.Ending;
import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Operations;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.page.ManyPage;
import io.outfeed.console.internal.page.ManyPage.Failure;
import io.outfeed.console.internal.page.Page;
import io.outfeed.console.internal.page.Reply;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.JobFilter;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.operation.JobSummary;
import java.util.ArrayList;
import java.util.List;

/** An operation on all jobs of a filter. Thread-safe. */
final class ManyJobs {

    private final AuditedExecution execution;

    ManyJobs(AuditedExecution execution) {
        this.execution = execution;
    }

    /** The jobs of a filter that the person may do the operation to, and that it can be done to. */
    private record Chosen(Operation<OfJob> operation, JobFilter filter, List<OfJob> jobs, int others) {

        private static Chosen of(Context context, Parameters parameters) {
            Operation<OfJob> operation = operation(parameters.required("do"));
            JobFilter filter = JobFilter.of(parameters);
            ExportEngine engine = context.engine();
            List<JobSummary> found = engine.jobs(filter.all(context));
            List<OfJob> jobs = found.stream()
                    .filter(summary -> context.access().may(operation.action(), summary.job()))
                    .map(summary -> new OfJob(engine.job(summary.job().name()), summary, 0))
                    .filter(operation.offered())
                    .toList();
            return new Chosen(operation, filter, jobs, found.size() - jobs.size());
        }

        private static Operation<OfJob> operation(String key) {
            return Operations.ofMany().stream()
                    .filter(operation -> operation.key().equals(key))
                    .findFirst()
                    .orElseThrow(OperationRequest::unknown);
        }

        private List<String> names() {
            return jobs.stream().map(OfJob::name).toList();
        }

        private ManyPage ask() {
            return ManyPage.ask(operation, filter, names(), others);
        }
    }

    Page ask(Context context, Parameters parameters) {
        return Chosen.of(context, parameters).ask();
    }

    Reply act(Context context, Parameters form) {
        Chosen chosen = Chosen.of(context, form);
        ManyPage asked = chosen.ask();
        if (asked.tooMany() || !form.text("seen").equals(asked.seen())) {
            return Reply.refused(asked);
        }
        String reason = form.text("reason");
        if (chosen.operation().reasoned() && reason.isEmpty()) {
            throw new BadRequestException("say why: the history keeps it", null);
        }
        List<Failure> failures = new ArrayList<>();
        for (OfJob job : chosen.jobs()) {
            Ending ending = execution.perform(
                    chosen.operation(),
                    job,
                    new Operation.Form(form, reason, context.access().principal()));
            if (ending.kind() == Ending.Kind.FAILED) {
                failures.add(new Failure(job.name(), ending.text()));
            }
        }
        return Reply.shown(
                ManyPage.done(chosen.operation(), chosen.filter(), chosen.names(), chosen.others(), failures));
    }
}
