package io.outfeed.internal.delivery;

import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Finds and changes the deliveries of a run, each of one file to one destination. */
public final class DeliverySteps {

    private DeliverySteps() {}

    /** Returns the run with one of its steps changed. */
    public static ExportRun with(ExportRun run, FileDelivery step, UnaryOperator<FileDelivery> next) {
        List<FileDelivery> deliveries = new ArrayList<>(run.deliveries());
        deliveries.replaceAll(candidate -> isSame(candidate, step) ? next.apply(candidate) : candidate);
        return RunBuilder.of(run).deliveries(deliveries).build();
    }

    /** Returns a step as the run has it now. */
    static FileDelivery current(ExportRun run, FileDelivery step) {
        return run.deliveries().stream()
                .filter(candidate -> isSame(candidate, step))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("run " + run.number() + " has no step for " + step));
    }

    /** Returns the step that follows another one at the same destination. */
    static Optional<FileDelivery> following(ExportRun run, FileDelivery step) {
        return run.deliveries().stream()
                .dropWhile(candidate -> !isSame(candidate, step))
                .skip(1)
                .filter(candidate -> candidate.delivery().equals(step.delivery()))
                .findFirst();
    }

    /** Returns the run with the upload of a step among its litter. */
    static ExportRun withLitter(ExportRun run, FileDelivery step, Instant now) {
        List<Litter> litter = new ArrayList<>(run.litter());
        litter.add(litter(run, step, now));
        return RunBuilder.of(run).litter(litter).build();
    }

    /** Returns the upload of a step as litter. */
    static Litter litter(ExportRun run, FileDelivery step, Instant since) {
        return new Litter(step.delivery(), run.number(), step.path(), step.token(), Math.max(1, step.uploads()), since);
    }

    private static boolean isSame(FileDelivery left, FileDelivery right) {
        return left.path().equals(right.path()) && left.delivery().equals(right.delivery());
    }

    /** Returns the file that a step delivers. */
    public static StagedFile file(ExportRun run, FileDelivery step) {
        return run.files().stream()
                .filter(file -> file.path().equals(step.path()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("run " + run.number() + " has no file " + step.path()));
    }

    static long bytes(ExportRun run, Stream<FileDelivery> steps) {
        return steps.mapToLong(step -> file(run, step).bytes()).sum();
    }

    static List<FileDelivery> ofDelivery(ExportRun run, String delivery) {
        return run.deliveries().stream()
                .filter(step -> step.delivery().equals(delivery))
                .toList();
    }
}
