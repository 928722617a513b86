package io.outfeed.console.internal.action;

import io.outfeed.ExportDefinition;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.action.Input.Choice;
import io.outfeed.console.internal.action.Operation.Form;
import io.outfeed.console.internal.action.Operation.Result;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.error.FailureCode;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Position;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be done to a job. */
public final class JobOperations {

    private static final String DEFINITION = "definition";

    public static final Operation<OfJob> RUN = new Operation<>(
            "run-now",
            "Run now",
            ConsoleAction.RUN,
            false,
            job -> job.summary()
                    .current()
                    .filter(run -> run.status() != RunStatus.WAITING)
                    .isEmpty(),
            job -> List.of(),
            JobOperations::effectsOfRun,
            (job, form) -> {
                RunHandle run = job.handle().startNow();
                return run(run.run(), "started");
            });

    public static final Operation<OfJob> PAUSE = new Operation<>(
            "pause",
            "Pause",
            ConsoleAction.PAUSE,
            true,
            job -> job.theJob().schedule().isPresent() && job.summary().pause().isEmpty(),
            job -> List.of(),
            job -> List.of(
                    Effect.sends("nothing. No run begins by the schedule until the job is resumed"
                            + job.summary()
                                    .nextFire()
                                    .map(at -> ", beginning with that of " + at)
                                    .orElse("")),
                    Effect.position("stays: the first run after it covers what was written meanwhile"),
                    Effect.then("a run in progress goes on, and one that is published in part is finished")),
            (job, form) -> {
                job.handle().pause(form.reason());
                return Result.of("paused");
            });

    public static final Operation<OfJob> RESUME = new Operation<>(
            "resume",
            "Resume",
            ConsoleAction.PAUSE,
            false,
            job -> job.summary().pause().isPresent(),
            job -> List.of(),
            job -> List.of(
                    Effect.sends("what was written since the last success, to " + job.destinations()
                            + ", with the next run; if fire times have passed, that may be at once"),
                    Effect.position("moves with that run"),
                    Effect.history("the count of failures begins anew")),
            (job, form) -> {
                job.handle().resume();
                return Result.of("resumed");
            });

    private static final Operation<OfJob> TEST = new Operation<>(
            "send-test",
            "Send a test record",
            ConsoleAction.SEND_TEST,
            false,
            job -> true,
            job -> List.of(definition(job), Input.text("key", "Key of the record", "as the source has it")),
            job -> List.of(
                    Effect.sends("a file with one record, whose name begins with test-, to " + job.destinations()
                            + ": the receiver must ignore such names"),
                    Effect.position("stays"),
                    Effect.history("a run with trigger test")),
            (job, form) -> run(
                    job.handle()
                            .sendTestRecord(
                                    definition(job, form).name(), form.values().required("key")),
                    "sent"));

    private static final Operation<OfJob> BACKFILL = new Operation<>(
            "backfill",
            "Backfill",
            ConsoleAction.BACKFILL,
            true,
            job -> true,
            job -> List.of(
                    definition(job),
                    Input.text("from", "From", "the first position, such as 2026-11-01T00:00:00Z"),
                    Input.text("until", "Until", "the first position that no longer belongs to it")),
            job -> List.of(
                    Effect.sends("the records of that window once more, in a file whose name has -backfill-, to "
                            + job.destinations() + "; it replaces no other file"),
                    Effect.position("stays"),
                    Effect.history("a run with trigger backfill")),
            (job, form) -> {
                ExportDefinition<?> definition = definition(job, form);
                return run(
                        job.handle()
                                .backfill(
                                        definition.name(),
                                        position(definition, form, "from"),
                                        position(definition, form, "until")),
                        "exported");
            });

