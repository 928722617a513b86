package io.outfeed.store;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.PreparedFile;
import io.outfeed.delivery.Publication;
import io.outfeed.error.FailureCode;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.Attempt;
import io.outfeed.run.CoveredFires;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunLayout;
import io.outfeed.run.RunLogEntry;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.Waiting;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import io.outfeed.run.file.WatchRecord;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Runs for the tests of what is stored of them. */
final class SampleRuns {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private SampleRuns() {}

    static ExportRun planned() {
        return RunBuilder.planned(1, "job", Trigger.SCHEDULED, NOON)
                .fireTime(NOON.minusSeconds(1))
                .token(97)
                .build();
    }

    /** Returns a run with files that go to two destinations, none of which was uploaded. */
    static ExportRun staged(int files) {
        List<StagedFile> staged = IntStream.range(0, files)
                .mapToObj(i -> new StagedFile("rows", "", "rows-" + i + ".csv", 10, 1234, "0".repeat(64)))
                .toList();
        List<FileDelivery> deliveries = new ArrayList<>();
        for (String destination : List.of("lakeside", "riverside")) {
            staged.forEach(file -> deliveries.add(FileDelivery.pending(destination, file.path())));
        }
        return RunBuilder.of(planned())
                .status(RunStatus.STAGED)
                .windows(Map.of("rows", new Window(Position.of(1), Position.of(2))))
                .deliveryIds(List.of("lakeside", "riverside"))
                .files(staged)
                .deliveries(deliveries)
                .build();
    }

    /** Returns all that the ledger gets of a run whose files are uploaded, and then published, one by one. */
    static List<ExportRun> history(int files) {
        List<ExportRun> history = new ArrayList<>(List.of(planned(), staged(files)));
        ExportRun run = staged(files);
        for (int i = 0; i < run.deliveries().size(); i++) {
            run = with(run, i, SampleRuns::prepared);
            history.add(run);
        }
        run = RunBuilder.of(run).status(RunStatus.PUBLISHING).build();
        history.add(run);
        for (int i = 0; i < run.deliveries().size(); i++) {
            run = with(run, i, SampleRuns::published);
            history.add(run);
        }
        history.add(RunBuilder.of(run).status(RunStatus.COMMITTED).endedAt(NOON).build());
        return history;
    }

    static ExportRun with(ExportRun run, int delivery, UnaryOperator<FileDelivery> change) {
        List<FileDelivery> deliveries = new ArrayList<>(run.deliveries());
        deliveries.set(delivery, change.apply(deliveries.get(delivery)));
        return RunBuilder.of(run).deliveries(deliveries).build();
    }

    static FileDelivery prepared(FileDelivery delivery) {
        String location = "/out/" + delivery.path();
        return delivery.toPrepared(PreparedFile.renamed(location, location + ".part"));
    }

    static FileDelivery published(FileDelivery delivery) {
        return delivery.toPublished(
                new DeliveryReceipt("/out/" + delivery.path(), Publication.ATOMIC), NOON.plusSeconds(30));
    }

    /** Returns a run that differs from a run of the same number in anything. */
    static ExportRun random(RandomGenerator random) {
        RunBuilder run = RunBuilder.planned(1, "job", Trigger.MANUAL, NOON).token(random.nextInt(3));
        RunStatus[] statuses = RunStatus.values();
        run.status(statuses[random.nextInt(statuses.length)]);
        if (random.nextBoolean()) {
            run.waiting(new Waiting(NOON.plusSeconds(random.nextInt(3)), Waiting.Cause.BACKOFF));
        }
        if (random.nextBoolean()) {
            run.coveredFires(new CoveredFires(NOON, NOON.plusSeconds(5), random.nextInt(2, 4)));
        }
        if (random.nextBoolean()) {
            run.expectedPositions(
                    new JobPositions(Map.of("rows" + random.nextInt(2), Position.of(random.nextInt(2))), 1, 2));
        }
        if (random.nextBoolean()) {
            run.failure(failure(random));
        }
        Map<String, Window> windows = new LinkedHashMap<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            windows.put("rows" + random.nextInt(2), new Window(Position.of(1), Position.of(random.nextInt(2, 4))));
        }
        return run.publishing(random.nextBoolean())
                .released(random.nextBoolean())
                .unconfirmed(random.nextBoolean())
                .sensitive(random.nextBoolean())
                .rejected(random.nextInt(2))
                .note("Zürich ".repeat(random.nextInt(2)))
                .layouts(list(random, SampleRuns::layout))
                .fingerprint("12ab".repeat(random.nextInt(2)))
                .clockOrigin(random.nextBoolean() ? NOON.minusSeconds(random.nextInt(100)) : null)
                .sequence(random.nextInt(2))
                .dailySequence(random.nextBoolean() ? null : new DailySequence(LocalDate.EPOCH, 1 + random.nextInt(2)))
                .windows(windows)
                .deliveryIds(List.of("lakeside", "riverside").subList(0, random.nextInt(3)))
                .files(staged(2).files().subList(0, random.nextInt(3)))
                .deliveries(list(random, SampleRuns::delivery))
                .attempts(list(random, SampleRuns::attempt), random.nextInt(9))
                .litter(list(
                        random,
                        r -> new Litter("lakeside", 4, "rows-" + r.nextInt(2) + ".csv", 1, 1 + r.nextInt(2), NOON)))
                .log(list(
                        random,
                        r -> new RunLogEntry(
                                NOON, RunPhase.FAILED, Optional.empty(), r.nextInt(2), 0, 0, Optional.of(failure(r)))))
                .build();
    }

    private interface Maker<T> {

        T make(RandomGenerator random);
    }

    private static <T> List<T> list(RandomGenerator random, Maker<T> maker) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> maker.make(random))
                .toList();
    }

    private static RunLayout layout(RandomGenerator random) {
        return new RunLayout(
                "rows" + random.nextInt(2),
                List.of(new RunLayout.Column("id", "Schüler Nr.\n" + random.nextInt(2), "0a1b")),
                Map.of("the format", "2c3d"),
                random.nextBoolean() ? OptionalLong.of(random.nextInt(1, 9)) : OptionalLong.empty(),
                random.nextBoolean() ? List.of("column 'id' is new", "") : List.of());
    }

    private static RunFailure failure(RandomGenerator random) {
        return new RunFailure(
                FailureCode.UNEXPECTED, "Type" + random.nextInt(2), "line one\nline two", Optional.of("at"));
    }

    private static Attempt attempt(RandomGenerator random) {
        Attempt attempt = Attempt.begin(random.nextInt(3), NOON, RunStatus.PLANNED);
        return random.nextBoolean()
                ? attempt
                : attempt.end(NOON, RunStatus.STAGED, Attempt.Outcome.FAILED, Optional.of(failure(random)));
    }

    private static FileDelivery delivery(RandomGenerator random) {
        FileDelivery pending = FileDelivery.pending("lakeside", "rows-" + random.nextInt(2) + ".csv");
        return switch (random.nextInt(5)) {
            case 0 -> pending;
            case 1 -> prepared(pending);
            case 2 -> published(prepared(pending));
            case 3 -> published(prepared(pending)).toWatched(WatchRecord.NONE.toSeen(NOON, Optional.empty()));
            default -> prepared(pending).toUnknown();
        };
    }
}
