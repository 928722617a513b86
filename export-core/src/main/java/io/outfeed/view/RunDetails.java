package io.outfeed.view;

import io.outfeed.run.ExportRun;
import java.util.List;

/**
 * A run with its attempts and files, for a JSON page of its own. Immutable.
 *
 * @param run the run
 * @param attempts its first and last attempts, in order
 * @param files its files, in order
 */
public record RunDetails(RunView run, List<AttemptView> attempts, List<FileView> files) {

    /**
     * Makes a view.
     *
     * @param run the run
     * @param attempts its attempts
     * @param files its files
     */
    public RunDetails {
        attempts = List.copyOf(attempts);
        files = List.copyOf(files);
    }

    /**
     * Shows a run with its attempts and files.
     *
     * @param run the run
     * @return its view
     */
    public static RunDetails of(ExportRun run) {
        return new RunDetails(
                RunView.of(run),
                run.attempts().stream().map(AttemptView::of).toList(),
                run.files().stream().map(file -> FileView.of(run, file)).toList());
    }
}
