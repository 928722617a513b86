package io.outfeed.internal.engine;

import io.outfeed.ExportJob;
import io.outfeed.ExportRun;
import io.outfeed.watermark.Position;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The names of a run's files, from its typed values: the same run always gets the same names. */
final class RunFileName {

    private RunFileName() {}

    static String of(ExportJob job, ExportRun run, PlannedExport<?> export, long sequence) {
        return export.definition().file().name().render(values(job, run, export, sequence));
    }

    /** The values of all variables. */
    static Map<String, Object> values(ExportJob job, ExportRun run, PlannedExport<?> export, long sequence) {
        Map<String, Object> values = new HashMap<>();
        values.put("sequence", sequence);
        values.put("run", run.number());
        values.put("job", job.name());
        values.put("definition", export.definition().name());
        values.put("fire", run.fire().orElse(run.startedAt()));
        values.put("window.from", value(export.window().from()));
        values.put("window.until", value(export.window().until()));
        job.parameters().asMap().forEach((name, value) -> values.put("parameter." + name, value));
        return values;
    }

    /** Puts a mark before the ending: {@code visits-1.csv} becomes {@code visits-1-re12.csv}. */
    static String marked(String name, String mark) {
        int dot = name.indexOf('.', 1);
        return dot < 0 ? name + mark : name.substring(0, dot) + mark + name.substring(dot);
    }

    private static Object value(Position position) {
        Optional<Instant> instant = position.instant();
        return instant.isPresent() ? instant.get() : position.text();
    }
}
