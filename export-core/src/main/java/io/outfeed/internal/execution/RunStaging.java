package io.outfeed.internal.execution;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.SourceException;
import io.outfeed.event.RunEvent.Kind;
import io.outfeed.file.FileRole;
import io.outfeed.file.PlainBytes;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.changes.DeliveredRows;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.files.FileSet;
import io.outfeed.internal.files.RunFileName;
import io.outfeed.internal.files.RunSequence;
import io.outfeed.internal.files.Transforms;
import io.outfeed.internal.incident.AttemptSigns;
import io.outfeed.internal.ledger.RunLayouts;
import io.outfeed.internal.ledger.RunLedger;
import io.outfeed.internal.mapping.Rejects;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.internal.progress.RunMeter;
import io.outfeed.internal.reading.NewerRecords;
import io.outfeed.internal.reading.OpenExports;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.reading.RecordFinder;
import io.outfeed.internal.reading.SourcePermits;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.spool.RunBytes.Found;
import io.outfeed.run.DailySequence;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunLayout;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import io.outfeed.run.file.Sidecar;
import io.outfeed.source.Window;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans and stages the files of a run: of the next windows, of given windows, of one record, or of an earlier run. Each
 * method saves the run when it is staged; while sources are open the store is not called, which may share their pool.
 * Used by the thread of the run.
 */
final class RunStaging {

    private static final Logger log = LoggerFactory.getLogger(RunStaging.class);

    private final RunServices services;
    private final ExportJob job;
    private final RunLedger ledger;
    private final RunMeter meter;
    private final AttemptSigns signs;
    private final Consumer<ExportRun> whenPlanned;
    private final FileSet fileSet;

    /** @param whenPlanned gets the run with its windows, which are saved when it is staged */
    RunStaging(
            RunServices services,
            ExportJob job,
            RunLedger ledger,
            RunMeter meter,
            AttemptSigns signs,
            Consumer<ExportRun> whenPlanned) {
        this.services = services;
        this.job = job;
        this.ledger = ledger;
        this.meter = meter;
        this.signs = signs;
        this.whenPlanned = whenPlanned;
        this.fileSet = new FileSet(job, services.directory(), services.clock());
    }

    /** Stages the windows after the committed positions. */
    ExportRun stageNext(ExportRun planned) {
        return stageNext(
                planned,
                services.store().positions(job.name()),
                services.states().layouts(job.name()));
    }

    /**
     * Stages the windows after the committed positions.
     *
     * @param before the positions, read under the lock
     * @param delivered the layouts that were delivered last, read under the lock
     */
    ExportRun stageNext(ExportRun planned, JobPositions before, Map<String, RunLayout> delivered) {
        String at = Context.of(planned);
        new PositionsAhead(services).check(job, before, at);
        Optional<ExportRun> last = lastRun(before);
        SourceNotes sourceNotes = SourceNotes.of(services, job, last);
        last.ifPresent(run -> provideDeliveredRows(run, before));
        DailySequence daily = services.dailySequences().next(job, planned, before);
        RunSequence sequence = RunSequence.next(before, daily);
        OpenExports read;
        ExportRun run;
        Staged staged;
        List<String> notes;
        Optional<Instant> origin = services.clockSteps().origin();
        try (SourcePermits.Permitted<OpenExports> opened =
                open(job.definitions(), at, definition -> open(planned, definition, before, sourceNotes))) {
            OpenExports exports = opened.sessions();
            read = exports;
            run = RunBuilder.of(planned)
                    .windows(exports.windows())
                    .clockOrigin(later(origin, services.clockSteps().origin()))
                    .build();
            whenPlanned.accept(run);
            staged = stage(run, exports, sequence, "");
            notes = sourceNotes.write(run, exports);
        }
        signs.read();
        notes.addAll(staged.notes());
        if (run.trigger() == Trigger.MANUAL && staged.hasNoRows()) {
            notes.addAll(new NewerRecords(services.sourcePermits(), services.clock()).notes(read, job.parameters()));
        }
        notes.forEach(note -> log.warn("{}{}", note, at));
        List<RunLayout> layouts = layouts(staged.data(), before, delivered);
        boolean changed = layouts.stream().anyMatch(layout -> layout.since().isPresent());
        if (changed) {
            notes.addAll(told(layouts));
        }
        if (!run.note().isEmpty()) {
            notes.add(0, run.note());
        }
        ExportRun saved = saveStaged(toStaged(
                RunBuilder.of(run)
                        .expectedPositions(before)
                        .sequence(staged.files().isEmpty() ? 0 : sequence.number())
                        .dailySequence(staged.files().isEmpty() ? null : daily)
                        .rejected(staged.rejected())
                        .layouts(layouts)
                        .note(String.join("; ", notes))
                        .build(),
                staged.data(),
                staged.files()));
        if (changed) {
            services.listeners().publish(Kind.LAYOUT_CHANGED, saved);
        }
        if (SourceNotes.haveLateArrivals(read)) {
            services.listeners().publish(Kind.LATE_RECORDS, saved);
        }
        return saved;
    }

