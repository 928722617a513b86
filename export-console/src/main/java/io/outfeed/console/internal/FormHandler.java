package io.outfeed.console.internal;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.ConsoleResponse;
import io.outfeed.console.internal.access.Access;
import io.outfeed.console.internal.action.AuditedExecution;
import io.outfeed.console.internal.action.AuditedExecution.Ending;
import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Operations;
import io.outfeed.console.internal.action.Subject;
import io.outfeed.console.internal.action.Subject.OfIncident;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.action.Subject.OfRun;
import io.outfeed.console.internal.layout.LayoutForm;
import io.outfeed.console.internal.layout.LayoutPage;
import io.outfeed.console.internal.layout.LayoutSaving;
import io.outfeed.console.internal.page.ActionPage;
import io.outfeed.console.internal.page.CheckPage;
import io.outfeed.console.internal.page.ManyPage;
import io.outfeed.console.internal.page.MappingPage;
import io.outfeed.console.internal.page.Page;
import io.outfeed.console.internal.page.SearchPage;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.IncidentItem;
import io.outfeed.console.internal.part.JobFilter;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.console.internal.web.ForbiddenException;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.console.internal.web.Responses;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.layout.Layout;
import io.outfeed.operation.RunHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Forms: asks before something is done, and does it. Thread-safe. */
final class FormHandler {

    private static final String CHANGED =
            "It has changed since this page was shown, and nothing was done. What it would" + " do now is below.";

    private final AuditedExecution execution;

    FormHandler(AuditedExecution execution) {
        this.execution = execution;
    }

    /** Returns the page that asks whether to do something. */
    Page ask(Context context, Parameters parameters) {
        String key = parameters.required("do");
        if (parameters.find("job").isEmpty()
                && parameters.find("run").isEmpty()
                && parameters.find("incident").isEmpty()) {
            return askMany(context, many(key), parameters);
        }
        return new Request(context, key, parameters).ask();
    }

    /** Does what a form says. Pages of a form that was refused have another status. */
    ConsoleResponse handle(
            Context context,
            String path,
            Parameters form,
            Function<Page, ConsoleResponse> answered,
            Function<Page, ConsoleResponse> refused) {
        return switch (path) {
            case "mapping" -> answered.apply(preview(context, form));
            case "search" -> answered.apply(SearchPage.found(context, form));
            case "check" -> answered.apply(check(context, form));
            case "layout" -> layout(context, form, answered, refused);
            case "action" -> act(context, form, answered, refused);
            default -> throw new NoSuchJobException("no form '" + path + "'");
        };
    }

    private static Page preview(Context context, Parameters form) {
        ExportJob job = context.access().job(form.required("job"));
        if (!context.access().may(ConsoleAction.VIEW_RECORDS, job)) {
            throw new ForbiddenException("you may not see records of this job");
        }
        String definition = form.required("definition");
        return MappingPage.preview(context, job, definition, form.text("keys"), Optional.empty());
    }

    private Page check(Context context, Parameters form) {
        ExportJob job = context.access().job(form.required("job"));
        if (!context.access().may(ConsoleAction.CHECK, job)) {
            execution.denied(
                    "check", OfJob.of(context.engine(), job), context.access().principal());
            throw new ForbiddenException("you may not check this job");
        }
        return new CheckPage(job, context.engine().job(job.name()).check());
    }

    private ConsoleResponse layout(
            Context context,
            Parameters form,
            Function<Page, ConsoleResponse> answered,
            Function<Page, ConsoleResponse> refused) {
        ExportJob job = context.access().job(form.required("job"));
        String definition = form.required("definition");
        LayoutPage.check(context, job, definition);
        LayoutForm written = LayoutForm.of(form);
        if (!form.text("step").equals("save")) {
            if (!LayoutPage.mayPreview(context, job)) {
                throw new ForbiddenException("you may not see records of this job");
            }
            return answered.apply(LayoutPage.preview(context, job, definition, written));
        }
        Layout before = LayoutPage.start(job, definition);
        if (!LayoutForm.isMadeFrom(written, before)) {
            return refused.apply(LayoutPage.refused(
                    context,
                    job,
                    definition,
                    written,
                    "the layout was changed since this page was shown: open it anew"));
        }
        OfJob subject = OfJob.of(context.engine(), job);
        Operation<OfJob> save = LayoutSaving.operation(
                context.engine(), context.settings().editor().orElseThrow(), definition, written, before);
        Ending ending = execution.perform(
                save,
                subject,
                new Operation.Form(form, form.text("reason"), context.access().principal()));
        return ending.kind() == Ending.Kind.FAILED
                ? refused.apply(LayoutPage.refused(context, job, definition, written, ending.text()))
                : Responses.seeOther(io.outfeed.console.internal.html.Text.link(
                        "mapping", "job", job.name(), "definition", definition, "done", "save-layout"));
    }

    private ConsoleResponse act(
            Context context,
            Parameters form,
            Function<Page, ConsoleResponse> answered,
            Function<Page, ConsoleResponse> refused) {
        String key = form.required("do");
        if (form.find("many").isPresent()) {
            return actOnMany(context, many(key), form, answered, refused);
        }
        return new Request(context, key, form).act(refused);
    }

    // ---- one subject

    /** An operation on what the parameters name. */
    private final class Request {

        private final Context context;
        private final String key;
        private final Parameters parameters;

        private Request(Context context, String key, Parameters parameters) {
            this.context = context;
            this.key = key;
            this.parameters = parameters;
        }

        private Page ask() {
            Chosen<?> chosen = chosen();
            chosen.checkOffered();
            return chosen.page(parameters, "");
        }

