package io.outfeed.console.internal.action;

import io.outfeed.ExportEngine;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.JobEditor;
import io.outfeed.console.internal.access.Access;
import io.outfeed.console.internal.action.Operation.Result;
import io.outfeed.console.internal.action.Subject.OfIncident;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.action.Subject.OfRun;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All operations of a console, and which of them a person is offered. Immutable. */
public final class Operations {

    private final List<Operation<OfJob>> ofJobs;
    private final Operation<OfIncident> acknowledge;

    public Operations(ExportEngine engine, Optional<JobEditor> editor) {
        this.ofJobs = Stream.concat(
                        JobOperations.all().stream(),
                        editor.stream().flatMap(there -> EditOperations.all(engine, there).stream()))
                .toList();
        this.acknowledge = new Operation<>(
                "acknowledge-incident",
                "Acknowledge",
                ConsoleAction.ACKNOWLEDGE,
                true,
                incident -> incident.incident().end().isEmpty(),
                incident -> List.of(),
                incident -> List.of(
                        Effect.sends("what the jobs that wait for it owe: they try at once"),
                        Effect.position("moves with those runs"),
                        Effect.history("the incident ends, with the reason; if it fails again, that is a new one"),
                        Effect.then("what it tells of stays: a held run is released by itself, an unconfirmed one"
                                + " acknowledged, a paused job resumed")),
                (incident, form) ->
                        Result.of(engine.acknowledge(incident.incident().id(), form.reason())
                                .map(ended -> "the incident has ended")
                                .orElse("the incident had ended before")));
    }

    /** The operations that can be done to a job now, and that the person may do. */
    public List<Operation<OfJob>> of(OfJob job, Access access) {
        return ofJobs.stream()
                .filter(operation -> access.may(operation.action(), job.theJob()))
                .filter(operation -> operation.offered().test(job))
                .toList();
    }

    /** The operations that can be done to a run now, and that the person may do. */
    public List<Operation<OfRun>> of(OfRun run, Access access) {
        return RunOperations.all().stream()
                .filter(operation -> run.job()
                        .filter(job -> access.may(operation.action(), job))
                        .isPresent())
                .filter(operation -> operation.offered().test(run))
                .toList();
    }

    public Optional<Operation<OfJob>> ofJob(String key) {
        return ofJobs.stream().filter(operation -> operation.key().equals(key)).findFirst();
    }

    public Optional<Operation<OfRun>> ofRun(String key) {
        return RunOperations.all().stream()
                .filter(operation -> operation.key().equals(key))
                .findFirst();
    }

    /** The operation on incidents. */
    public Operation<OfIncident> acknowledge() {
        return acknowledge;
    }

    /** The operations that can be done to many jobs at once. */
    public static List<Operation<OfJob>> ofMany() {
        return List.of(JobOperations.RUN, JobOperations.PAUSE, JobOperations.RESUME);
    }
}
