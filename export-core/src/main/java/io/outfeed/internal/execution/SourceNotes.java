package io.outfeed.internal.execution;

import io.outfeed.internal.reading.LateArrivals;
import io.outfeed.internal.reading.OpenExports;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.run.RunServices;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the notes of a run on late records, and those of its sources. Used by the thread of the run. */
final class SourceNotes {

    private final RunServices services;

    SourceNotes(RunServices services) {
        this.services = services;
    }

    static boolean haveLateArrivals(OpenExports exports) {
        return exports.all().stream()
                .anyMatch(export ->
                        export.lateArrivals().flatMap(LateArrivals::note).isPresent());
    }

    /** Writes the seen records for the next run. Returns the notes on late records and those of the sources. */
    List<String> write(ExportRun run, OpenExports exports, JobPositions before) {
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
                lateRecordsUnknown(export, late.get(), before).ifPresent(notes::add);
            }
            notes.addAll(export.session().notes());
        }
        return notes;
    }

    /** Returns a note that late records were not searched for: no late records must not be mistaken for it. */
    private Optional<String> lateRecordsUnknown(PlannedExport<?> export, LateArrivals late, JobPositions before) {
        String definition = export.definition().name();
        return services.store()
                .run(before.run())
                .filter(last -> late.lacksBaseline() && last.windows().containsKey(definition))
                .map(last -> "records of '" + definition + "' that came late were not looked for this time: what run "
                        + last.number() + " has seen is not in this engine's directory, since lookback is new, or since"
                        + " another node made that run and the nodes share no directory");
    }
}