    private static final Operation<OfJob> RESET = new Operation<>(
            "reset-position",
            "Reset position",
            ConsoleAction.RESET_POSITION,
            true,
            job -> job.summary().current().filter(ExportRun::publishing).isEmpty(),
            job -> List.of(
                    definition(job),
                    Input.text("position", "New position", "such as 2026-11-01T00:00:00Z, or a number")),
            job -> Stream.concat(
                            Stream.of(
                                    Effect.sends("nothing now. The next run sends all records from the new position on,"
                                            + " again or for the first time, to " + job.destinations()),
                                    new Effect(
                                            "Careful", "a later position leaves out the records before it for good")),
                            Stream.concat(
                                    positions(job),
                                    Stream.of(Effect.history("a run with trigger position reset has both positions and"
                                            + " the reason; an unpublished run is discarded"))))
                    .toList(),
            (job, form) -> {
                ExportDefinition<?> definition = definition(job, form);
                return run(
                        job.handle()
                                .resetPosition(
                                        definition.name(), position(definition, form, "position"), form.reason()),
                        "recorded");
            });

    private static final Operation<OfJob> ACCEPT = new Operation<>(
            "accept-directory",
            "Accept the directory",
            ConsoleAction.ACKNOWLEDGE,
            true,
            job -> job.summary()
                    .delay()
                    .filter(delay -> delay.failure().code() == FailureCode.DESTINATION_CHANGED)
                    .isPresent(),
            job -> List.of(Input.choice(
                    "delivery",
                    "Destination",
                    job.theJob().deliveries().stream()
                            .map(delivery -> new Choice(delivery.id(), delivery.id()))
                            .toList())),
            job -> List.of(
                    Effect.sends("nothing now. The next attempt delivers to the directory that is there"),
                    new Effect(
                            "Careful",
                            "only if the directory was replaced on purpose: if a file system is not mounted, what is"
                                    + " delivered is hidden once it is"),
                    Effect.position("stays")),
            (job, form) -> {
                job.handle().acceptDirectory(form.values().required("delivery"));
                return Result.of("accepted");
            });

    private JobOperations() {}

    public static List<Operation<OfJob>> all() {
        return List.of(RUN, PAUSE, RESUME, TEST, BACKFILL, RESET, ACCEPT);
    }

    private static List<Effect> effectsOfRun(OfJob job) {
        List<Effect> effects = new ArrayList<>();
        Optional<ExportRun> waiting = job.summary().current();
        if (waiting.isPresent()) {
            effects.add(Effect.sends("run " + waiting.get().number() + " waits, and this is its next attempt: it sends "
                    + (waiting.get().publishing() ? "what is missing of its own files" : "what it covers") + " to "
                    + job.destinations()));
        } else {
            effects.add(Effect.sends("what was written since the last success, to " + job.destinations()));
        }
        effects.add(Effect.position("moves when all destinations have the files"));
        effects.add(Effect.history("a run with trigger manual; the schedule stays as it is"
                + (job.summary().status() == JobStatus.PAUSED ? ", and paused" : "")));
        return effects;
    }

    private static Stream<Effect> positions(OfJob job) {
        return job.theJob().definitions().stream()
                .map(definition -> Effect.position("of " + definition.name() + " is "
                        + job.handle()
                                .position(definition.name())
                                .map(Position::text)
                                .orElse("not there: nothing was delivered yet")));
    }

    private static Input definition(OfJob job) {
        return Input.choice(
                DEFINITION,
                "Definition",
                job.theJob().definitions().stream()
                        .map(definition -> new Choice(definition.name(), definition.name()))
                        .toList());
    }

    private static ExportDefinition<?> definition(OfJob job, Form form) {
        String name = form.values().required(DEFINITION);
        return job.theJob().definitions().stream()
                .filter(definition -> definition.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadRequestException("the job has no such definition", null));
    }

    /** Reads a position of the kind that the definition's watermark has. */
    private static Position position(ExportDefinition<?> definition, Form form, String name) {
        String text = form.values().required(name);
        String kind = definition.watermark().kind();
        try {
            return switch (kind) {
                case Position.TIMESTAMP -> Position.of(Instant.parse(text));
                case Position.SEQUENCE -> Position.of(Long.parseLong(text));
                default -> new Position(kind, text);
            };
        } catch (DateTimeException | NumberFormatException e) {
            throw new BadRequestException(
                    kind.equals(Position.TIMESTAMP)
                            ? "the position must be a time with its zone, such as 2026-11-01T00:00:00Z"
                            : "the position must be a number",
                    e);
        }
    }

    static Result run(ExportRun run, String what) {
        return new Result("run " + run.number() + " " + what, Text.link("run", "number", Long.toString(run.number())));
    }
}
