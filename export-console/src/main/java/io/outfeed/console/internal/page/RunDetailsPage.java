package io.outfeed.console.internal.page;

import io.outfeed.ExportJob;
import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.action.Subject.OfRun;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.part.Button;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.JobLine;
import io.outfeed.console.internal.part.RunState;
import io.outfeed.error.StoreException;
import io.outfeed.file.StagedFile;
import io.outfeed.operation.RunHandle;
import io.outfeed.operation.RunProgress;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RejectedRecord;
import io.outfeed.run.file.DeliveryState;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.view.FileView;
import io.outfeed.view.RunDetails;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run: its attempts, files, destinations, rejects, log.
 *
 * @param run the run
 * @param progress how far it has come on this node
 * @param files its files
 * @param buttons what the person may do now
 * @param rejects the records that were left out, if the person may see records
 * @param rejectsNote why they are not shown; empty if they are, or there are none
 * @param note what else there is to say; empty if there is nothing
 */
public record RunDetailsPage(
        ExportRun run,
        Optional<RunProgress> progress,
        List<FileLine> files,
        List<Button> buttons,
        List<RejectedRecord> rejects,
        String rejectsNote,
        String note)
        implements Page {

    private static final int MOST_REJECTS = 100;

    private static final int MOST_FILES = 50;

    /**
     * A file of the run.
     *
     * @param view the file
     * @param download the link to its bytes; empty if the person may not have them
     * @param places where it is
     */
    public record FileLine(FileView view, String download, List<Place> places) {}

    /**
     * What became of a file at one destination.
     *
     * @param state how it is there
     * @param link opens it there; empty if there is no link, or the person may not have it
     */
    public record Place(FileView.Destination state, String link) {

        /** How it looks. */
        public String look() {
            return switch (DeliveryState.valueOf(state.state())) {
                case PUBLISHED ->
                    state.publication() != null && state.publication().equals("ASSUMED") ? "warn" : "good";
                case UNKNOWN -> "bad";
                default -> "calm";
            };
        }
    }

    public static RunDetailsPage of(Context context, RunHandle handle, Optional<ExportJob> job) {
        OfRun subject = OfRun.of(context.engine(), handle, job);
        ExportRun run = subject.run();
        boolean downloads = job.map(known -> context.access().may(ConsoleAction.DOWNLOAD, known))
                .orElseGet(() -> context.access().mayAll(ConsoleAction.DOWNLOAD));
        boolean records = job.map(known -> context.access().may(ConsoleAction.VIEW_RECORDS, known))
                .orElseGet(() -> context.access().mayAll(ConsoleAction.VIEW_RECORDS));
        List<RejectedRecord> rejects = List.of();
        String rejectsNote = "";
        if (run.rejected() > 0 && records) {
            try {
                rejects = handle.rejects();
            } catch (StoreException e) {
                rejectsNote = "Their list can't be read: " + e.getMessage();
            }
        } else if (run.rejected() > 0) {
            rejectsNote = "You may not see which.";
        }
        return new RunDetailsPage(
                run,
                handle.progress(),
                run.files().stream()
                        .limit(MOST_FILES)
                        .map(file -> line(run, file, handle, downloads))
                        .toList(),
                Button.of(context.operations().of(subject, context.access()), subject),
                rejects.stream().limit(MOST_REJECTS).toList(),
                rejectsNote,
                job.isPresent()
                        ? ""
                        : "The job is not added to this engine: nothing can be done to its runs here. The host's code"
                                + " may have removed it.");
    }

    private static FileLine line(ExportRun run, StagedFile file, RunHandle handle, boolean downloads) {
        List<Place> places = new ArrayList<>();
        for (FileDelivery delivery : run.deliveries()) {
            if (delivery.path().equals(file.path())) {
                places.add(new Place(
                        FileView.Destination.of(delivery),
                        downloads ? handle.link(delivery).map(URI::toString).orElse("") : ""));
            }
        }
        return new FileLine(
                FileView.of(run, file),
                downloads ? Text.link("download", "run", Long.toString(run.number()), "path", file.path()) : "",
                places);
    }

    public int unlistedFiles() {
        return run.files().size() - files.size();
    }

    public int unlistedRejects() {
        return rejects.isEmpty() ? 0 : run.rejected() - rejects.size();
    }

    public String look() {
        return JobLine.look(run);
    }

    @Override
    public String template() {
        return "run";
    }

    @Override
    public String title() {
        return "Run " + run.number();
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public String state() {
        return RunState.of(run, progress);
    }

    @Override
    public String poll() {
        return Text.link("state.json", "run", Long.toString(run.number()));
    }

    @Override
    public Object json() {
        return RunDetails.of(run);
    }
}
