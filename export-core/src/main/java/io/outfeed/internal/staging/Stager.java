package io.outfeed.internal.staging;

import io.outfeed.ExportDefinition;
import io.outfeed.error.ExportException;
import io.outfeed.error.MappingException;
import io.outfeed.error.SourceException;
import io.outfeed.file.StagedFile;
import io.outfeed.file.WhenEmpty;
import io.outfeed.internal.changes.ChangeTracker;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.files.RowChange;
import io.outfeed.internal.files.RowFiles;
import io.outfeed.internal.files.RunFileName;
import io.outfeed.internal.files.Transforms;
import io.outfeed.internal.key.LatestByKey;
import io.outfeed.internal.key.RecordKey;
import io.outfeed.internal.key.RecordVersion;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.mapping.RecordMapper;
import io.outfeed.internal.mapping.Rejects;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.reading.RecordReader;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Stages records in one streaming pass: source → filter → field mappings → latest per key → changes → format → file in
 * the spool. A superseded version is never rejected. Thread-safe.
 */
public final class Stager {

    private final SpoolDirectory spool;

    public Stager(SpoolDirectory spool) {
        this.spool = spool;
    }

    /**
     * Stages the records of a window; returns no file if there is nothing to deliver.
     *
     * @param transforms what becomes of the bytes of the files
     * @param rejects receives the records that can't be mapped
     * @param meter counts the rows that are read and written
     */
    public <T> List<StagedFile> stageWindow(
            ExportRun run,
            PlannedExport<T> export,
            RunFileName name,
            Transforms transforms,
            Rejects rejects,
            RunMeter meter) {
        ExportDefinition<T> definition = export.definition();
        RecordMapper<T> mapper = new RecordMapper<>(definition, Context.names(run));
        meter.beginReading(definition.name(), export.expectedRecords());
        try (RowFiles files = new RowFiles(run, definition, name, transforms, spool, meter)) {
            if (definition.changes().isPresent()) {
                stageChanges(run, export, mapper, rejects, files, meter);
            } else if (definition.latestPerKey()) {
                readByKey(run, export, mapper, meter, version -> write(definition, version, rejects, files));
            } else {
                read(
                        export,
                        mapper,
                        meter,
                        unreadable -> rejects.add(MappedRecord.Rejected.of(definition, unreadable)),
                        version -> write(definition, version, rejects, files));
            }
            rejects.throwIfTooMany();
            applyWhenEmpty(export, files);
            return files.finish();
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    private <T> void stageChanges(
            ExportRun run,
            PlannedExport<T> export,
            RecordMapper<T> mapper,
            Rejects rejects,
            RowFiles files,
            RunMeter meter)
            throws IOException {
        String definition = export.definition().name();
        Path after = spool.sidecar(run.number(), Sidecar.Kind.DELIVERED, definition);
        Optional<Path> before =
                export.deliveredBy().map(number -> spool.sidecar(number, Sidecar.Kind.DELIVERED, definition));
        try (ChangeTracker changes = new ChangeTracker(export.definition(), before, after, rejects, files)) {
            readByKey(run, export, mapper, meter, version -> changes.accept(version.key(), version.outcome()));
            changes.finish();
        }
    }

    /** Writes a version; a record with a cell that the format rejects is known only then. */
    private static void write(ExportDefinition<?> definition, RecordVersion version, Rejects rejects, RowFiles files) {
        if (version.outcome() instanceof MappedRecord.Rejected rejected) {
            rejects.add(rejected);
        } else if (version.outcome() instanceof MappedRecord.Row row && !rejects.areTooMany()) {
            try {
                files.write(RowChange.ADDED, row, version.key().name());
            } catch (MappingException e) {
                rejects.add(MappedRecord.Rejected.of(definition, e));
            }
        }
    }

    /** Stages one given record. */
    public <T> List<StagedFile> stageRecord(
            ExportRun run,
            PlannedExport<T> export,
            T record,
            String key,
            RunFileName name,
            Transforms transforms,
            RunMeter meter) {
        RecordMapper<T> mapper = new RecordMapper<>(export.definition(), Context.names(run));
        try (RowFiles files = new RowFiles(run, export.definition(), name, transforms, spool, meter)) {
            files.write(RowChange.ADDED, mapper.row(record, key), key);
            return files.finish();
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    private static void applyWhenEmpty(PlannedExport<?> export, RowFiles files) {
        WhenEmpty whenEmpty = export.definition().file().whenEmpty();
        if (whenEmpty == WhenEmpty.HEADER_ONLY) {
            files.writeHeaders();
        } else if (whenEmpty == WhenEmpty.FAIL && files.rows() == 0) {
            throw SourceException.permanent(
                    export.definition() + " has no records in " + export.window()
                            + ", and whenEmpty is FAIL: find out why, then run the job again" + export.at(),
                    null);
        }
    }

    /** Receives the versions that the source gives. */
    @FunctionalInterface
    private interface Versions {
        void accept(RecordVersion version) throws IOException;
    }

    /** Reads the window once, and passes on the latest version of each key in the order of the keys. */
    private <T> void readByKey(
            ExportRun run, PlannedExport<T> export, RecordMapper<T> mapper, RunMeter meter, Versions latest)
            throws IOException {
        try (LatestByKey versions =
                new LatestByKey(export.definition(), export.at(), scratch(run, export.definition()), latest::accept)) {
            read(
                    export,
                    mapper,
                    meter,
                    unreadable -> {
                        throw SourceException.permanent(
                                unreadable.getMessage() + ": it has no key, by which " + export.definition()
                                        + " tells versions and changes",
                                unreadable);
                    },
                    versions::add);
            versions.finish();
        }
    }

    private Supplier<Path> scratch(ExportRun run, ExportDefinition<?> definition) {
        return new Supplier<>() {

            private int number;

            @Override
            public Path get() {
                return spool.scratch(run.number(), definition.name(), number++);
            }
        };
    }

    /**
     * Reads the window once.
     *
     * @param unreadable receives what the source throws for a record that it can't give, before the next one
     */
    private static <T> void read(
            PlannedExport<T> export,
            RecordMapper<T> mapper,
            RunMeter meter,
            Consumer<MappingException> unreadable,
            Versions versions)
            throws IOException {
        RecordReader<T> reader = new RecordReader<>(export);
        try (Stream<T> records = reader.open()) {
            Iterator<T> iterator = records.iterator();
            while (true) {
                T record;
                try {
                    if (!reader.hasNext(iterator)) {
                        break;
                    }
                    record = reader.next(iterator);
                } catch (MappingException e) {
                    meter.countRowRead();
                    unreadable.accept(new MappingException(
                            e.getMessage() + export.at(), e.field(), e.recordKey(), e.reason(), e.getCause()));
                    continue;
                }
                meter.countRowRead();
                RecordKey key = reader.key(record);
                Optional<Position> position = reader.position(record, key);
                MappedRecord outcome = reader.belongs(key, position)
                        ? mapper.outcome(record, key.name())
                        : MappedRecord.LeftOut.INSTANCE;
                versions.accept(new RecordVersion(key, position.orElse(null), outcome));
            }
        } catch (ExportException e) {
            throw e;
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw SourceException.permanent(
                    "the source of " + export.definition() + " failed while it was opened or closed" + export.at(),
                    HostCalls.redact(e));
        }
        meter.beginWriting(export.definition().name());
    }
}
