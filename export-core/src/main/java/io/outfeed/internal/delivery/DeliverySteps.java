package io.outfeed.internal.delivery;

import io.outfeed.file.StagedFile;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Finds and changes the deliveries of a run, each of one file to one destination. */
public final class DeliverySteps {

    private DeliverySteps() {}

    /** Returns the run with one of its steps changed. */
    public static ExportRun with(ExportRun run, FileDelivery step, UnaryOperator<FileDelivery> next) {
        List<FileDelivery> deliveries = new ArrayList<>(run.deliveries());
        deliveries.replaceAll(candidate ->
                candidate.delivery().equals(step.delivery()) && candidate.path().equals(step.path())
                        ? next.apply(candidate)
                        : candidate);
        return RunBuilder.of(run).deliveries(deliveries).build();
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
