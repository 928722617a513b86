package io.outfeed.view;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.backfill.BackfillProgress;
import io.outfeed.delivery.Delivery;
import io.outfeed.operation.JobDelay;
import io.outfeed.operation.JobPause;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.source.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job and how it fares, for JSON. Immutable. Parameters and the settings of deliveries are not shown: they may hold
 * what only the host may read.
 *
 * @param name its name
 * @param description its description; may be empty
 * @param status the name of the {@link io.outfeed.operation.JobStatus}
 * @param frequency the name of the {@link io.outfeed.schedule.Frequency}; null without a schedule
 * @param nextFire the next fire time, in ISO 8601; null if there is none
 * @param definitions the names of its definitions, in order
 * @param deliveries the ids of its deliveries, in order
 * @param copies the ids of the deliveries that get copies, in order
 * @param current the run that is in progress, waiting or held; null if there is none
 * @param lastOutcome the last run that ended; null if there is none
 * @param progress how far the run in progress has come on this node; null if none is
 * @param delay why it owes a file; null if it does not
 * @param pause why it is paused; null if it is not
 * @param backfill the backfill that was started last; null if there was none
 * @param disabled why the host's code has disabled it; null if it is enabled
 * @param failuresInARow how many runs have failed since the last success
 * @param unconfirmedRuns how many runs may have delivered, and nothing proves it
 * @param refusedRecipients how many recipients are refused, by delivery
 * @param overdueSince the deadline that it has missed; null if it has missed none
 * @param damage why its state can't be read; null if it can
 */
