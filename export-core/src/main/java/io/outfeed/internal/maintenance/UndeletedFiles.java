package io.outfeed.internal.maintenance;

import io.outfeed.ExportJob;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.store.ExportStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The delivered files of a job that its retention has not deleted yet, and deletes no more once the job is removed.
 *
 * @param count how many remain, by delivery
 */
public record UndeletedFiles(ExportJob job, Map<String, Long> count) {

    private static final Logger log = LoggerFactory.getLogger(UndeletedFiles.class);

    private static final int PAGE = 100;

    /** Counts the files, as far as the ledger knows; a job without retention has none. */
    public static UndeletedFiles of(ExportJob job, ExportStore store) {
        Map<String, Long> count = new TreeMap<>();
        if (job.retention().isEmpty()) {
            return new UndeletedFiles(job, count);
        }
        RunQuery page = RunQuery.ofJob(job.name()).filesRemain().limit(PAGE);
        List<ExportRun> runs = store.runs(page);
        while (!runs.isEmpty()) {
            runs.stream()
                    .flatMap(run -> run.deliveries().stream())
                    .filter(step -> step.remains() && !step.assumed())
                    .forEach(step -> count.merge(step.delivery(), 1L, Long::sum));
            runs = store.runs(page.below(runs.get(runs.size() - 1).number()));
        }
        return new UndeletedFiles(job, count);
    }

    /** Logs what remains of a job that was removed, and what to do about it. */
    public void warn(History history) {
        if (!count.isEmpty()) {
            log.warn(
                    "Job '{}' was removed before its retention of {} has deleted all delivered files: {} remain, and"
                            + " {} (job={})",
                    job.name(),
                    job.retention().orElseThrow(),
                    count.entrySet().stream()
                            .map(entry -> entry.getValue() + " at delivery '" + entry.getKey() + "'")
                            .collect(Collectors.joining(", ")),
                    history == History.KEEP
                            ? "are deleted in time if the job is added again with its retention; disabled(reason) of"
                                    + " the job keeps it from running"
                            : "the ledger does not know them any more: delete them at the destination when their time"
                                    + " is over",
                    job.name());
        }
    }
}
