package io.outfeed.internal.execution;

import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.delivery.DeliverySteps;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.store.ExportStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds files of younger runs, of any job, that a redelivery would replace. Reads the younger runs of which a file
 * remains at a destination. Thread-safe.
 */
record YoungerDeliveries(ExportStore store) {

    private static final int PAGE = 100;

    /** A file with other bytes that a younger run has delivered. */
    record Found(ExportRun run, FileDelivery step) {}

    /**
     * Finds a file with other bytes under the name of one of these files, at one of these destinations.
     *
     * @param number the run whose younger ones are read
     */
    Optional<Found> find(long number, List<StagedFile> files, List<String> deliveries) {
        Map<String, StagedFile> byName = new HashMap<>();
        files.forEach(file -> byName.put(SafeName.withoutCase(file.path()), file));
        RunQuery page = RunQuery.all().filesRemain().limit(PAGE);
        List<ExportRun> runs = store.runs(page);
        while (!runs.isEmpty()) {
            for (ExportRun run : runs) {
                if (run.number() <= number) {
                    return Optional.empty();
                }
                Optional<FileDelivery> step = run.deliveries().stream()
                        .filter(candidate -> candidate.remains() && deliveries.contains(candidate.delivery()))
                        .filter(candidate -> hasName(run, candidate, byName))
                        .findFirst();
                if (step.isPresent()) {
                    return Optional.of(new Found(run, step.get()));
                }
            }
            runs = store.runs(page.below(runs.get(runs.size() - 1).number()));
        }
        return Optional.empty();
    }

    /** A file that was kept beside another one has the name that the receipt says; the planned one counts too. */
    private static boolean hasName(ExportRun run, FileDelivery step, Map<String, StagedFile> files) {
        String sha256 = DeliverySteps.file(run, step).sha256();
        String location = SafeName.withoutCase(step.receipt().orElseThrow().location());
        return files.entrySet().stream()
                .filter(file -> !file.getValue().sha256().equals(sha256))
                .anyMatch(file -> SafeName.withoutCase(step.path()).equals(file.getKey())
                        || location.equals(file.getKey())
                        || location.endsWith("/" + file.getKey()));
    }
}
