package io.outfeed.internal.files;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.run.ExportRun;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** A process of its own that writes a thousand files in turn, in a small heap. */
final class ManyFiles {

    private static final int FILES = 1_000;
    private static final int ROWS = 300;

    private ManyFiles() {}

    /** @param arguments the engine's directory */
    public static void main(String... arguments) {
        ExportDefinition<Long> definition = ExportDefinition.builder("rows", Long.class)
                .source(RecordSource.of(
                        window -> LongStream.range(0, (long) FILES * ROWS).boxed()))
                .recordKey(id -> id)
                .watermark(Watermark.fullSnapshot())
                .filePer(id -> "f" + id % FILES)
                .fields(f ->
                        f.field("id", id -> id).field("note", id -> "a row of some length, the one with number " + id))
                .file(f -> f.name("{partition}.csv"))
                .build();
        try (ExportEngine engine =
                ExportEngine.builder().directory(Path.of(arguments[0])).build()) {
            ExportRun run =
                    engine.add(ExportJob.builder("rows", definition).build()).runNow();
            System.out.printf(
                    "%d files, %d rows, %d bytes, in a heap of at most %d MiB%n",
                    run.files().size(),
                    run.rows(),
                    run.bytes(),
                    Runtime.getRuntime().maxMemory() >> 20);
        }
    }
}
