package io.outfeed.internal.execution;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.internal.delivery.TemporaryFiles;
import io.outfeed.internal.ledger.RunLog;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunPhase;
import io.outfeed.run.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Plans a run anew that has published nothing. */
final class Replan {

    private Replan() {}

    /**
     * Returns the run without what it had staged: it follows the latest fire time that it covers, and the job as it is
     * now.
     */
    static ExportRun of(ExportJob job, ExportRun open, long token, Instant now) {
        RunBuilder run = RunBuilder.of(open)
                .status(RunStatus.PLANNED)
                .token(token)
                .windows(Map.of())
                .files(List.of())
                .sidecars(List.of())
                .spoolToken(0)
                .deliveries(List.of())
                .deliveryIds(job.deliveries().stream().map(Delivery::id).toList())
                .litter(TemporaryFiles.litter(open, now))
                .sequence(0)
                .dailySequence(null)
                .rejected(0)
                .sensitive(false)
                .note("")
                .expectedPositions(null)
                .clockOrigin(null)
                .fingerprint(Fingerprint.of(job));
        open.coveredFires().ifPresent(fires -> run.fireTime(fires.last()));
        return RunLog.with(run.build(), now, RunPhase.PLANNED);
    }
}
