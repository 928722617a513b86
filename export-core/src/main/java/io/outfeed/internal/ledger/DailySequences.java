package io.outfeed.internal.ledger;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.file.FileName;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.store.ExportStore;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Counts the runs of a day. The positions of a job have the last number of its latest day; that of an earlier day,
 * whose fire runs late, is found in the history.
 */
public final class DailySequences {

    private final ExportStore store;

    public DailySequences(ExportStore store) {
        this.store = store;
    }

    /**
     * Returns the number that follows the committed ones.
     *
     * @param before the positions, read under the lock
     */
    public DailySequence next(ExportJob job, ExportRun run, JobPositions before) {
        LocalDate day = run.fireTime().orElse(run.startedAt()).atZone(zone(job)).toLocalDate();
        return new DailySequence(day, last(job, day, before) + 1);
    }

    private long last(ExportJob job, LocalDate day, JobPositions before) {
        Optional<DailySequence> latest = before.dailySequence();
        if (latest.isPresent() && day.isBefore(latest.get().day())) {
            return lastInHistory(job, day);
        }
        return latest.filter(last -> last.day().equals(day))
                .map(DailySequence::number)
                .orElse(0L);
    }

    private long lastInHistory(ExportJob job, LocalDate day) {
        return store.runs(RunQuery.ofJob(job.name()).limit(Integer.MAX_VALUE)).stream()
                .flatMap(run -> run.dailySequence().stream())
                .filter(sequence -> sequence.day().equals(day))
                .mapToLong(DailySequence::number)
                .max()
                .orElse(0);
    }

    /** Returns the zone of the names that have the number, which is the same in all of them. */
    private static ZoneId zone(ExportJob job) {
        Stream<FileName> names = Stream.concat(
                job.definitions().stream().map(ExportDefinition::file).map(file -> file.name()),
                Stream.of(
                                job.archive(),
                                job.controlFiles().manifest(),
                                job.controlFiles().dataPackage())
                        .flatMap(Optional::stream));
        return names.min(Comparator.comparing(name -> !name.uses(FileName.DAILY_SEQUENCE)))
                .orElseThrow()
                .zone();
    }
}
