package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.internal.reading.LateArrivals;
import io.outfeed.internal.reading.OpenExports;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.reading.SeenRecords;
import io.outfeed.internal.run.RunServices;
import io.outfeed.internal.spool.RunBytes;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.Sidecar;
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

    /** The run that committed the positions, if a definition has a lookback. */
    private final Optional<ExportRun> last;

    private SourceNotes(RunServices services, Map<String, Optional<SeenRecords>> seenBefore, Optional<ExportRun> last) {
        this.services = services;
        this.seenBefore = seenBefore;
        this.last = last;
    }

    /**
     * Reads what the run before has seen, before the sources are opened.
     *
     * @param last the run that committed the positions, if a definition has a lookback
     */
    static SourceNotes of(RunServices services, ExportJob job, Optional<ExportRun> last) {
        Map<String, Optional<SeenRecords>> seen = new HashMap<>();
        job.definitions().stream()
                .filter(definition -> definition.lookback().isPresent())
                .map(ExportDefinition::name)
                .forEach(name -> seen.put(name, last.flatMap(run -> SeenRecords.of(services.bytes(), run, name))));
        return new SourceNotes(services, seen, last);
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
                            .write(services.directory()
                                    .sidecar(
                                            run.number(),
                                            Sidecar.Kind.SEEN,
                                            export.definition().name()));
                } catch (IOException e) {
                    throw services.directory().cantWrite(run.number(), e);
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
                .map(run -> "records of '" + definition + "' that came late were not looked for this time: "
                        + (RunBytes.sidecar(run, Sidecar.Kind.SEEN, definition).isEmpty()
                                ? "run " + run.number() + " has not kept what it has seen, since lookback is new, or"
                                        + " since it has set the position"
                                : "what run " + run.number() + " has seen is " + where(run)));
    }

    private String where(ExportRun run) {
        return services.bytes().isSpooled(run)
                ? "neither in this engine's directory nor in the spool"
                : "not in this engine's directory: if another node has it, let the nodes share the directory or use a"
                        + " spool";
    }
}
