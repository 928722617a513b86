package io.outfeed.mail.internal.notification;

import io.outfeed.event.RunEvent;
import io.outfeed.file.StagedFile;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.RunStatus;
import io.outfeed.run.file.FileDelivery;
import java.util.List;
import java.util.Locale;

/** The body of a mail about an event: lines with a label, and the files of a success. */
public final class NotificationText {

    /** More files are only counted: a mail is read by people. */
    private static final int MAX_FILES = 100;

    private final EventSummary summary;
    private final FileLinks links;
    private final StringBuilder text = new StringBuilder();

    private NotificationText(EventSummary summary, FileLinks links) {
        this.summary = summary;
        this.links = links;
    }

    public static String of(EventSummary summary, FileLinks links) {
        return new NotificationText(summary, links).write();
    }

    private String write() {
        line("Event", summary.what());
        line("Job", summary.job());
        ExportRun run = summary.run();
        if (run == null) {
            line("Details", summary.event().toString());
        } else {
            run(run);
        }
        line("To do", summary.toDo());
        text.append('\n');
        if (run != null && summary.event() instanceof RunEvent of && Successes.contains(of)) {
            files(of);
        }
        return text.append("This message was sent automatically.\n").toString();
    }

    private void run(ExportRun run) {
        String trigger = run.trigger().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String fireTime = run.fireTime().map(at -> ", " + at).orElse("");
        line("Run", run.number() + " (" + trigger + fireTime + ")");
        line("Outcome", run.status().label());
        run.windows()
                .forEach((definition, window) -> line(
                        "Window",
                        definition + " from " + window.from().text() + " until "
                                + window.until().text()));
        List<StagedFile> data = EventSummary.dataFiles(run);
        if (run.status() == RunStatus.EMPTY) {
            line("Files", "none, nothing is new");
        } else if (!data.isEmpty()) {
            long bytes = data.stream().mapToLong(StagedFile::bytes).sum();
            line("Files", EventSummary.count(data.size(), "file") + ", " + sizes(run.rows(), bytes));
        }
        if (summary.event() instanceof RunEvent of) {
            if (of.kind() == RunEvent.Kind.UNCONFIRMED) {
                assumed(run);
            }
            run.failure().ifPresent(this::failure);
            line("Delayed", Delays.since(run));
            line("Next", Delays.next(run));
            line("Note", run.note());
        } else {
            line("Details", summary.event().toString());
        }
    }

    private void assumed(ExportRun run) {
        run.deliveries().stream()
                .filter(FileDelivery::assumed)
                .limit(MAX_FILES)
                .forEach(step -> line("Assumed", step.path() + " at delivery '" + step.delivery() + "'"));
    }

    private void failure(RunFailure failure) {
        line("Failure", failure.message());
        line(
                "Code",
                failure.code() + failure.origin().map(origin -> ": " + origin).orElse(""));
    }

    private void files(RunEvent event) {
        List<StagedFile> data = EventSummary.dataFiles(event.run());
        data.stream().limit(MAX_FILES).forEach(file -> file(event, file));
        int more = data.size() - MAX_FILES;
        if (more > 0) {
            text.append("and ").append(more).append(" more\n\n");
        }
    }

    private void file(RunEvent event, StagedFile file) {
        text.append(HeaderText.withoutControl(file.path())).append('\n');
        text.append("  ").append(sizes(file.rows(), file.bytes())).append('\n');
        links.lines(event, file).forEach(line -> text.append("  ").append(line).append('\n'));
        text.append('\n');
    }

    private void line(String label, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "%-9s%s\n", label + ":", HeaderText.withoutControl(value)));
        }
    }

    private static String sizes(long rows, long bytes) {
        return EventSummary.count(rows, "row") + ", " + EventSummary.count(bytes, "byte");
    }
}
