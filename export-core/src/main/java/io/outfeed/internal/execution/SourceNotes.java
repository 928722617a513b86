package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.internal.reading.LateArrivals;
import io.outfeed.internal.reading.OpenExports;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.reading.SeenRecords;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the notes of a run on late records, and those of its sources. Used by the thread of the run. */
final class SourceNotes {

    private final RunServices services;

    /** The records that the run before has seen, by definition. */
    private final Map<String, Optional<SeenRecords>> seenBefore;

    /** The run that committed the positions, if what it has seen is missing. */
    private final Optional<ExportRun> last;

    private SourceNotes(RunServices services, Map<String, Optional<SeenRecords>> seenBefore, Optional<ExportRun> last) {
        this.services = services;
        this.seenBefore = seenBefore;
        this.last = last;
    }

    /** Reads what the run before has seen, before the sources are opened. */
    static SourceNotes of(RunServices services, ExportJob job, JobPositions before) {
        Map<String, Optional<SeenRecords>> seen = new HashMap<>();
        job.definitions().stream()
                .filter(definition -> definition.lookback().isPresent())
                .map(ExportDefinition::name)
                .forEach(name ->
                        seen.put(name, SeenRecords.read(services.spool().seen(before.run(), name))));
        boolean missing = seen.values().stream().anyMatch(Optional::isEmpty);
        return new SourceNotes(services, seen, missing ? services.store().run(before.run()) : Optional.empty());
    }

    /** Returns the records that the run before has seen. */
    Optional<SeenRecords> seenBefore(String definition) {
        return seenBefore.getOrDefault(definition, Optional.empty());
    }

    static boolean haveLateArrivals(OpenExports exports) {
        return exports.all().stream()
                .anyMatch(export ->
                        export.lateArrivals().flatMap(LateArrivals::note).isPresent());
    }

    /** Writes the seen records for the next run. Returns the notes on late records and those of the sources. */
    List<String> write(ExportRun run, OpenExports exports) {
        List<String> notes = new ArrayList<>();
        for (PlannedExport<?> export : exports.all()) {
            Optional<LateArrivals> late = export.lateArrivals();
            if (late.isPresent()) {
                try {
                    late.get()
                            .write(services.spool()
                                    .seen(run.number(), export.definition().name()));
                } catch (IOException e) {
                    throw services.spool().cantWrite(run.number(), e);
                }
                late.get().note().ifPresent(notes::add);
                lateRecordsUnknown(export, late.get()).ifPresent(notes::add);
            }
            notes.addAll(export.session().notes());
        }
        return notes;
    }

    /** Returns a note that late records were not searched for: no late records must not be mistaken for it. */
    private Optional<String> lateRecordsUnknown(PlannedExport<?> export, LateArrivals late) {
        String definition = export.definition().name();
        return last.filter(run -> late.lacksBaseline() && run.windows().containsKey(definition))
                .map(run -> "records of '" + definition + "' that came late were not looked for this time: what run "
                        + run.number() + " has seen is not in this engine's directory, since lookback is new, or since"
                        + " another node made that run and the nodes share no directory");
    }
}
