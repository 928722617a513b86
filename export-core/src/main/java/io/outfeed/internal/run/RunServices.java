package io.outfeed.internal.run;

import io.outfeed.delivery.DeliveryResources;
import io.outfeed.internal.clock.ClockSteps;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.event.StoreWarnings;
import io.outfeed.internal.incident.Incidents;
import io.outfeed.internal.ledger.DailySequences;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.progress.RunMeters;
import io.outfeed.internal.reading.SourcePermits;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.internal.staging.Stager;
import io.outfeed.internal.transform.CompressorThreads;
import io.outfeed.run.ExportRun;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobLock;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services that the runs of an engine share. */
public record RunServices(
        ExportStore store,
        RunBytes bytes,
        Stager stager,
        CompressorThreads compressors,
        SourcePermits sourcePermits,
        Clock clock,
        ClockSteps clockSteps,
        Retries retries,
        TimeLimits timeLimits,
        Listeners listeners,
        JobStates states,
        Incidents incidents,
        StoreWarnings storeWarnings,
        DeliveryResources deliveryResources,
        RunMeters meters) {

    private static final Logger log = LoggerFactory.getLogger(RunServices.class);

    /** Returns where this engine keeps the bytes of runs. */
    public SpoolDirectory directory() {
        return bytes.directory();
    }

    /** Returns what counts the runs of a day. */
    public DailySequences dailySequences() {
        return new DailySequences(store);
    }

    /** Returns a ledger for the owner of a job's lock. */
    public RunLedger ledger(JobLock lock) {
        return new RunLedger(store, clock, listeners, lock);
    }

    /** Reports the end of a run. Call it when the ledger has it. */
    public ExportRun publishEnd(ExportRun run) {
        log.info(
                "Run {} of job '{}' ended: {}, {} rows, {} bytes in {} files",
                run.number(),
                run.job(),
                run.status(),
                run.rows(),
                run.bytes(),
                run.files().size());
        RunFlightEvent.record(run);
        meters.remove(run.number());
        listeners.publishEnd(run);
        states.countOutcome(run);
        return run;
    }
}