    /** Returns the layouts that differ from those that were delivered last. */
    private List<RunLayout> layouts(List<StagedFile> data, JobPositions before, Map<String, RunLayout> delivered) {
        Set<String> written = data.stream().map(StagedFile::definition).collect(Collectors.toSet());
        return RunLayouts.changed(job, written, delivered, before.run());
    }

    private static List<String> told(List<RunLayout> layouts) {
        return layouts.stream()
                .filter(layout -> layout.since().isPresent())
                .map(RunLayout::toString)
                .toList();
    }

    /** Returns the run that committed the positions, if a definition needs what that has kept. */
    private Optional<ExportRun> lastRun(JobPositions before) {
        boolean needed = job.definitions().stream()
                .anyMatch(definition -> definition.lookback().isPresent()
                        || definition.changes().isPresent());
        return needed && before.run() > 0 ? services.store().run(before.run()) : Optional.empty();
    }

    private void provideDeliveredRows(ExportRun last, JobPositions before) {
        job.definitions().stream()
                .filter(definition -> definition.changes().isPresent())
                .map(ExportDefinition::name)
                .filter(name -> before.position(name).isPresent())
                .forEach(name -> DeliveredRows.provide(services.bytes(), last, name));
    }

    /** Saves a run whose files are complete: first where other nodes can read them. */
    private ExportRun saveStaged(ExportRun staged) {
        List<String> definitions =
                job.definitions().stream().map(ExportDefinition::name).toList();
        return ledger.save(services.bytes().save(staged, definitions));
    }

    private SourcePermits.Permitted<OpenExports> open(
            List<ExportDefinition<?>> definitions, String at, Function<ExportDefinition<?>, PlannedExport<?>> open) {
        return services.sourcePermits().open(definitions, at, () -> OpenExports.open(definitions, open));
    }

    private <T> PlannedExport<T> open(
            ExportRun planned, ExportDefinition<T> definition, JobPositions before, SourceNotes sourceNotes) {
        signs.reading(definition.name());
        return PlannedExport.open(
                        definition,
                        job.parameters(),
                        before.position(definition.name()),
                        services.clock(),
                        planned.fireTime(),
                        Context.of(planned))
                .audited(sourceNotes.seenBefore(definition.name()), services.clock())
                .deliveredBy(before);
    }

