package io.outfeed.internal.delivery;

import io.outfeed.ExportJob;
import io.outfeed.error.ExportException;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes uploaded files that will not be published. What can't be removed stays in the ledger as litter. Used by one
 * thread.
 */
public final class TemporaryFiles {

    private static final Logger log = LoggerFactory.getLogger(TemporaryFiles.class);

    private final RunDelivery delivery;
    private final Destinations destinations;

    TemporaryFiles(RunDelivery delivery, Destinations destinations) {
        this.delivery = delivery;
        this.destinations = destinations;
    }

    /** Returns the temporary files of a run, those that were litter before too. */
    public static List<Litter> litter(ExportRun run, Instant now) {
        return Stream.concat(
                        run.litter().stream(),
                        run.deliveries().stream()
                                .filter(TemporaryFiles::mayBeThere)
                                .map(step -> DeliverySteps.litter(run, step, now)))
                .toList();
    }

    /** Tells whether an upload was begun that has a name of its own. */
    static boolean mayBeThere(FileDelivery step) {
        return step.state() == DeliveryState.UPLOADING
                || (!step.settled()
                        && step.prepared()
                                .filter(prepared -> prepared.temporary().isPresent())
                                .isPresent());
    }

    /**
     * Removes the uploads of a run that publishes nothing more. Destinations without an upload are not contacted.
     *
     * @return the run, not saved, whose litter is what could not be removed
     */
    public static ExportRun removeAll(ExportJob job, RunLedger ledger, RunServices services, ExportRun run) {
        List<Litter> all = litter(run, services.clock().instant());
        if (all.isEmpty()) {
            return run;
        }
        RunDelivery delivery = new RunDelivery(
                job,
                ledger,
                services,
                RunMeter.unregistered(run, services.clock()),
                KnownDirectories.of(services.states(), job));
        try (Destinations destinations = delivery.destinations(job.deliveries())) {
            return new TemporaryFiles(delivery, destinations).remove(run, all);
        }
    }

    /** Returns the run, not saved, with the temporary files that it leaves for the next run to remove. */
    public static ExportRun leaveAll(RunServices services, ExportRun run) {
        return RunBuilder.of(run)
                .litter(litter(run, services.clock().instant()))
                .build();
    }

    private ExportRun remove(ExportRun run, List<Litter> all) {
        List<Litter> left = new ArrayList<>();
        Set<String> unreachable = new HashSet<>();
        for (Litter litter : all) {
            boolean removed = !unreachable.contains(litter.delivery()) && remove(run, litter);
            if (!removed) {
                left.add(litter);
                unreachable.add(litter.delivery());
            }
        }
        return RunBuilder.of(run).litter(left).build();
    }

    /** Removes the litter of a run at a destination that is reached now. Returns the run, not saved. */
    ExportRun removeLitter(ExportRun run, String id) {
        List<Litter> left = new ArrayList<>(run.litter());
        left.removeIf(litter -> litter.delivery().equals(id) && remove(run, litter));
        return left.size() == run.litter().size()
                ? run
                : RunBuilder.of(run).litter(left).build();
    }

    /** Removes the temporary file that an upload may have left; false if it may be there still. */
    boolean remove(ExportRun run, FileDelivery step, long token) {
        return remove(
                run,
                new Litter(
                        step.delivery(), run.number(), step.path(), token, Math.max(1, step.uploads()), Instant.EPOCH));
    }

    private boolean remove(ExportRun run, Litter litter) {
        boolean interrupted = Thread.currentThread().isInterrupted(); // perhaps since the destination does not answer
        if (interrupted || !destinations.has(litter.delivery())) {
            return false;
        }
        try {
            return HostCalls.callDelivery(litter.delivery(), "can't remove a temporary file", () -> {
                destinations.session(litter.delivery()).discard(delivery.outgoing(litter, uploaded(litter)));
                return true;
            });
        } catch (ExportException e) {
            destinations.reset(litter.delivery());
            log.info(
                    "A temporary file may be left at delivery '{}'; it is hidden and harmless, and the next run tries"
                            + " to remove it: {} (job={}, run={})",
                    litter.delivery(),
                    e.getMessage(),
                    run.job(),
                    run.number());
            return false;
        }
    }

    /** The run may have other files by now: only the path counts. */
    private static StagedFile uploaded(Litter litter) {
        int slash = litter.path().lastIndexOf('/');
        return new StagedFile(
                "",
                slash < 0 ? "" : litter.path().substring(0, slash),
                litter.path().substring(slash + 1),
                0,
                0,
                "0".repeat(64));
    }
}
