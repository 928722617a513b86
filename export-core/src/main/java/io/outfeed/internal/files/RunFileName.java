package io.outfeed.internal.files;

import io.outfeed.ExportJob;
import io.outfeed.file.FileName;
import io.outfeed.internal.reading.PlannedExport;
import io.outfeed.internal.transform.TransformChain;
import io.outfeed.run.ExportRun;
import io.outfeed.source.Position;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Renders the names of a definition's files in a run, from typed values: the same run always gets the same names.
 * Immutable.
 */
public final class RunFileName {

    private final FileName pattern;
    private final Map<String, Object> values;
    private final RunSequence sequence;
    private final String before;
    private final String mark;

    /** What the transforms of the job add to the names of data files, and to that of an archive. */
    private final Endings endings;

    private record Endings(String ofData, String ofArchive) {

        private static Endings of(ExportJob job) {
            String ofJob = new TransformChain(job.transforms()).endings();
            return job.archive().isPresent() ? new Endings("", ofJob) : new Endings(ofJob, "");
        }
    }

    private RunFileName(
            FileName pattern,
            Map<String, Object> values,
            RunSequence sequence,
            String before,
            String mark,
            Endings endings) {
        this.sequence = sequence;
        this.pattern = pattern;
        this.values = values;
        this.before = before;
        this.mark = mark;
        this.endings = endings;
    }

    /**
     * Collects the values of a run.
     *
     * @throws io.outfeed.error.InvalidDefinitionException if the values give no safe name
     */
    public static RunFileName of(ExportJob job, ExportRun run, PlannedExport<?> export, RunSequence sequence) {
        Map<String, Object> values = new HashMap<>();
        values.put("sequence", sequence.number());
        values.put(FileName.DAILY_SEQUENCE, sequence.daily());
        values.put("run", run.number());
        values.put("job", job.name());
        values.put("definition", export.definition().name());
        values.put("fire", run.fireTime().orElse(run.startedAt()));
        values.put("window.from", value(export.window().from()));
        values.put("window.until", value(export.window().until()));
        Position beginning = export.definition().watermark().beginning();
        values.put("window.isFirst", export.window().from().equals(beginning));
        job.parameters().asMap().forEach((name, value) -> values.put("parameter." + name, value));
        RunFileName names = new RunFileName(
                export.definition().file().name(), Map.copyOf(values), sequence, "", "", Endings.of(job));
        names.of("x", 1); // fails before anything is read
        job.archive().ifPresent(names::ofRun);
        job.controlFiles().manifest().ifPresent(names::ofRun);
        job.controlFiles().dataPackage().ifPresent(names::ofRun);
        return names;
    }

    /** Returns the names for a test record. */
    public RunFileName test(ExportRun run) {
        return new RunFileName(pattern, values, sequence, "test-" + run.number() + "-", mark, endings);
    }

    /** Adds a mark before the extension: {@code visits-1.csv} becomes {@code visits-1-re12.csv}. */
    public RunFileName marked(String more) {
        return new RunFileName(pattern, values, sequence, before, mark + more, endings);
    }

    /**
     * Returns the name of one data file, with the endings of all transforms.
     *
     * @param partition the value of {@code filePer}; ignored if the name has no partition
     * @param part its number among the files that the rows are split into
     */
    public String of(String partition, int part) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("partition", partition);
        all.put("part", (long) part);
        return marked(pattern, all) + endings.ofData();
    }

    /** Returns the name of the archive. */
    String ofArchive(FileName archive) {
        return ofRun(archive) + endings.ofArchive();
    }

    /** Returns the name of a file that belongs to the whole run, with the same values and marks. */
    public String ofRun(FileName other) {
        return marked(other, values);
    }

    /** Returns a name with the same values, to which no marks are added. */
    String unmarked(FileName other) {
        return other.render(values);
    }

    /** Returns the value of {@code {sequence}}. */
    long sequence() {
        return sequence.number();
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
