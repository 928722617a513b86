package io.outfeed.console.internal;

import io.outfeed.console.internal.access.Access;
import io.outfeed.console.internal.action.AuditedExecution;
import io.outfeed.console.internal.action.AuditedExecution.Ending;
import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Subject;
import io.outfeed.console.internal.action.Subject.OfIncident;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.action.Subject.OfRun;
import io.outfeed.console.internal.page.ActionPage;
import io.outfeed.console.internal.page.Page;
import io.outfeed.console.internal.page.Reply;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.IncidentItem;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.console.internal.web.ForbiddenException;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.RunHandle;

/** An operation on the job, run or incident that the parameters name. Used by one thread. */
final class OperationRequest {

    private static final String CHANGED =
            "It has changed since this page was shown, and nothing was done. What it would do now is below.";

    private final Context context;
    private final AuditedExecution execution;
    private final Parameters parameters;
    private final String key;

    OperationRequest(Context context, AuditedExecution execution, Parameters parameters) {
        this.context = context;
        this.execution = execution;
        this.parameters = parameters;
        this.key = parameters.required("do");
    }

    Page ask() {
        Chosen<?> chosen = chosen();
        chosen.checkOffered();
        return chosen.page(parameters, "");
    }

    Reply act() {
        Chosen<?> chosen = chosen();
        if (!parameters.text("seen").equals(chosen.subject().seen())) {
            return Reply.refused(chosen.page(parameters, CHANGED));
        }
        chosen.checkOffered();
        if (chosen.operation().reasoned() && parameters.text("reason").isEmpty()) {
            return Reply.refused(chosen.page(parameters, "Say why: the history keeps it."));
        }
        Ending ending = chosen.perform(execution, parameters, context.access());
        if (ending.kind() == Ending.Kind.FAILED) {
            return Reply.refused(chosen.page(parameters, ending.text()));
        }
        return Reply.done(key, ending.link().isEmpty() ? chosen.subject().back() : ending.link());
    }

    private Chosen<?> chosen() {
        if (parameters.find("incident").isPresent()) {
            return incident(parameters.required("incident"));
        } else if (parameters.find("run").isPresent()) {
            return run(parameters.number("run").orElseThrow());
        }
        return job(parameters.required("job"));
    }

    private Chosen<OfJob> job(String name) {
        OfJob subject = OfJob.of(context.engine(), context.access().job(name));
        Operation<OfJob> operation = context.operations().ofJob(key).orElseThrow(OperationRequest::unknown);
        checkAllowed(subject, context.access().may(operation.action(), subject.theJob()));
        return new Chosen<>(operation, subject);
    }

    private Chosen<OfRun> run(long number) {
        RunHandle handle = context.access().run(number);
        OfRun subject = OfRun.of(
                context.engine(), handle, context.access().find(handle.run().job()));
        Operation<OfRun> operation = context.operations().ofRun(key).orElseThrow(OperationRequest::unknown);
        checkAllowed(
                subject,
                subject.job()
                        .filter(job -> context.access().may(operation.action(), job))
                        .isPresent());
        return new Chosen<>(operation, subject);
    }

    private Chosen<OfIncident> incident(String id) {
        Incident incident = context.engine().incidents(IncidentQuery.open()).stream()
                .filter(open -> open.id().equals(id))
                .filter(context.access()::sees)
                .findFirst()
                .orElseThrow(() -> new NoSuchJobException("no such incident is open"));
        Operation<OfIncident> operation = context.operations().acknowledge();
        if (!operation.key().equals(key)) {
            throw unknown();
        }
        OfIncident subject = new OfIncident(incident, IncidentItem.headline(context, incident));
        checkAllowed(subject, context.access().may(operation.action(), incident));
        return new Chosen<>(operation, subject);
    }

    private void checkAllowed(Subject subject, boolean allowed) {
        if (!allowed) {
            execution.denied(key, subject, context.access().principal());
            throw new ForbiddenException("you may not do this");
        }
    }

    static BadRequestException unknown() {
        return new BadRequestException("there is no such operation", null);
    }

    private record Chosen<S extends Subject>(Operation<S> operation, S subject) {

        private void checkOffered() {
            if (!operation.offered().test(subject)) {
                throw new BadRequestException(
                        operation.label() + " can't be done to " + subject.title() + " now: its state is another one",
                        null);
            }
        }

        private Page page(Parameters parameters, String problem) {
            return ActionPage.of(operation, subject, parameters, problem);
        }

        private Ending perform(AuditedExecution execution, Parameters parameters, Access access) {
            return execution.perform(
                    operation, subject, new Operation.Form(parameters, parameters.text("reason"), access.principal()));
        }
    }
}