    /** The clock may have been set while the windows were planned: one of them may be that of the later origin. */
    private static @Nullable Instant later(Optional<Instant> before, Optional<Instant> after) {
        return Stream.concat(before.stream(), after.stream())
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Stages given windows of some definitions; the mark is added to the names of the files. */
    ExportRun stageWindows(ExportRun planned, Map<String, Window> windows, RunSequence sequence, String mark) {
        ExportRun run = ledger.save(RunBuilder.of(planned).windows(windows).build());
        List<ExportDefinition<?>> definitions = job.definitions().stream()
                .filter(definition -> windows.containsKey(definition.name()))
                .toList();
        Staged staged;
        try (SourcePermits.Permitted<OpenExports> exports = open(
                definitions,
                Context.of(run),
                definition -> PlannedExport.openWindow(
                        definition,
                        job.parameters(),
                        requireNonNull(windows.get(definition.name())),
                        Context.of(run)))) {
            staged = stage(run, exports.sessions(), sequence, mark);
        }
        signs.read();
        return saveStaged(toStaged(
                RunBuilder.of(run)
                        .rejected(staged.rejected())
                        .note(String.join("; ", staged.notes()))
                        .build(),
                staged.data(),
                staged.files()));
    }

    /** Stages one record. */
    <T> ExportRun stageRecord(ExportRun planned, ExportDefinition<T> definition, String key) {
        ExportRun run = ledger.save(planned);
        JobPositions positions = services.store().positions(job.name());
        RunSequence sequence =
                RunSequence.next(positions, services.dailySequences().next(job, run, positions));
        String at = Context.of(run);
        Optional<ExportRun> staged = Optional.empty();
        PlannedExport<T> export;
        try (SourcePermits.Permitted<PlannedExport<T>> opened = services.sourcePermits()
                .open(
                        List.of(definition),
                        at,
                        () -> PlannedExport.open(
                                definition, job.parameters(), Optional.empty(), services.clock(), at))) {
            export = opened.sessions();
            meter.beginReading(definition.name(), OptionalLong.empty());
            T record = new RecordFinder<>(export).byKey(List.of(key)).get(key);
            if (record != null) {
                meter.countRowRead();
                RunFileName name = RunFileName.of(job, run, export, sequence).test(run);
                List<StagedFile> data =
                        services.stager().stageRecord(run, export, record, key, name, transforms(definition), meter);
                List<StagedFile> files = fileSet.complete(run, data, name);
                staged = Optional.of(toStaged(run, data, files));
            }
        }
        if (staged.isEmpty()) {
            throw notFound(export, key);
        }
        return saveStaged(staged.get());
    }

    /** @param export what was read, and is closed */
    private <T> SourceException notFound(PlannedExport<T> export, String key) {
        String message = new NewerRecords(services.sourcePermits(), services.clock())
                .whenSettled(export, job.parameters(), key)
                .map(later -> "record '" + key + "' of " + export.definition()
                        + " is not settled yet: no window includes it now, and it can be sent " + later)
                .orElseGet(() ->
                        export.definition() + " has no record '" + key + "': choose the key of one that there is");
        return SourceException.permanent(message + export.at(), null);
    }

    /** Stages the files of an earlier run, byte for byte. */
    ExportRun stageCopy(ExportRun planned, ExportRun original) {
        String note = "the files of run " + original.number() + " again";
        return saveStaged(copyFiles(planned, original, original.files(), note));
    }

    /** Stages the files of an earlier run that count as taken, byte for byte, for the destinations that miss them. */
    ExportRun stageAssumed(ExportRun planned, ExportRun original) {
        List<FileDelivery> missing =
                original.deliveries().stream().filter(FileDelivery::assumed).toList();
        List<StagedFile> files = original.files().stream()
                .filter(file -> missing.stream().anyMatch(step -> step.path().equals(file.path())))
                .toList();
        String note = "the unconfirmed files of run " + original.number() + " again";
        return saveStaged(RunBuilder.of(copyFiles(planned, original, files, note))
                .deliveries(missing.stream()
                        .map(step -> FileDelivery.pending(step.delivery(), step.path())
                                .toRepeated())
                        .toList())
                .build());
    }

    private ExportRun copyFiles(ExportRun planned, ExportRun original, List<StagedFile> files, String note) {
        ExportRun run = ledger.save(RunBuilder.of(planned)
                .windows(original.windows())
                .note(note)
                .sensitive(original.sensitive())
                .build());
        List<StagedFile> copied =
                files.stream().map(file -> copyFile(original, run, file)).toList();
        return toStaged(run, copied, copied);
    }

    /** Returns the file as the run has it: the plain copy of an encrypted one may be gone. */
    private StagedFile copyFile(ExportRun original, ExportRun run, StagedFile file) {
        Found found = services.bytes().provide(original, file);
        if (found != Found.AS_STAGED) {
            throw services.bytes()
                    .failure(found, original, "the bytes of " + file.path(), "reExport() reads them afresh");
        }
        services.directory().copy(original.number(), run.number(), file);
        if (file.plain().filter(PlainBytes::kept).isEmpty()) {
            return file;
        } else if (services.bytes().providePlain(original, file) != Found.AS_STAGED) {
            return file.withoutPlainCopy();
        }
        services.directory().copyPlain(original.number(), run.number(), file);
        return file;
    }

    /** Saves a staged run with another note. */
    ExportRun saveNote(ExportRun staged, String note) {
        return ledger.save(RunBuilder.of(staged).note(note).build());
    }

    private Staged stage(ExportRun run, OpenExports exports, RunSequence sequence, String mark) {
        List<StagedFile> data = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        int all = 0;
        for (PlannedExport<?> export : exports.all()) {
            signs.reading(export.definition().name());
            RunFileName name = RunFileName.of(job, run, export, sequence).marked(mark);
            Rejects rejects = new Rejects(export.definition(), Context.of(run));
            data.addAll(
                    services.stager().stageWindow(run, export, name, transforms(export.definition()), rejects, meter));
            writeRejects(run, export, rejects);
            rejects.note().ifPresent(notes::add);
            all += rejects.count();
        }
        RunFileName name =
                RunFileName.of(job, run, exports.all().get(0), sequence).marked(mark);
        return new Staged(data, fileSet.complete(run, data, name), all, notes);
    }

    private Transforms transforms(ExportDefinition<?> definition) {
        return Transforms.ofData(job, definition, services.clock().instant(), services.compressors());
    }

    private void writeRejects(ExportRun run, PlannedExport<?> export, Rejects rejects) {
        try {
            rejects.write(services.directory()
                    .sidecar(
                            run.number(),
                            Sidecar.Kind.REJECTS,
                            export.definition().name()));
        } catch (IOException e) {
            throw services.directory().cantWrite(run.number(), e);
        }
    }

    /** The staged files and the rejects of all windows. */
    private record Staged(List<StagedFile> data, List<StagedFile> files, int rejected, List<String> notes) {

        private boolean hasNoRows() {
            return data.stream().allMatch(file -> file.rows() == 0);
        }
    }

    /** @param content the files whose definitions count: an archive belongs to no definition */
    private ExportRun toStaged(ExportRun run, List<StagedFile> content, List<StagedFile> files) {
        List<FileDelivery> pending = run.deliveryIds().stream()
                .flatMap(id -> files.stream().map(file -> FileDelivery.pending(id, file.path())))
                .toList();
        return RunBuilder.of(run)
                .status(RunStatus.STAGED)
                .files(files)
                .deliveries(pending)
                .sensitive(run.sensitive() || needsProtection(content, files))
                .build();
    }

    /** Files that a transform has encrypted protect themselves. */
    private boolean needsProtection(List<StagedFile> content, List<StagedFile> files) {
        boolean encrypted = files.stream()
                .filter(file -> file.role() == FileRole.ARCHIVE)
                .findFirst()
                .filter(StagedFile::encrypted)
                .isPresent();
        return !encrypted && content.stream().anyMatch(file -> !file.encrypted() && hasSensitiveFields(file));
    }

    /** An archive of an earlier run may have rows of any definition. */
    private boolean hasSensitiveFields(StagedFile file) {
        return job.definitions().stream()
                .filter(definition ->
                        file.role() == FileRole.ARCHIVE || definition.name().equals(file.definition()))
                .anyMatch(definition -> definition.fields().hasSensitive());
    }
}
