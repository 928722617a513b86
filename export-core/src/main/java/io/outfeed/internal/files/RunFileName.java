package io.outfeed.internal.files;

import io.outfeed.ExportJob;
import io.outfeed.file.FileName;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.run.ExportRun;
import io.outfeed.source.Position;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The names of a definition's files in a run, from its typed values: the same run always gets the same names.
 * Immutable.
 */
public final class RunFileName {

    private final FileName pattern;
    private final Map<String, Object> values;
    private final long sequence;
    private final String before;
    private final String mark;

    private RunFileName(FileName pattern, Map<String, Object> values, long sequence, String before, String mark) {
        this.sequence = sequence;
        this.pattern = pattern;
        this.values = values;
        this.before = before;
        this.mark = mark;
    }

    /**
     * Makes the names.
     *
     * @throws io.outfeed.error.InvalidDefinitionException if the run's values give no safe name
     */
    public static RunFileName of(ExportJob job, ExportRun run, PlannedExport<?> export, long sequence) {
        Map<String, Object> values = new HashMap<>();
        values.put("sequence", sequence);
        values.put("run", run.number());
        values.put("job", job.name());
        values.put("definition", export.definition().name());
        values.put("fire", run.fireTime().orElse(run.startedAt()));
        values.put("window.from", value(export.window().from()));
        values.put("window.until", value(export.window().until()));
        job.parameters().asMap().forEach((name, value) -> values.put("parameter." + name, value));
        RunFileName names = new RunFileName(export.definition().file().name(), Map.copyOf(values), sequence, "", "");
        names.of("x", 1); // before anything is read
        job.archive().ifPresent(names::beside);
        job.controlFiles().manifest().ifPresent(names::beside);
        return names;
    }

    /** The names of a test. */
    public RunFileName test(ExportRun run) {
        return new RunFileName(pattern, values, sequence, "test-" + run.number() + "-", mark);
    }

    /** Puts a mark before the ending: {@code visits-1.csv} becomes {@code visits-1-re12.csv}. */
    public RunFileName marked(String more) {
        return new RunFileName(pattern, values, sequence, before, mark + more);
    }

    /**
     * The name of one file.
     *
     * @param partition the value of {@code filePer}; not looked at if the name has none
     * @param part its number among the files that the rows are split into
     */
    public String of(String partition, int part) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("partition", partition);
        all.put("part", (long) part);
        return marked(pattern, all);
    }

    /** The name of a file that belongs to the whole run, with the same values and marks. */
    public String beside(FileName other) {
        return marked(other, values);
    }

    /** A name with the same values, in which the marks are already. */
    String unmarked(FileName other) {
        return other.render(values);
    }

    /** What the names say for {@code {sequence}}. */
    long sequence() {
        return sequence;
    }

    private String marked(FileName name, Map<String, Object> of) {
        String text = name.render(of);
        int dot = text.indexOf('.', 1);
        return before + (dot < 0 ? text + mark : text.substring(0, dot) + mark + text.substring(dot));
    }

    private static Object value(Position position) {
        Optional<Instant> instant = position.instant();
        return instant.isPresent() ? instant.get() : position.text();
    }
}