        private ConsoleResponse act(Function<Page, ConsoleResponse> refused) {
            Chosen<?> chosen = chosen();
            if (!parameters.text("seen").equals(chosen.subject().seen())) {
                return refused.apply(chosen.page(parameters, CHANGED));
            }
            chosen.checkOffered();
            String reason = parameters.text("reason");
            if (chosen.operation().reasoned() && reason.isEmpty()) {
                return refused.apply(chosen.page(parameters, "Say why: the history keeps it."));
            }
            Ending ending = chosen.perform(execution, parameters, context.access());
            if (ending.kind() == Ending.Kind.FAILED) {
                return refused.apply(chosen.page(parameters, ending.text()));
            }
            String link = ending.link().isEmpty() ? chosen.subject().back() : ending.link();
            return Responses.seeOther(link + (link.contains("?") ? "&" : "?") + "done=" + key);
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
            Operation<OfJob> operation = context.operations().ofJob(key).orElseThrow(FormHandler::unknown);
            checkAllowed(operation, subject, context.access().may(operation.action(), subject.theJob()));
            return new Chosen<>(operation, subject);
        }

        private Chosen<OfRun> run(long number) {
            RunHandle handle = visibleRun(context, number);
            OfRun subject = OfRun.of(
                    context.engine(), handle, context.access().find(handle.run().job()));
            Operation<OfRun> operation = context.operations().ofRun(key).orElseThrow(FormHandler::unknown);
            boolean allowed = subject.job()
                    .filter(job -> context.access().may(operation.action(), job))
                    .isPresent();
            checkAllowed(operation, subject, allowed);
            return new Chosen<>(operation, subject);
        }

        private Chosen<OfIncident> incident(String id) {
            Incident incident = context.engine().incidents(IncidentQuery.open()).stream()
                    .filter(open -> open.id().equals(id))
                    .filter(context.access()::sees)
                    .findFirst()
                    .orElseThrow(() -> new NoSuchJobException("no such incident is open"));
            OfIncident subject = new OfIncident(incident, IncidentItem.headline(context, incident));
            Operation<OfIncident> operation = context.operations().acknowledge();
            if (!operation.key().equals(key)) {
                throw unknown();
            }
            checkAllowed(operation, subject, context.access().may(operation.action(), incident));
            return new Chosen<>(operation, subject);
        }

        private <S extends Subject> void checkAllowed(Operation<S> operation, S subject, boolean allowed) {
            if (!allowed) {
                execution.denied(operation.key(), subject, context.access().principal());
                throw new ForbiddenException("you may not do this");
            }
        }
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

    private static BadRequestException unknown() {
        return new BadRequestException("there is no such operation", null);
    }

    /** Finds a run that the person sees; one of a job that is not added only if they see all. */
    static RunHandle visibleRun(Context context, long number) {
        RunHandle handle = context.engine().run(number);
        boolean visible = context.access()
                .find(handle.run().job())
                .map(context.access()::sees)
                .orElseGet(context.access()::seesAll);
        if (!visible) {
            throw new NoSuchJobException("no run " + number);
        }
        return handle;
    }

    // ---- many jobs

    private static Operation<OfJob> many(String key) {
        return Operations.ofMany().stream()
                .filter(operation -> operation.key().equals(key))
                .findFirst()
                .orElseThrow(FormHandler::unknown);
    }

    /** The jobs of a filter that an operation can be done to, by this person, and how many others there are. */
    private record Many(List<OfJob> jobs, int others) {

        private static Many of(Context context, Operation<OfJob> operation, JobFilter filter) {
            ExportEngine engine = context.engine();
            List<OfJob> jobs = new ArrayList<>();
            var found = engine.jobs(filter.all(context));
            for (var summary : found) {
                if (context.access().may(operation.action(), summary.job())) {
                    OfJob job = new OfJob(engine.job(summary.job().name()), summary, 0);
                    if (operation.offered().test(job)) {
                        jobs.add(job);
                    }
                }
            }
            return new Many(jobs, found.size() - jobs.size());
        }

        private List<String> names() {
            return jobs.stream().map(OfJob::name).toList();
        }
    }

    private static Page askMany(Context context, Operation<OfJob> operation, Parameters parameters) {
        JobFilter filter = JobFilter.of(parameters);
        Many many = Many.of(context, operation, filter);
        return ManyPage.ask(operation, filter, many.names(), many.others());
    }

    private ConsoleResponse actOnMany(
            Context context,
            Operation<OfJob> operation,
            Parameters form,
            Function<Page, ConsoleResponse> answered,
            Function<Page, ConsoleResponse> refused) {
        JobFilter filter = JobFilter.of(form);
        Many many = Many.of(context, operation, filter);
        ManyPage asked = ManyPage.ask(operation, filter, many.names(), many.others());
        if (asked.tooMany() || !form.text("seen").equals(asked.seen())) {
            return refused.apply(asked);
        }
        String reason = form.text("reason");
        if (operation.reasoned() && reason.isEmpty()) {
            throw new BadRequestException("say why: the history keeps it", null);
        }
        List<ManyPage.Failure> failures = new ArrayList<>();
        for (OfJob job : many.jobs()) {
            Ending ending = execution.perform(
                    operation,
                    job,
                    new Operation.Form(form, reason, context.access().principal()));
            if (ending.kind() == Ending.Kind.FAILED) {
                failures.add(new ManyPage.Failure(job.name(), ending.text()));
            }
        }
        return answered.apply(ManyPage.done(operation, filter, many.names(), many.others(), failures));
    }
}
