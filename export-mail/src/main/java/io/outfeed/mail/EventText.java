package io.outfeed.mail;

import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.DestinationEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a mail says of an event: names, times and counts, and what the ledger says of a failure. Control characters of
 * any of them are gone, so that none begins a header or another line.
 *
 * @param jobs whose event it is, one or more
 * @param run the run, if it is about one
 * @param what happened, in a word or two
 * @param toDo what a person does about it; empty if nothing, or if the event says it
 */
record EventText(
        ExportEvent event, List<String> jobs, @Nullable ExportRun run, String what, String toDo) {

    /** More are counted only: a mail is read by people. */
    private static final int MOST_FILES = 100;

    static EventText of(ExportEvent event) {
        if (event instanceof RunEvent of) {
            return ofRun(event, of.run(), of.kind(), toDo(of));
        } else if (event instanceof DeliveredFilesEvent of) {
            return ofRun(event, of.run(), of.kind(), toDo(of));
        } else if (event instanceof DeliveryOverdueEvent of) {
            return new EventText(event, List.of(of.job()), null, "overdue", "");
        } else if (event instanceof DestinationEvent of) {
            String what = of.problem().isPresent() ? "does not work" : "works again";
            return new EventText(event, of.jobs(), null, "destination " + of.delivery() + " " + what, "");
        } else if (event instanceof JobPausedEvent of) {
            return new EventText(event, List.of(of.job()), null, "paused", "");
        } else if (event instanceof MisfireEvent of) {
            return new EventText(
                    event, List.of(of.job()), null, count(of.count(), "fire") + " " + of.outcome(), toDo(of));
        }
        throw new IllegalStateException("an unknown kind of event: " + event.getClass());
    }

    private static EventText ofRun(ExportEvent event, ExportRun run, Enum<?> kind, String toDo) {
        String what = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String test = run.trigger() == Trigger.TEST ? "test " : "";
        return new EventText(event, List.of(run.job()), run, test + what, toDo);
    }

    private static String toDo(RunEvent event) {
        return switch (event.kind()) {
            case FAILED ->
                event.run().trigger().movesPositions()
                        ? "mend what the failure names; the next run covers the same window, and runNow() starts one"
                        : "mend what the failure names, and ask for the run again; no position has moved";
            case HELD ->
                "look at the run: release() sends its files, discard() drops them; the job's next windows wait";
            case DELAYED -> "nothing, if the destination comes back: the run tries again; giveUp(reason) ends it";
            case PLANNED, STAGED, LATE_RECORDS, SUCCEEDED, REDELIVERED, EMPTY, DROPPED, GIVEN_UP -> "";
        };
    }

    private static String toDo(DeliveredFilesEvent event) {
        return event.alarm() ? "look at the destination; redeliver() of the run sends its files again" : "";
    }

    private static String toDo(MisfireEvent event) {
        return switch (event.outcome()) {
            case TOO_LATE -> "runNow() exports now what they would have";
            case HELD -> "release or discard the run that is held";
            case COVERED, RUNNING, SCHEDULE_CHANGED -> "";
        };
    }

    String job() {
        return String.join(", ", jobs);
    }

    String runNumber() {
        return run == null ? "" : Long.toString(run.number());
    }

    String idPrefix() {
        return run == null ? "event" : runNumber();
    }

    String rows() {
        return run == null ? "" : Long.toString(run.rows());
    }

    String files() {
        return run == null ? "" : Integer.toString(data(run).size());
    }

    /** In parentheses, for the log. */
    String about() {
        return " (job=" + oneLine(job()) + (run == null ? "" : ", run=" + run.number()) + ")";
    }

    String body(FileLinks links) {
        StringBuilder text = new StringBuilder();
        line(text, "Event", what);
        line(text, "Job", job());
        if (run == null) {
            line(text, "Details", event.toString());
        } else {
            run(text, run);
        }
        line(text, "To do", toDo);
        if (run != null && event instanceof RunEvent of && MailEvents.isSuccess(of)) {
            text.append('\n');
            data(run).stream().limit(MOST_FILES).forEach(file -> file(text, run, file, links));
            int more = data(run).size() - MOST_FILES;
            if (more > 0) {
                text.append("and ").append(more).append(" more\n\n");
            }
        } else {
            text.append('\n');
        }
        return text.append("This message was sent automatically.\n").toString();
    }

    private void run(StringBuilder text, ExportRun run) {
        String trigger = run.trigger().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        line(
                text,
                "Run",
                run.number() + " (" + trigger
                        + run.fireTime().map(at -> ", " + at).orElse("") + ")");
        line(text, "Outcome", run.status().label());
        run.windows()
                .forEach((definition, window) -> line(
                        text,
                        "Window",
                        definition + " from " + window.from().text() + " until "
                                + window.until().text()));
        List<StagedFile> data = data(run);
        if (!data.isEmpty()) {
            long bytes = data.stream().mapToLong(StagedFile::bytes).sum();
            line(text, "Files", count(data.size(), "file") + ", " + sizes(run.rows(), bytes));
        }
        if (event instanceof RunEvent) {
            run.failure().ifPresent(failure -> line(text, "Failure", failure.message()));
            line(text, "Note", run.note());
        } else {
            line(text, "Details", event.toString());
        }
    }

    private static void file(StringBuilder text, ExportRun run, StagedFile file, FileLinks links) {
        text.append(oneLine(file.path())).append('\n');
        text.append("  ").append(sizes(file.rows(), file.bytes())).append('\n');
        Optional<String> link = links.line(run, file);
        link.ifPresent(line -> text.append("  ").append(line).append('\n'));
        text.append('\n');
    }

    private static void line(StringBuilder text, String label, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-9s%s\n", label + ":", oneLine(value)));
        }
    }

    /** Those with records; a manifest and empty files are for programs. */
    private static List<StagedFile> data(ExportRun run) {
        return run.files().stream()
                .filter(file -> file.role() == FileRole.DATA || file.role() == FileRole.ARCHIVE)
                .toList();
    }

    private static String sizes(long rows, long bytes) {
        return count(rows, "row") + ", " + count(bytes, "byte");
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    static String oneLine(String text) {
        return HeaderText.withoutControl(text);
    }

    /**
     * What makes two events the same: a second mail of it has the same Message-ID, and is not sent by the same process. So an
     * attempt that fails as the one before did is no news.
     *
     * @param sinceWhen since when the destination has not worked, for an event of one
     */
    String key(String sinceWhen) {
        if (event instanceof RunEvent of) {
            return String.join("\n", "run", runKey(of.run()), of.kind().name());
        } else if (event instanceof DeliveredFilesEvent of) {
            String files = String.join(
                    "\n",
                    of.files().stream()
                            .map(file -> file.path() + " "
                                    + file.watch()
                                            .map(watch -> watch.vanished() + " " + watch.recopied())
                                            .orElse(""))
                            .toList());
            return String.join("\n", "files", runKey(of.run()), of.kind().name(), of.delivery(), files);
        } else if (event instanceof DeliveryOverdueEvent of) {
            return String.join("\n", "overdue", of.job(), of.deadline().toString());
        } else if (event instanceof DestinationEvent of) {
            return String.join("\n", "destination", of.delivery(), what, sinceWhen);
        } else if (event instanceof JobPausedEvent of) {
            return String.join("\n", "paused", of.job(), of.pause().since().toString());
        } else if (event instanceof MisfireEvent of) {
            return String.join(
                    "\n",
                    "missed",
                    of.job(),
                    of.first() + " " + of.last(),
                    of.outcome().name());
        }
        throw new IllegalStateException("an unknown kind of event: " + event.getClass());
    }

    /** Numbers of runs begin anew when a store is lost. */
    private static String runKey(ExportRun run) {
        return run.job() + "\n" + run.number() + "\n" + run.startedAt();
    }
}