public record JobView(
        String name,
        String description,
        String status,
        @Nullable String frequency,
        @Nullable String nextFire,
        List<String> definitions,
        List<String> deliveries,
        List<String> copies,
        @Nullable RunView current,
        @Nullable RunView lastOutcome,
        @Nullable Progress progress,
        @Nullable Delay delay,
        @Nullable Pause pause,
        @Nullable Backfill backfill,
        @Nullable String disabled,
        int failuresInARow,
        int unconfirmedRuns,
        Map<String, Integer> refusedRecipients,
        @Nullable String overdueSince,
        @Nullable FailureView damage) {

    /**
     * How far a run has come. Immutable.
     *
     * @param run the number of the run
     * @param step the name of the {@link RunProgress.Step}
     * @param since when the step began, in ISO 8601
     * @param definition the definition that is read or written; null otherwise
     * @param delivery the delivery that is sent to; null otherwise
     * @param path the file; null if it is about none
     * @param rowsRead the records that were read
     * @param rowsWritten the records that were written
     * @param bytesStaged the bytes that were written
     * @param bytesSent the bytes of the file that were sent
     * @param percent how much of the step is done; null if the whole is not known
     */
    public record Progress(
            long run,
            String step,
            String since,
            @Nullable String definition,
            @Nullable String delivery,
            @Nullable String path,
            long rowsRead,
            long rowsWritten,
            long bytesStaged,
            long bytesSent,
            @Nullable Integer percent) {

        /**
         * Shows how far a run has come.
         *
         * @param progress the progress
         * @return its view
         */
        public static Progress of(RunProgress progress) {
            return new Progress(
                    progress.run(),
                    progress.step().name(),
                    progress.since().toString(),
                    progress.definition().orElse(null),
                    progress.delivery().orElse(null),
                    progress.path().orElse(null),
                    progress.rowsRead(),
                    progress.rowsWritten(),
                    progress.bytesStaged(),
                    progress.bytesSent(),
                    progress.percent().isPresent() ? progress.percent().getAsInt() : null);
        }
    }

    /**
     * Why a job owes a file. Immutable.
     *
     * @param run the number of the run that is tried again
     * @param since when its first attempt failed, in ISO 8601
     * @param failure why the last attempt failed
     * @param next what the run waits for; null while an attempt is in progress
     */
    public record Delay(
            long run,
            String since,
            FailureView failure,
            @Nullable WaitingView next) {

        /**
         * Shows why a job owes a file.
         *
         * @param delay the delay
         * @return its view
         */
        public static Delay of(JobDelay delay) {
            return new Delay(
                    delay.run(),
                    delay.since().toString(),
                    FailureView.of(delay.failure()),
                    delay.next().map(WaitingView::of).orElse(null));
        }
    }

    /**
     * Why a job is paused. Immutable.
     *
     * @param by the name of the {@link JobPause.By}
     * @param reason why, for people
     * @param since since when, in ISO 8601
     */
    public record Pause(String by, String reason, String since) {

        /**
         * Shows why a job is paused.
         *
         * @param pause the pause
         * @return its view
         */
        public static Pause of(JobPause pause) {
            return new Pause(pause.by().name(), pause.reason(), pause.since().toString());
        }
    }

    /**
     * How far a backfill has come. Immutable.
     *
     * @param definition the definition that is exported again
     * @param from where its window begins
     * @param until where its window ends
     * @param chunkSize how long chunks are; empty if there is one
     * @param status the name of the {@link BackfillProgress.Status}
     * @param done how many chunks are delivered
     * @param chunks how many there are
     * @param chunkFrom where the window of the chunk begins that is exported now, or next; null if all are delivered
     * @param chunkUntil where it ends
     * @param run the run of that chunk; null between two chunks
     * @param requestedAt when it was started, in ISO 8601
     * @param note why it was stopped or cancelled; empty otherwise
     */
    public record Backfill(
            String definition,
            String from,
            String until,
            String chunkSize,
            String status,
            int done,
            int chunks,
            @Nullable String chunkFrom,
            @Nullable String chunkUntil,
            @Nullable Long run,
            String requestedAt,
            String note) {

        /**
         * Shows how far a backfill has come.
         *
         * @param progress its progress
         * @return its view
         */
        public static Backfill of(BackfillProgress progress) {
            Optional<Window> chunk = progress.window();
            return new Backfill(
                    progress.backfill().definition(),
                    progress.backfill().window().from().text(),
                    progress.backfill().window().until().text(),
                    progress.backfill().chunkSize(),
                    progress.status().name(),
                    progress.done(),
                    progress.backfill().chunks(),
                    chunk.map(window -> window.from().text()).orElse(null),
                    chunk.map(window -> window.until().text()).orElse(null),
                    progress.run().isPresent() ? progress.run().getAsLong() : null,
                    progress.requestedAt().toString(),
                    progress.note());
        }
    }

    /**
     * Makes a view.
     *
     * @param name its name
     * @param description its description
     * @param status the status
     * @param frequency the frequency
     * @param nextFire the next fire time
     * @param definitions the names of its definitions
     * @param deliveries the ids of its deliveries
     * @param copies the ids of the deliveries that get copies
     * @param current the run that has not ended
     * @param lastOutcome the last run that ended
     * @param progress how far the run in progress has come
     * @param delay why it owes a file
     * @param pause why it is paused
     * @param backfill the backfill that was started last
     * @param disabled why it is disabled
     * @param failuresInARow how many runs have failed since the last success
     * @param unconfirmedRuns how many runs are unconfirmed
     * @param refusedRecipients how many recipients are refused, by delivery
     * @param overdueSince the deadline that it has missed
     * @param damage why its state can't be read
     */
    public JobView {
        definitions = List.copyOf(definitions);
        deliveries = List.copyOf(deliveries);
        copies = List.copyOf(copies);
        refusedRecipients = Map.copyOf(refusedRecipients);
    }

    /**
     * Shows a job.
     *
     * @param summary its summary, as {@code engine.jobs(query)} lists it
     * @return its view
     */
    public static JobView of(JobSummary summary) {
        ExportJob job = summary.job();
        Map<String, Integer> refused = new TreeMap<>();
        summary.refusedRecipients().forEach((delivery, recipients) -> refused.put(delivery, recipients.size()));
        return new JobView(
                job.name(),
                job.description(),
                summary.status().name(),
                summary.frequency().map(Enum::name).orElse(null),
                summary.nextFire().map(Instant::toString).orElse(null),
                job.definitions().stream().map(ExportDefinition::name).toList(),
                ids(job.deliveries()),
                ids(job.copies()),
                run(summary.current().orElse(null)),
                run(summary.lastOutcome().orElse(null)),
                summary.progress().map(Progress::of).orElse(null),
                summary.delay().map(Delay::of).orElse(null),
                summary.pause().map(Pause::of).orElse(null),
                summary.backfill().map(Backfill::of).orElse(null),
                job.disabled().orElse(null),
                summary.failuresInARow(),
                summary.unconfirmedRuns(),
                refused,
                summary.overdueSince().map(Instant::toString).orElse(null),
                summary.damage().map(FailureView::of).orElse(null));
    }

    private static List<String> ids(List<Delivery> deliveries) {
        return deliveries.stream().map(Delivery::id).toList();
    }

    private static @Nullable RunView run(@Nullable ExportRun run) {
        return run == null ? null : RunView.of(run);
    }
}
