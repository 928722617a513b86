package io.outfeed.internal.search;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.operation.RecordSearch;
import io.outfeed.operation.RecordTrace;
import io.outfeed.operation.RecordTrace.Hit;
import io.outfeed.operation.RecordTrace.UnreadFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.store.ExportStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the runs, files and rows that delivered a record, in the kept files of a job. Changes nothing. Thread-safe. */
public final class RecordTracer {

    /** How many runs are read from the store at a time. */
    private static final int PAGE = 50;

    /** How many hits and unread files a trace has, until a search stops as at its bound. */
    private static final int MAX_FINDINGS = 10_000;

    private static final Trigger[] WITH_FILES =
            EnumSet.complementOf(EnumSet.of(Trigger.POSITION_RESET)).toArray(Trigger[]::new);

    private final ExportStore store;
    private final RunBytes bytes;

    public RecordTracer(ExportStore store, RunBytes bytes) {
        this.store = store;
        this.bytes = bytes;
    }

    /** Searches until the bound, or the oldest run. Takes no lock: a file that is pruned meanwhile is gone. */
    public RecordTrace trace(ExportJob job, ExportDefinition<?> definition, String key, RecordSearch search) {
        return new Tracing(job, definition, key, search).trace();
    }

    /** One search. Used by one thread. */
    private final class Tracing {

        private final ExportJob job;
        private final SearchedRecord record;
        private final ArchiveEntries archiveEntries;
        private final String key;
        private final RecordSearch search;
        private final List<Hit> hits = new ArrayList<>();
        private final List<UnreadFile> unread = new ArrayList<>();
        private OptionalLong oldestRun = OptionalLong.empty();
        private long unlisted;
        private long bytes;
        private int files;

        private Tracing(ExportJob job, ExportDefinition<?> definition, String key, RecordSearch search) {
            this.job = job;
            this.record = new SearchedRecord(definition, key);
            this.archiveEntries = new ArchiveEntries(job);
            this.key = key;
            this.search = search;
        }

        private RecordTrace trace() {
            RunQuery page = RunQuery.ofJob(job.name())
                    .status(RunStatus.COMMITTED, RunStatus.GIVEN_UP)
                    .trigger(WITH_FILES)
                    .limit(PAGE);
            if (search.run().isPresent()) {
                page = page.below(search.run().getAsLong() + 1);
            }
            List<ExportRun> runs = store.runs(page);
            while (!runs.isEmpty()) {
                for (ExportRun run : runs) {
                    Optional<StagedFile> stoppedBefore = searchRun(run);
                    if (stoppedBefore.isPresent()) {
                        return result(Optional.of(
                                search.startAt(run.number(), stoppedBefore.get().path())));
                    }
                }
                runs = store.runs(page.below(runs.get(runs.size() - 1).number()));
            }
            return result(Optional.empty());
        }

        private RecordTrace result(Optional<RecordSearch> next) {
            return new RecordTrace(record.definition().name(), key, hits, unlisted, unread, oldestRun, next);
        }

        /** Returns the file before which the bound was reached; empty if all of the run were searched. */
        private Optional<StagedFile> searchRun(ExportRun run) {
            for (StagedFile file : filesToRead(run)) {
                boolean tooMuch =
                        bytes + file.bytes() > search.mostBytes() || hits.size() + unread.size() >= MAX_FINDINGS;
                if (files > 0 && tooMuch) {
                    return Optional.of(file);
                }
                files++;
                report(run, 0);
                add(
                        run,
                        new FileSearch(job, record, archiveEntries, run, file, read -> report(run, read))
                                .search(RecordTracer.this.bytes));
            }
            return Optional.empty();
        }

        private List<StagedFile> filesToRead(ExportRun run) {
            List<StagedFile> files =
                    run.files().stream().filter(file -> hasRows(run, file)).toList();
            boolean first = OptionalLong.of(run.number()).equals(search.run());
            return search.path()
                    .filter(path -> first)
                    .map(path -> files.stream()
                            .dropWhile(file -> !file.path().equals(path))
                            .toList())
                    .orElse(files);
        }

        /** Whether a file may have rows of the definition; a test record has no window. */
        private boolean hasRows(ExportRun run, StagedFile file) {
            String definition = record.definition().name();
            return switch (file.role()) {
                case DATA -> file.definition().equals(definition);
                case ARCHIVE -> run.windows().isEmpty() || run.windows().containsKey(definition);
                case MANIFEST, DATA_PACKAGE, CHECKSUM, DONE -> false;
            };
        }

        private void report(ExportRun run, long bytesOfFile) {
            search.progress().accept(new RecordSearch.Progress(run.number(), files, bytes + bytesOfFile, hits.size()));
        }

        private void add(ExportRun run, FileSearch.Found found) {
            hits.addAll(found.hits());
            unlisted += found.unlisted();
            unread.addAll(found.unread());
            bytes += found.bytes();
            oldestRun = OptionalLong.of(run.number());
        }
    }
}
