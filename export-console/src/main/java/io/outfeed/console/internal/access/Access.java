package io.outfeed.console.internal.access;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.Authorizer;
import io.outfeed.console.ConsoleAction;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.RunHandle;
import java.security.Principal;
import java.util.List;
import java.util.Optional;

/** What the person of one request may see and do. Used by one thread. */
public final class Access {

    private final ExportEngine engine;
    private final Authorizer authorizer;
    private final Principal principal;
    private final boolean seesAll;

    public Access(ExportEngine engine, Authorizer authorizer, Principal principal) {
        this.engine = engine;
        this.authorizer = authorizer;
        this.principal = principal;
        this.seesAll = authorizer.allowsAll(principal, ConsoleAction.VIEW);
    }

    public Principal principal() {
        return principal;
    }

    /** Whether every job, and what belongs to none, is visible. */
    public boolean seesAll() {
        return seesAll;
    }

    public boolean mayAll(ConsoleAction action) {
        return authorizer.allowsAll(principal, action);
    }

    public boolean sees(ExportJob job) {
        return seesAll || authorizer.allows(principal, ConsoleAction.VIEW, job);
    }

    /** Whether the person may do something with a job that they see. */
    public boolean may(ConsoleAction action, ExportJob job) {
        return sees(job) && (authorizer.allowsAll(principal, action) || authorizer.allows(principal, action, job));
    }

    /** The jobs that the person sees, ordered by name. */
    public List<ExportJob> jobs() {
        List<ExportJob> all = engine.addedJobs();
        return seesAll ? all : all.stream().filter(this::sees).toList();
    }

    /** Restricts a query to the jobs that the person sees. */
    public JobQuery visible(JobQuery query) {
        return seesAll
                ? query
                : query.among(jobs().stream().map(ExportJob::name).toList());
    }

    /**
     * Finds a job that the person sees.
     *
     * @throws NoSuchJobException if there is none of that name, or the person does not see it
     */
    public ExportJob job(String name) {
        return find(name)
                .filter(this::sees)
                .orElseThrow(() -> new NoSuchJobException("no job '" + name + "' (job=" + name + ")"));
    }

    /**
     * Finds a run that the person sees; one of a job that is not added only if they see all.
     *
     * @throws NoSuchJobException if there is none of that number, or the person does not see it
     */
    public RunHandle run(long number) {
        RunHandle handle = engine.run(number);
        boolean visible = find(handle.run().job()).map(this::sees).orElse(seesAll);
        if (!visible) {
            throw new NoSuchJobException("no run " + number);
        }
        return handle;
    }

    /** Finds a job by name; empty if it is not added. */
    public Optional<ExportJob> find(String name) {
        try {
            return Optional.of(engine.job(name).job());
        } catch (NoSuchJobException e) {
            return Optional.empty();
        }
    }

    /**
     * An incident as the person sees it: with their jobs only, and without the message of the last sign, which may be
     * that of a job of others.
     */
    public Incident visible(Incident incident) {
        if (seesAll) {
            return incident;
        }
        return new Incident(
                incident.id(),
                incident.scope(),
                incident.code(),
                incident.step(),
                "its jobs say what has failed",
                incident.openedAt(),
                incident.openedAt(),
                1,
                incident.jobs().stream()
                        .filter(name -> find(name).filter(this::sees).isPresent())
                        .toList(),
                false,
                incident.nextTryAt(),
                incident.wellSince(),
                incident.end().map(end -> new IncidentEnd(end.at(), end.how(), "", 0)));
    }

    /** Whether the person sees an incident: one of its jobs, or all. */
    public boolean sees(Incident incident) {
        return seesAll
                || incident.jobs().stream().flatMap(name -> find(name).stream()).anyMatch(this::sees);
    }

    /** Whether the person may do something about an incident: with all its jobs, those that are not listed included. */
    public boolean may(ConsoleAction action, Incident incident) {
        if (mayAll(action)) {
            return true;
        }
        return !incident.moreJobs()
                && !incident.jobs().isEmpty()
                && incident.jobs().stream()
                        .allMatch(name ->
                                find(name).filter(job -> may(action, job)).isPresent());
    }
}
