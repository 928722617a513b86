package io.outfeed.s3;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.file.WhenEmpty;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** A host that exports a large file, in a process of its own that a test kills; or in that of the test. */
final class ExportingHost {

    static final String JOB = "notes-lakeside";
    static final String KEY = "exports/notes-1.csv";

    private static final Instant SEVEN = Instant.parse("2026-03-01T07:00:00Z");
    private static final int RECORDS = 1_200;
    private static final int LETTERS = 10_000;
    private static final int PART = 5 << 20;

    record Note(String id, String text, Instant updatedAt) {}

    private ExportingHost() {}

    /** Exports once: the directory of the engine, the endpoint, the bucket. */
    public static void main(String[] args) {
        try (ExportEngine engine = engine(Path.of(args[0]), URI.create(args[1]), args[2])) {
            System.out.println(engine.job(JOB).runNow().status());
        }
    }

    static ExportEngine engine(Path work, URI endpoint, String bucket) {
        ListSource<Note> notes = ListSource.create(Note::id, Note::updatedAt);
        for (int i = 0; i < RECORDS; i++) {
            notes.put(note(i));
        }
        ExportDefinition<Note> definition = ExportDefinition.builder("notes", Note.class)
                .source(notes)
                .recordKey(Note::id)
                .watermark(Watermark.timestamp(Note::updatedAt, Duration.ofMinutes(2)))
                .fields(f -> f.field("id", Note::id).field("text", Note::text))
                .file(f -> f.name("notes-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build();
        ExportEngine engine = ExportEngine.builder()
                .directory(work)
                .clock(SettableClock.at(SEVEN))
                .renameLooks(Duration.ZERO) // a server answers at once whether an upload is there
                .build();
        engine.add(ExportJob.builder(JOB, definition)
                .deliverTo(
                        ObjectServer.delivery(bucket, endpoint).partSize(PART).build())
                .build());
        return engine;
    }

    /** Each part differs from the others. */
    private static Note note(int number) {
        StringBuilder text = new StringBuilder();
        new Random(number).ints(LETTERS, 'a', 'z' + 1).forEach(letter -> text.append((char) letter));
        return new Note("n-" + number, text.toString(), SEVEN.minus(Duration.ofHours(2)));
    }
}
