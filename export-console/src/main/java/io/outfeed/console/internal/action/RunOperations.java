package io.outfeed.console.internal.action;

import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.action.Input.Choice;
import io.outfeed.console.internal.action.Operation.Result;
import io.outfeed.console.internal.action.Subject.OfRun;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.operation.Arrival;
import io.outfeed.operation.Redelivery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import java.util.List;
import java.util.stream.Stream;

/** What can be done to a run. */
public final class RunOperations {

    private static final String EVERYWHERE = "*";

    private static final Operation<OfRun> CANCEL = new Operation<>(
            "cancel",
            "Cancel",
            ConsoleAction.CANCEL,
            true,
            run -> run.job().isPresent()
                    && !run.run().status().ended()
                    && !run.run().publishing(),
            run -> List.of(),
            run -> List.of(
                    Effect.sends("nothing: the run ends before its first file is visible, or, if one is, goes on"),
                    Effect.position("stays: the next run covers the same records"),
                    Effect.history("the run is cancelled, with the reason")),
            (run, form) -> Result.of(
                    switch (run.handle().cancel(form.reason())) {
                        case CANCELLED -> "cancelled";
                        case REQUESTED -> "it ends as soon as its attempt notices the request";
                        case TOO_LATE -> "too late: the run has ended, or a receiver may have seen a part of it";
                    }));

    private static final Operation<OfRun> RELEASE = new Operation<>(
            "release",
            "Release",
            ConsoleAction.RELEASE,
            false,
            run -> run.job().isPresent() && run.run().status() == RunStatus.HELD,
            run -> List.of(),
            run -> List.of(
                    Effect.sends(run.files() + ", as they are, to " + run.destinations()),
                    Effect.position("moves when all destinations have the files"),
                    Effect.history("the run")),
            (run, form) -> ended(run.handle().release()));

    private static final Operation<OfRun> DISCARD = new Operation<>(
            "discard",
            "Discard",
            ConsoleAction.RELEASE,
            false,
            run -> run.job().isPresent()
                    && run.run().status() == RunStatus.HELD
                    && !run.run().publishing(),
            run -> List.of(),
            run -> List.of(
                    Effect.sends("nothing: " + run.files() + " are removed"),
                    Effect.position("stays: the next run covers the same records"),
                    Effect.history("the run is discarded")),
            (run, form) -> ended(run.handle().discard()));

    private static final Operation<OfRun> GIVE_UP = new Operation<>(
            "give-up",
            "Give up",
            ConsoleAction.GIVE_UP,
            true,
            run -> run.job().isPresent()
                    && run.run().publishing()
                    && !run.run().status().ended(),
            run -> List.of(),
            run -> List.of(
                    Effect.sends("nothing more. What a destination does not have is never sent by itself: redeliver it"
                            + " later"),
                    Effect.position("moves as if all destinations had the files"),
                    Effect.history("the run is given up, with the reason")),
            (run, form) -> ended(run.handle().giveUp(form.reason())));

    private static final Operation<OfRun> REDELIVER = new Operation<>(
            "redeliver",
            "Redeliver",
            ConsoleAction.REDELIVER,
            true,
            run -> run.job().isPresent() && isDelivered(run.run()),
            RunOperations::redeliveryInputs,
            run -> List.of(
                    Effect.sends(run.files() + ", with the bytes that were kept, to the destinations that you choose"),
                    Effect.position("stays"),
                    Effect.history("a run with trigger redelivery")),
            (run, form) -> {
                Redelivery options = form.values()
                        .find("delivery")
                        .filter(delivery -> !delivery.equals(EVERYWHERE))
                        .map(Redelivery::to)
                        .orElse(Redelivery.toAll());
                Redelivery.Existing existing = form.values()
                        .constant("existing", Redelivery.Existing.class)
                        .orElseThrow(() -> new BadRequestException("choose what becomes of files there", null));
                return JobOperations.run(run.handle().redeliver(options.ifExists(existing)), "sent again");
            });

    private static final Operation<OfRun> RE_EXPORT = new Operation<>(
            "re-export",
            "Export again",
            ConsoleAction.REDELIVER,
            true,
            run -> run.job().isPresent() && isDelivered(run.run()),
            run -> List.of(),
            run -> List.of(
                    Effect.sends("the records that still have their version of that window, read anew, under names with"
                            + " -re, to " + run.destinations() + "; records that changed since are in a later file"),
                    Effect.position("stays"),
                    Effect.history("a run with trigger re-export")),
            (run, form) -> JobOperations.run(run.handle().reExport(), "exported"));

    private static final Operation<OfRun> ACKNOWLEDGE = new Operation<>(
            "acknowledge-run",
            "Acknowledge",
            ConsoleAction.ACKNOWLEDGE,
            true,
            run -> run.job().isPresent() && run.run().unconfirmed(),
            run -> List.of(Input.choice(
                    "arrival",
                    "The receiver says",
                    List.of(
                            new Choice(Arrival.ARRIVED.name(), "the files have arrived: send nothing"),
                            new Choice(Arrival.SEND_AGAIN.name(), "they have not arrived: send them again")))),
            run -> List.of(
                    Effect.sends("nothing if the files have arrived; else those that count as taken, once more, to "
                            + run.destinations()),
                    Effect.position("stays: it moved when the run ended"),
                    Effect.history("the run is no longer unconfirmed; its log says so")),
            (run, form) -> {
                Arrival arrival = form.values()
                        .constant("arrival", Arrival.class)
                        .orElseThrow(() -> new BadRequestException("choose what the receiver says", null));
                run.handle().acknowledge(arrival, form.reason());
                return Result.of(arrival == Arrival.ARRIVED ? "the files have arrived" : "the files were sent again");
            });

    private RunOperations() {}

    public static List<Operation<OfRun>> all() {
        return List.of(RELEASE, DISCARD, CANCEL, ACKNOWLEDGE, REDELIVER, RE_EXPORT, GIVE_UP);
    }

    private static boolean isDelivered(ExportRun run) {
        return run.status() == RunStatus.COMMITTED || run.status() == RunStatus.GIVEN_UP;
    }

    private static List<Input> redeliveryInputs(OfRun run) {
        List<Choice> deliveries = Stream.concat(
                        Stream.of(new Choice(EVERYWHERE, "all destinations of the job")),
                        run.job().stream()
                                .flatMap(job -> job.deliveries().stream())
                                .map(delivery -> new Choice(delivery.id(), delivery.id())))
                .toList();
        return List.of(
                Input.choice("delivery", "To", deliveries),
                Input.choice(
                        "existing",
                        "If a file of the name is there",
                        List.of(
                                new Choice(Redelivery.Existing.FAIL.name(), "send nothing, and say so"),
                                new Choice(
                                        Redelivery.Existing.KEEP_BOTH.name(), "keep both: the new one gets a number"),
                                new Choice(Redelivery.Existing.REPLACE_ONCE.name(), "replace it this time"))));
    }

    private static Result ended(ExportRun run) {
        return Result.of("run " + run.number() + ": " + run.status().label());
    }
}
