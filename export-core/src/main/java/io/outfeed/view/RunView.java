package io.outfeed.view;

import io.outfeed.run.CoveredFires;
import io.outfeed.run.ExportRun;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run, for a line of a JSON list. Immutable.
 *
 * @param number its number
 * @param job the name of its job
 * @param trigger the name of the {@link io.outfeed.run.Trigger}
 * @param status the name of the {@link io.outfeed.run.RunStatus}
 * @param startedAt when it began, in ISO 8601
 * @param endedAt when it ended; null while it has not
 * @param fireTime the fire time; null if it was not started by a schedule
 * @param coveredFires how many fire times it covers; 0 without a schedule
 * @param sequence its sequence number; null if it has none
 * @param files the number of its files
 * @param rows the number of their records
 * @param bytes the size of its files
 * @param rejected how many records were left out
 * @param attempts how many attempts it has made
 * @param unconfirmed whether a file may have arrived, and nothing proves it
 * @param waiting what it waits for; null if it does not
 * @param failure why it failed, or its last attempt did; null if nothing failed
 * @param skipReason the name of the {@link io.outfeed.run.SkipReason}; null if it was not skipped
 * @param note what else is to be said, for people; may be empty
 */
public record RunView(
        long number,
        String job,
        String trigger,
        String status,
        String startedAt,
        @Nullable String endedAt,
        @Nullable String fireTime,
        long coveredFires,
        @Nullable Long sequence,
        int files,
        long rows,
        long bytes,
        int rejected,
        int attempts,
        boolean unconfirmed,
        @Nullable WaitingView waiting,
        @Nullable FailureView failure,
        @Nullable String skipReason,
        String note) {

    /**
     * Shows a run.
     *
     * @param run the run
     * @return its view
     */
    public static RunView of(ExportRun run) {
        return new RunView(
                run.number(),
                run.job(),
                run.trigger().name(),
                run.status().name(),
                run.startedAt().toString(),
                run.endedAt().map(Instant::toString).orElse(null),
                run.fireTime().map(Instant::toString).orElse(null),
                run.coveredFires().map(CoveredFires::count).orElse(0L),
                run.sequence().isPresent() ? run.sequence().getAsLong() : null,
                run.files().size(),
                run.rows(),
                run.bytes(),
                run.rejected(),
                run.attemptCount(),
                run.unconfirmed(),
                run.waiting().map(WaitingView::of).orElse(null),
                run.failure().map(FailureView::of).orElse(null),
                run.skipReason().map(Enum::name).orElse(null),
                run.note());
    }
}
