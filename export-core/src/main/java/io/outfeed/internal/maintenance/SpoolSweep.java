package io.outfeed.internal.maintenance;

import io.outfeed.error.ExportException;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.scheduler.Scheduler;
import io.outfeed.spool.Spool;
import io.outfeed.spool.SpooledAttempt;
import io.outfeed.store.ExportStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what nodes have left in the spool, once a day: files of attempts that the ledger does not have as staged, and
 * of runs that ended without them or are not in the history any more. Of this engine's own directory it removes the
 * runs that another node has pruned. Used by one thread at a time: the scheduler never runs one name twice at once.
 */
public final class SpoolSweep {

    /** The name of the sweep at the scheduler; no job can have this name. */
    public static final String NAME = "*spool";

    /** The lowest: exports come first. */
    private static final int PRIORITY = Integer.MIN_VALUE;

    private static final Duration EVERY = Duration.ofDays(1);

    /** The time between two pages, of which each reads the runs of its attempts. */
    private static final Duration PAGES_APART = Duration.ofSeconds(1);

    private static final int PAGE = 100;

    private static final Logger log = LoggerFactory.getLogger(SpoolSweep.class);

    private final Spool spool;
    private final SpoolDirectory directory;
    private final ExportStore store;
    private final Scheduler scheduler;
    private final Clock clock;
    private SpooledAttempt last = SpooledAttempt.FIRST;

    public SpoolSweep(Spool spool, RunServices services, Scheduler scheduler) {
        this.spool = spool;
        this.directory = services.directory();
        this.store = services.store();
        this.scheduler = scheduler;
        this.clock = services.clock();
    }

    public void start() {
        scheduler.scheduleAt(NAME, clock.instant(), PRIORITY);
    }

    public void run() {
        Duration next = EVERY;
        try {
            if (last.equals(SpooledAttempt.FIRST)) {
                sweepDirectory();
            }
            next = sweepPage();
        } catch (ExportException | IOException e) {
            failed(e);
        } catch (Exception e) {
            failed(HostCalls.redact(e));
        } finally {
            scheduler.scheduleAt(NAME, clock.instant().plus(next), PRIORITY);
        }
    }

    private void failed(Throwable e) {
        last = SpooledAttempt.FIRST;
        log.warn("What is left in the spool could not be removed, trying again in {}", EVERY, Redacted.of(e));
    }

    /** Returns when to go on. */
    private Duration sweepPage() throws Exception {
        List<SpooledAttempt> page = spool.attempts(last, PAGE);
        for (SpooledAttempt attempt : page) {
            if (!isNeeded(attempt)) {
                spool.delete(attempt.run(), attempt.token());
                log.info("Files that an attempt of run {} had left in the spool were removed", attempt.run());
            }
        }
        boolean more = page.size() == PAGE;
        last = more ? page.get(PAGE - 1) : SpooledAttempt.FIRST;
        return more ? PAGES_APART : EVERY;
    }

    /** Whether the ledger has what an attempt has saved, or may have it soon: runs are on record before they save. */
    private boolean isNeeded(SpooledAttempt attempt) {
        return isKept(attempt.run(), run -> {
            long current = run.spoolToken() > 0 ? run.spoolToken() : run.token();
            return !isWithoutBytes(run) && attempt.token() >= current;
        });
    }

    /** Whether the history has a run that needs its bytes; one that is damaged may need them. */
    private boolean isKept(long number, Predicate<ExportRun> needed) {
        try {
            return store.run(number).filter(needed).isPresent();
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            log.debug("Run {} is damaged, and its files stay", number, Redacted.of(e));
            return true;
        }
    }

    /** Whether a run has ended, and its bytes were removed. */
    private static boolean isWithoutBytes(ExportRun run) {
        RunStatus status = run.status();
        boolean kept = run.unconfirmed()
                || status == RunStatus.COMMITTED
                || status == RunStatus.EMPTY
                || status == RunStatus.GIVEN_UP;
        return status.ended() && !kept;
    }

    private void sweepDirectory() throws IOException {
        List<ExportRun> newest = store.runs(RunQuery.all().limit(1));
        long known = newest.isEmpty() ? 0 : newest.get(0).number();
        for (long run : directory.runs()) {
            if (run < known && !isKept(run, any -> true)) { // a later one may be of a history that was restored since
                directory.delete(run);
                log.info("The files of run {}, which another node has removed from the history, were removed", run);
            }
        }
    }
}
