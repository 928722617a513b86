package io.outfeed.internal.delivery;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.RecipientLog;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.files.ControlFileWriter;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Litter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The context of one run's delivery. Used by one thread. */
record RunDelivery(
        ExportJob job, RunLedger ledger, RunServices services, RunMeter meter, KnownDirectories directories) {

    private static final Set<Trigger> NEVER_REPLACES =
            EnumSet.of(Trigger.RE_EXPORT, Trigger.BACKFILL, Trigger.BACKFILL_CHUNK);

    Destinations destinations(List<Delivery> deliveries) {
        return new Destinations(deliveries, services.deliveryResources(), directories);
    }

    /** Returns a file as the current owner of the lock sends it; its recipients are not in the ledger. */
    OutgoingFile outgoing(ExportRun run, FileDelivery step) {
        return outgoing(run, step, RecipientLog.inMemory());
    }

    /** Returns a file as the current owner of the lock sends it to its recipients. */
    OutgoingFile outgoing(ExportRun run, FileDelivery step, RecipientLog recipients) {
        StagedFile file = DeliverySteps.file(run, step);
        return new OutgoingFile(
                run.job(),
                run.number(),
                ledger.token(),
                Math.max(1, step.uploads()), // those of copies are not counted
                file,
                services.directory().path(run.number(), file),
                ifExists(run, file.definition()),
                meter.fileCounter(),
                recipients);
    }

    /** Returns a file as it was sent, which its run may no longer have. */
    OutgoingFile outgoing(Litter litter, StagedFile file) {
        return new OutgoingFile(
                job.name(),
                litter.run(),
                litter.token(),
                litter.upload(),
                file,
                services.directory().path(litter.run(), file),
                IfExists.FAIL,
                meter.fileCounter());
    }

    /** Re-exported and backfilled files never replace a regular file; for redelivered ones the run says it. */
    private IfExists ifExists(ExportRun run, String definition) {
        if (run.existing().isPresent()) {
            return run.existing().get();
        }
        if (NEVER_REPLACES.contains(run.trigger())) {
            return IfExists.FAIL;
        }
        return ControlFileWriter.ifExists(job, definition);
    }
}
