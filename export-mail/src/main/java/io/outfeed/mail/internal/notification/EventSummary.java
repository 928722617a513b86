package io.outfeed.mail.internal.notification;

import io.outfeed.error.FailureCode;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.EngineStoppedEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.IncidentEvent;
import io.outfeed.event.JobDamagedEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.RecipientsRefusedEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happened, in the words of a mail.
 *
 * @param jobs the jobs of the event; none if it is about the engine
 * @param run the run, if it is about one
 * @param what happened, in a word or two
 * @param toDo what a person does about it; empty if nothing, or if the event says it
 */
public record EventSummary(
        ExportEvent event, List<String> jobs, @Nullable ExportRun run, String what, String toDo) {

    /** A subject with the names of more is not read. */
    private static final int NAMED_JOBS = 5;

    public EventSummary {
        jobs = List.copyOf(jobs);
    }

    public static EventSummary of(ExportEvent event) {
        if (event instanceof RunEvent of) {
            boolean late = !of.alarm() && Delays.beginning(of).isPresent();
            return ofRun(event, of.run(), what(of.kind()) + (late ? " after a delay" : ""), toDo(of));
        } else if (event instanceof DeliveredFilesEvent of) {
            return ofRun(event, of.run(), text(of.kind()), toDo(of));
        } else if (event instanceof DeliveryOverdueEvent of) {
            return new EventSummary(event, List.of(of.job()), null, "overdue", "");
        } else if (event instanceof DestinationEvent of) {
            String what = of.problem().isPresent() ? "does not work" : "works again";
            return new EventSummary(event, of.jobs(), null, "destination " + of.delivery() + " " + what, "");
        } else if (event instanceof EngineStoppedEvent) {
            return new EventSummary(event, List.of(), null, "engine stopped", "");
        } else if (event instanceof IncidentEvent of) {
            return new EventSummary(event, of.incident().jobs(), null, "incident " + text(of.kind()), "");
        } else if (event instanceof JobDamagedEvent of) {
            return new EventSummary(event, List.of(of.job()), null, "damaged", "");
        } else if (event instanceof JobPausedEvent of) {
            return new EventSummary(event, List.of(of.job()), null, "paused", "");
        } else if (event instanceof MisfireEvent of) {
            return new EventSummary(
                    event, List.of(of.job()), null, count(of.count(), "fire") + " " + of.outcome(), toDo(of));
        } else if (event instanceof RecipientsRefusedEvent of) {
            return ofRun(event, of.run(), count(of.recipients().size(), "recipient") + " refused", toDo(of));
        }
        throw new IllegalStateException("an unknown kind of event: " + event.getClass());
    }

    private static String what(RunEvent.Kind kind) {
        return kind == RunEvent.Kind.EMPTY ? "nothing to deliver" : text(kind);
    }

    private static String text(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static EventSummary ofRun(ExportEvent event, ExportRun run, String what, String toDo) {
        String test = run.trigger() == Trigger.TEST ? "test " : "";
        return new EventSummary(event, List.of(run.job()), run, test + what, toDo);
    }

    private static String toDo(RunEvent event) {
        return event.run().trigger() == Trigger.BACKFILL_CHUNK ? toDoForChunk(event) : toDoForRun(event);
    }

    /** The chunk of a backfill covers a window of its own, and is not in the way of the schedule. */
    private static String toDoForChunk(RunEvent event) {
        return switch (event.kind()) {
            case FAILED ->
                "fix what the failure names, then call resumeBackfill() of the job, which continues with this chunk; no"
                        + " position has moved";
            case DELAYED ->
                correction(event.run()) + ": the chunk is tried again by itself, and the job's schedule continues"
                        + (event.run().publishing() ? "" : "; cancelBackfill(reason) of the job ends the backfill");
            case HELD ->
                "look at the run: release() sends its files, giveUp(reason) leaves out what is missing; the job's"
                        + " schedule continues";
            default -> toDoForRun(event);
        };
    }

    private static String toDoForRun(RunEvent event) {
        return switch (event.kind()) {
            case FAILED ->
                event.run().trigger().movesPositions()
                        ? "fix what the failure names; the next run covers the same window, and runNow() starts one"
                        : "fix what the failure names, and ask for the run again; no position has moved";
            case HELD ->
                "look at the run: release() sends its files, discard() drops them; the job's next windows wait";
            case DELAYED ->
                correction(event.run()) + ": runNow() makes the next attempt at once"
                        + (event.run().publishing()
                                ? ", and the run goes on until every destination has its files"
                                : ", cancel(reason) ends the run, and the next one covers its window");
            case UNCONFIRMED ->
                "ask the receiver whether it has the file, then call acknowledge(ARRIVED, reason) of the run, or"
                        + " acknowledge(SEND_AGAIN, reason); the job's later runs continue";
            case DEFERRED -> "ask the receiver to take the old file";
            case PLANNED,
                    STAGED,
                    LATE_RECORDS,
                    LAYOUT_CHANGED,
                    SUCCEEDED,
                    REDELIVERED,
                    EMPTY,
                    SKIPPED,
                    DISCARDED,
                    CANCELLED,
                    GIVEN_UP -> "";
        };
    }

    private static String correction(ExportRun run) {
        FailureCode.Remedy remedy =
                run.failure().map(failure -> failure.code().remedy()).orElse(FailureCode.Remedy.TIME);
        return switch (remedy) {
            case TIME -> "nothing, if what failed works again";
            case PERSON, DECISION -> "correct what the failure names";
            case CHANGED_JOB -> "correct what the failure names, and add the job again";
        };
    }

    private static String toDo(DeliveredFilesEvent event) {
        return event.alarm() ? "look at the destination; redeliver() of the run sends its files again" : "";
    }

    private static String toDo(RecipientsRefusedEvent event) {
        return "ask the receiver for the mailboxes that are right now, and correct the recipients of delivery '"
                + event.delivery() + "'; redeliver() of the run sends its files again, to all recipients";
    }

    private static String toDo(MisfireEvent event) {
        return switch (event.outcome()) {
            case TOO_LATE -> "runNow() exports now what they would have";
            case HELD -> "release or discard the run that is held";
            case COVERED, RUNNING, SCHEDULE_CHANGED -> "";
        };
    }

    /** The names of the jobs; of many the first, and how many others there are. */
    public String job() {
        int others = jobs.size() - NAMED_JOBS;
        return others <= 0
                ? String.join(", ", jobs)
                : String.join(", ", jobs.subList(0, NAMED_JOBS)) + " and " + count(others, "other");
    }

    /** The number of the run, or an empty text. */
    public String runNumber() {
        return run == null ? "" : Long.toString(run.number());
    }

    /** The number of rows, or an empty text. */
    public String rows() {
        return run == null ? "" : Long.toString(run.rows());
    }

    /** The number of data files, or an empty text. */
    public String files() {
        return run == null ? "" : Integer.toString(dataFiles(run).size());
    }

    /** What a Message-ID begins with. */
    public String idPrefix() {
        return run == null ? "event" : runNumber();
    }

    /** The job and the run in parentheses, for the log. */
    public String about() {
        return " (job=" + HeaderText.withoutControl(job()) + (run == null ? "" : ", run=" + run.number()) + ")";
    }

    /** The files with records: control files are for programs. */
    static List<StagedFile> dataFiles(ExportRun run) {
        return run.files().stream()
                .filter(file -> file.role() == FileRole.DATA || file.role() == FileRole.ARCHIVE)
                .toList();
    }

    /** Such as {@code 2 files}. */
    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
