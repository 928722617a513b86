package io.outfeed.internal.search;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RetryPolicy;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileSpec;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.CsvFormat.ByteOrderMark;
import io.outfeed.format.CsvFormat.FormulaGuard;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.CsvFormat.LineEnding;
import io.outfeed.format.CsvFormat.Quote;
import io.outfeed.format.CsvFormat.Quoting;
import io.outfeed.format.FileLayout;
import io.outfeed.format.JsonFormat;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RecordSearch;
import io.outfeed.operation.RecordTrace;
import io.outfeed.operation.RecordTrace.Hit;
import io.outfeed.operation.RecordTrace.Reason;
import io.outfeed.operation.RecordTrace.UnreadFile;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Position;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which files delivered a record, read back from the kept files in every dialect. */
class RecordTracerTest {

    private static final Instant START = Instant.parse("2026-03-02T12:00:00Z");

    private final SettableClock clock = SettableClock.at(START);
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final InMemoryDelivery riverside = InMemoryDelivery.create("riverside");
    private final ListSource<Pupil> source = ListSource.create(Pupil::id, Pupil::updatedAt);

    @TempDir
    private Path directory;

    private ExportEngine engine;

    /** A record whose key is a text. */
    private record Pupil(String id, @Nullable String note, String group, Instant updatedAt) {}

    @BeforeEach
    void start() {
        engine = ExportEngine.builder()
                .directory(directory)
                .store(new InMemoryStore())
                .scheduler(new ManualScheduler(clock))
                .clock(clock)
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .listenerExecutor(Runnable::run)
                .build();
        engine.start();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void put(String id, @Nullable String note) {
        put(id, note, "blue");
    }

    /** The next run's window has the record. */
    private void put(String id, @Nullable String note, String group) {
        source.put(new Pupil(id, note, group, clock.instant()));
        clock.advance(Duration.ofMillis(1));
    }

    private ExportDefinition.Builder<Pupil> export(String name, Consumer<FileSpec.Builder> file) {
        return ExportDefinition.builder(name, Pupil.class)
                .source(source)
                .recordKey(Pupil::id)
                .watermark(Watermark.timestamp(Pupil::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Pupil::id).field("note", Pupil::note))
                .file(file);
    }

    private JobHandle add(ExportDefinition.Builder<Pupil> definition) {
        return engine.add(ExportJob.builder("pupils", definition.build())
                .deliverTo(lakeside, riverside)
                .build());
    }

    private JobHandle add(Consumer<FileSpec.Builder> file) {
        return add(export("pupils", file));
    }

    private JobHandle add() {
        return add(f -> f.name("pupils-{sequence}.csv"));
    }

    private ExportRun runNext(JobHandle job) {
        clock.advance(Duration.ofHours(1));
        return job.runNow();
    }

    private static RecordTrace find(JobHandle job, String key) {
        return job.findRecord("pupils", key);
    }

    private static Hit hit(ExportRun run, String path, long row, int column, @Nullable String header) {
        return new Hit(run.number(), run.endedAt(), path, Optional.empty(), row, column, Optional.ofNullable(header));
    }

    private static Hit inArchive(ExportRun run, String path, String entry, long row) {
        return new Hit(run.number(), run.endedAt(), path, Optional.of(entry), row, 1, Optional.of("id"));
    }

    private static UnreadFile unread(ExportRun run, String path, Reason reason) {
        return new UnreadFile(run.number(), path, Optional.empty(), reason);
    }

    private Path kept(ExportRun run, String path) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.endsWith(Path.of(Long.toString(run.number()), path)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    // ---- formats

    private static Arguments csv(String line, String key, Consumer<CsvFormat.Builder> dialect) {
        CsvFormat.Builder format = CsvFormat.builder();
        dialect.accept(format);
        CsvFormat built = format.build();
        return file(line, key, f -> f.name("pupils.csv").format(built));
    }

    private static Arguments file(String line, String key, Consumer<FileSpec.Builder> file) {
        return Arguments.of(line, key, file);
    }

    private static Stream<Arguments> formats() {
        String lines = "two\r\nlines, \"quoted\"; and \n\n 'more'";
        JsonFormat json = JsonFormat.lines();
        return Stream.of(
                csv("RFC 4180", "4711", f -> {}),
                csv("RFC 4180, lines", lines, f -> {}),
                csv("LF", lines, f -> f.lineEnding(LineEnding.LF)),
                csv("semicolon", "a;b", f -> f.delimiter(';')),
                csv("tab", "a\tb", f -> f.delimiter('\t')),
                csv("pipe and single quotes", lines, f -> f.delimiter('|').quote(Quote.SINGLE)),
                csv("all quoted", lines, f -> f.quoting(Quoting.ALL)),
                csv("all but nulls quoted", lines, f -> f.quoting(Quoting.NON_NULL)),
                csv("texts quoted", lines, f -> f.quoting(Quoting.TEXT_ONLY)),
                csv("UTF-8 with a byte order mark", "Zo\u00eb", f -> f.byteOrderMark(ByteOrderMark.PRESENT)),
                csv("a key like a byte order mark", "\ufeff1", f -> f.header(Header.ABSENT)),
                csv(
                        "UTF-16BE with a byte order mark",
                        "Zo\u00eb \ud83d\ude00",
                        f -> f.charset(UTF_16BE).byteOrderMark(ByteOrderMark.PRESENT)),
                csv("UTF-16LE", lines, f -> f.charset(UTF_16LE)),
                csv(
                        "UTF-16LE with a byte order mark",
                        lines,
                        f -> f.charset(UTF_16LE).byteOrderMark(ByteOrderMark.PRESENT)),
                csv("Latin 1", "Zo\u00eb", f -> f.charset(ISO_8859_1)),
                csv(
                        "Latin 1 with replacements",
                        "Zo\u00eb \u20ac",
                        f -> f.charset(ISO_8859_1).replacement("?")),
                csv("no header", lines, f -> f.header(Header.ABSENT)),
                csv(
                        "no header, with a byte order mark",
                        "1",
                        f -> f.header(Header.ABSENT).byteOrderMark(ByteOrderMark.PRESENT)),
                csv("formula guard", "=1+2", f -> f.formulaGuard(FormulaGuard.APOSTROPHE)),
                csv("formula guard, a number", "-12", f -> f.formulaGuard(FormulaGuard.APOSTROPHE)),
                csv("formula guard of one column", "=1+2", f -> f.formulaGuard("id", FormulaGuard.APOSTROPHE)),
                csv("formula guard within", "a;=1+2", f -> f.formulaGuard(FormulaGuard.APOSTROPHE)),
                csv("backslash", "a\\\"b", f -> f.escape(CsvFormat.Escape.BACKSLASH)),
                csv("a trailer like the key", "1", f -> f.trailer("{rows}", "x")),
                csv(
                        "lines before the header and after the records",
                        lines,
                        f -> f.preamble("sep=,", "1").trailer("T", "{rows}").byteOrderMark(ByteOrderMark.PRESENT)),
                csv("null text", "\\N", f -> f.nullText("\\N")),
                csv("a key like the end of the data", "\\.", f -> {}),
                file("JSON Lines", lines, f -> f.name("pupils.jsonl").format(json)),
                file(
                        "JSON Lines, escapes",
                        "\\\"\u2028\u0001\t\ud83d\ude00/",
                        f -> f.name("pupils.jsonl").format(json)),
                file("JSON array", lines, f -> f.name("pupils.json").format(JsonFormat.array())),
                file(
                        "nested JSON",
                        lines,
                        f -> f.name("pupils.json").format(JsonFormat.array().nested())),
                file("gzip", lines, f -> f.name("pupils.csv.gz").transforms(Gzip.defaults())),
                file("zip", lines, f -> f.name("pupils.csv.zip").transforms(Zip.defaults())),
                file(
                        "JSON Lines, gzip",
                        lines,
                        f -> f.name("pupils.jsonl.gz").format(json).transforms(Gzip.defaults())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void should_find_a_row_in_every_format(String line, String key, Consumer<FileSpec.Builder> file) {
        put("first", null);
        put(key, "a \"note\"\r\nof, two; lines");
        put("last", "b");
        JobHandle job = add(file);
        ExportRun run = job.runNow();

        RecordTrace trace = find(job, key);

        String path = run.files().get(0).path();
        assertThat(trace.unread()).isEmpty();
        assertThat(trace.hits()).containsExactly(hit(run, path, 2, 1, "id"));
        assertThat(find(job, "last").hits()).containsExactly(hit(run, path, 3, 1, "id"));
        assertThat(find(job, "none").hits()).isEmpty();
        assertThat(trace.complete()).isTrue();
        assertThat(trace.oldestRun()).hasValue(run.number());
    }

    @Test
    void should_tell_a_null_from_a_key_that_is_written_like_it() {
        put("1", null);
        JobHandle job = add(f ->
                f.name("pupils.csv").format(CsvFormat.builder().nullText("NULL").build()));
        job.runNow();

        assertThat(find(job, "NULL").hits()).isEmpty();
        assertThat(find(job, "1").hits()).hasSize(1);
    }

    @Test
    void should_read_numbers_and_booleans_of_json() {
        put("12", "x");
        JobHandle job = add(export("pupils", f -> f.name("pupils.jsonl").format(JsonFormat.lines()))
                .fields(f ->
                        f.field("number", pupil -> Long.parseLong(pupil.id())).field("present", pupil -> true)));
        ExportRun run = job.runNow();

        assertThat(find(job, "12").hits()).containsExactly(hit(run, "pupils.jsonl", 1, 1, "number"));
        assertThat(find(job, "true").hits()).containsExactly(hit(run, "pupils.jsonl", 1, 2, "present"));
    }

    // ---- files of a run

    @Test
    void should_name_the_part_of_a_split_file() {
        IntStream.rangeClosed(1, 5).forEach(i -> put("k" + i, "n"));
        JobHandle job = add(f -> f.name("pupils-{part}.csv").splitAfterRows(2));
        ExportRun run = job.runNow();

        assertThat(find(job, "k4").hits()).containsExactly(hit(run, "pupils-2.csv", 2, 1, "id"));
        assertThat(find(job, "k5").hits()).containsExactly(hit(run, "pupils-3.csv", 1, 1, "id"));
    }

    @Test
    void should_name_the_folder_and_the_partition() {
        put("k1", "n", "blue");
        put("k2", "n", "red");
        JobHandle job = add(export("pupils", f -> f.name("pupils-{partition}.csv"))
                .folderPer(pupil -> "f" + pupil.group())
                .filePer(Pupil::group));
        ExportRun run = job.runNow();

        assertThat(find(job, "k2").hits()).containsExactly(hit(run, "fred/pupils-red.csv", 1, 1, "id"));
        assertThat(find(job, "n").hits())
                .extracting(Hit::path)
                .containsExactly("fblue/pupils-blue.csv", "fred/pupils-red.csv");
    }

    @Test
    void should_read_the_entries_of_the_definition_in_an_archive() {
        put("k1", "n");
        put("k2", "n");
        ExportDefinition<Pupil> pupils = export(
                        "pupils", f -> f.name("pupils-{part}.csv").splitAfterRows(1))
                .build();
        ExportDefinition<Pupil> notes = export(
                        "notes",
                        f -> f.name("notes-{sequence}.txt")
                                .format(CsvFormat.builder().delimiter(';').build()))
                .build();
        JobHandle job = engine.add(ExportJob.builder("pupils", pupils)
                .definition(notes)
                .archive("all-{sequence}.zip")
                .deliverTo(lakeside)
                .build());
        ExportRun run = job.runNow();
        ExportRun test = job.sendTestRecord("pupils", "k2");

        assertThat(find(job, "k2").unread()).isEmpty();
        assertThat(find(job, "k2").hits())
                .containsExactly(
                        inArchive(test, "test-2-all-2.zip", "test-2-pupils-1.csv", 1),
                        inArchive(run, "all-1.zip", "pupils-2.csv", 1));
        assertThat(job.findRecord("notes", "k2").hits()).containsExactly(inArchive(run, "all-1.zip", "notes-1.txt", 2));
    }

    @Test
    void should_report_an_entry_that_is_no_longer_of_the_format() {
        put("k1", "n");
        ExportJob.Builder job = ExportJob.builder(
                        "pupils", export("pupils", f -> f.name("pupils.csv")).build())
                .archive("all.zip")
                .deliverTo(lakeside);
        ExportRun run = engine.add(job.build()).runNow();
        JobHandle changed = engine.add(ExportJob.builder(
                        "pupils",
                        export("pupils", f -> f.name("pupils.csv").format(JsonFormat.lines()))
                                .build())
                .archive("all.zip")
                .deliverTo(lakeside)
                .build());

        RecordTrace trace = find(changed, "k1");

        assertThat(trace.hits()).isEmpty();
        assertThat(trace.unread())
                .containsExactly(new UnreadFile(run.number(), "all.zip", Optional.of("pupils.csv"), Reason.FORMAT));
    }

    // ---- columns

    @Test
    void should_name_each_column_that_has_the_key() {
        put("7", "7");
        put("8", "7");
        JobHandle job = add();
        ExportRun run = job.runNow();

        assertThat(find(job, "7").hits())
                .containsExactly(
                        hit(run, "pupils-1.csv", 1, 1, "id"),
                        hit(run, "pupils-1.csv", 1, 2, "note"),
                        hit(run, "pupils-1.csv", 2, 2, "note"));
    }

    @Test
    void should_search_only_the_key_columns_where_changes_are_detected() {
        put("7", "8");
        put("8", "A");
        JobHandle job = add(export("pupils", f -> f.name("pupils-{sequence}.csv"))
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id")));
        ExportRun added = job.runNow();
        source.remove("8");
        ExportRun removed = runNext(job);

        assertThat(find(job, "8").hits())
                .containsExactly(hit(removed, "pupils-2.csv", 1, 2, "id"), hit(added, "pupils-1.csv", 2, 2, "id"));
        assertThat(find(job, "A").hits()).isEmpty();
    }

    @Test
    void should_know_the_key_columns_of_files_without_a_header() {
        put("7", "8");
        put("8", "x");
        JobHandle job = add(export(
                        "pupils",
                        f -> f.name("pupils-{sequence}.csv")
                                .format(CsvFormat.builder()
                                        .header(Header.ABSENT)
                                        .build()))
                .fields(f -> f.field("note", Pupil::note)
                        .field("group", Pupil::group)
                        .field("id", Pupil::id))
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id").threeFiles()));
        ExportRun added = job.runNow();
        source.remove("8");
        ExportRun removed = runNext(job);

        assertThat(find(job, "8").hits())
                .containsExactly(
                        hit(removed, "pupils-2-removed.csv", 1, 1, "id"), hit(added, "pupils-1-added.csv", 2, 3, "id"));
    }

    @Test
    void should_leave_the_header_open_where_the_columns_have_changed() {
        put("7", "n");
        CsvFormat format = CsvFormat.builder().header(Header.ABSENT).build();
        ExportRun run = add(f -> f.name("pupils-{sequence}.csv").format(format)).runNow();
        JobHandle job =
                add(export("pupils", f -> f.name("pupils-{sequence}.csv").format(format))
                        .fields(f -> f.field("note", Pupil::note)
                                .field("group", Pupil::group)
                                .field("id", Pupil::id)));

        assertThat(find(job, "7").hits()).containsExactly(hit(run, "pupils-1.csv", 1, 1, null));
    }

    // ---- files that can't be read

    @Test
    void should_report_bytes_that_were_changed_and_list_nothing_of_them() throws IOException {
        put("7", "n");
        JobHandle job = add();
        ExportRun changed = job.runNow();
        put("7", "m");
        ExportRun longer = runNext(job);
        put("7", "o");
        ExportRun good = runNext(job);
        Path file = kept(changed, "pupils-1.csv");
        Files.writeString(file, Files.readString(file).replace("7,n", "7,x"));
        Files.writeString(kept(longer, "pupils-2.csv"), "id,note\r\n7,m\r\n7,m\r\n");

        RecordTrace trace = find(job, "7");

        assertThat(trace.hits()).containsExactly(hit(good, "pupils-3.csv", 1, 1, "id"));
        assertThat(trace.unread())
                .containsExactly(
                        unread(longer, "pupils-2.csv", Reason.CHANGED),
                        unread(changed, "pupils-1.csv", Reason.CHANGED));
        assertThat(trace.complete()).isTrue();
    }

    @Test
    void should_report_changed_bytes_that_can_not_be_unpacked() throws IOException {
        put("7", "n");
        JobHandle job = add(f -> f.name("pupils.csv.gz").transforms(Gzip.defaults()));
        ExportRun run = job.runNow();
        Path file = kept(run, "pupils.csv.gz");
        byte[] bytes = Files.readAllBytes(file);
        bytes[0] ^= 1;
        Files.write(file, bytes);

        assertThat(find(job, "7").unread()).containsExactly(unread(run, "pupils.csv.gz", Reason.CHANGED));
    }

    @Test
    void should_report_bytes_that_are_gone_or_can_not_be_read() throws IOException {
        put("7", "n");
        JobHandle job = add();
        ExportRun gone = job.runNow();
        put("7", "m");
        ExportRun folder = runNext(job);
        Files.delete(kept(gone, "pupils-1.csv"));
        Path file = kept(folder, "pupils-2.csv");
        Files.delete(file);
        Files.createSymbolicLink(file, file);

        assertThat(find(job, "7").unread())
                .containsExactly(
                        unread(folder, "pupils-2.csv", Reason.UNREADABLE), unread(gone, "pupils-1.csv", Reason.GONE));
    }

    /** A host's own format, which wraps one of the library's. */
    private record HostFormat() implements RecordFormat {

        @Override
        public RecordWriter open(FileLayout layout, OutputStream out) throws IOException {
            return CsvFormat.rfc4180().open(layout, out);
        }
    }

    private static Stream<Arguments> laterFormats() {
        return Stream.of(
                file("a host's own", "7", f -> f.name("pupils.csv").format(new HostFormat())),
                file(
                        "another delimiter",
                        "7",
                        f -> f.name("pupils.csv")
                                .format(CsvFormat.builder().delimiter(';').build())),
                file(
                        "no header",
                        "7",
                        f -> f.name("pupils.csv")
                                .format(CsvFormat.builder()
                                        .delimiter(';')
                                        .header(Header.ABSENT)
                                        .build())),
                file(
                        "no header any more",
                        "7",
                        f -> f.name("pupils.csv")
                                .format(CsvFormat.builder()
                                        .header(Header.ABSENT)
                                        .build())),
                file(
                        "other quotes",
                        "7",
                        f -> f.name("pupils.csv")
                                .format(CsvFormat.builder().quote(Quote.SINGLE).build())),
                file(
                        "another charset",
                        "7",
                        f -> f.name("pupils.csv")
                                .format(CsvFormat.builder().charset(UTF_16LE).build())),
                file("JSON", "7", f -> f.name("pupils.jsonl").format(JsonFormat.lines())),
                file("compressed", "7", f -> f.name("pupils.gz").transforms(Gzip.defaults())),
                file("zipped", "7", f -> f.name("pupils.zip").transforms(Zip.defaults())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("laterFormats")
    void should_report_a_file_that_the_definitions_format_does_not_fit(
            String line, String key, Consumer<FileSpec.Builder> file) {
        put(key, "a\nb");
        ExportRun run = add(f -> f.name("pupils-{sequence}.csv")).runNow();
        JobHandle job = add(file);

        RecordTrace trace = find(job, key);

        assertThat(trace.hits()).isEmpty();
        assertThat(trace.unread()).containsExactly(unread(run, "pupils-1.csv", Reason.FORMAT));
    }

    // ---- runs

    @Test
    void should_list_the_newest_run_first_and_also_what_was_sent_again() {
        put("7", "n");
        JobHandle job = add();
        ExportRun first = job.runNow();
        lakeside.takeAll();
        riverside.takeAll();
        clock.advance(Duration.ofHours(1));
        ExportRun again = engine.run(first.number()).redeliver();
        put("8", "n");
        runNext(job);
        job.resetPosition("pupils", Position.of(START.minusSeconds(3600)), "lost");

        assertThat(find(job, "7").hits())
                .containsExactly(hit(again, "pupils-1.csv", 1, 1, "id"), hit(first, "pupils-1.csv", 1, 1, "id"));
    }

    @Test
    void should_read_given_up_runs_but_none_that_failed() {
        put("7", "n");
        JobHandle job = add();
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        riverside.failNext(Operation.PUBLISH, Failure.REFUSED_FOR_GOOD);
        assertThatThrownBy(job::runNow).isNotNull();
        assertThat(find(job, "7").hits()).isEmpty();

        ExportRun givenUp = engine.run(1).giveUp("closed");

        assertThat(givenUp.status()).isEqualTo(RunStatus.GIVEN_UP);
        assertThat(find(job, "7").hits())
                .containsExactly(
                        new Hit(1, Optional.empty(), "pupils-1.csv", Optional.empty(), 1, 1, Optional.of("id")));
    }

    @Test
    void should_not_know_runs_that_were_pruned() {
        put("7", "n");
        JobHandle job = add();
        job.runNow();
        clock.advance(Duration.ofDays(91));
        put("8", "n");
        ExportRun second = job.runNow();

        RecordTrace trace = find(job, "7");

        assertThat(trace.hits()).isEmpty();
        assertThat(trace.unread()).isEmpty();
        assertThat(trace.complete()).isTrue();
        assertThat(trace.oldestRun()).hasValue(second.number());
    }

    @Test
    void should_not_read_the_files_of_another_job_or_definition() throws IOException {
        put("7", "n");
        ExportDefinition<Pupil> other =
                export("other", f -> f.name("other-{sequence}.csv")).build();
        JobHandle job = engine.add(ExportJob.builder(
                        "pupils",
                        export("pupils", f -> f.name("pupils-{sequence}.csv")).build())
                .definition(other)
                .deliverTo(lakeside)
                .build());
        ExportRun run = job.runNow();
        JobHandle second = engine.add(ExportJob.builder(
                        "second",
                        export("pupils", f -> f.name("second-{sequence}.csv")).build())
                .deliverTo(riverside)
                .build());
        ExportRun foreign = second.runNow();
        Files.delete(kept(foreign, "second-1.csv"));
        Files.delete(kept(run, "other-1.csv"));

        RecordTrace trace = find(job, "7");

        assertThat(trace.unread()).isEmpty();
        assertThat(trace.hits()).containsExactly(hit(run, "pupils-1.csv", 1, 1, "id"));
        assertThat(find(second, "7").unread()).containsExactly(unread(foreign, "second-1.csv", Reason.GONE));
    }

    // ---- bounds

    /** Two runs of three files each, of 16 bytes. */
    private JobHandle sixFiles() {
        JobHandle job = add(f -> f.name("pupils-{sequence}-{part}.csv").splitAfterRows(1));
        for (int run = 0; run < 2; run++) {
            clock.advance(Duration.ofHours(1));
            put("7", "nn");
            put("8", "nn");
            put("9", "nn");
            job.runNow();
        }
        return job;
    }

    @Test
    void should_stop_at_its_bound_in_the_middle_of_a_run_and_continue_there() {
        JobHandle job = sixFiles();
        RecordTrace whole = find(job, "nn");
        assertThat(whole.hits()).hasSize(6);

        List<RecordTrace> traces = new ArrayList<>();
        Optional<RecordSearch> next = Optional.of(RecordSearch.all().mostBytes(39));
        while (next.isPresent()) {
            RecordTrace trace = job.findRecord("pupils", "nn", next.get());
            traces.add(trace);
            next = trace.next();
        }

        assertThat(traces).extracting(trace -> trace.hits().size()).containsExactly(2, 2, 2);
        assertThat(traces.stream().flatMap(trace -> trace.hits().stream())).isEqualTo(whole.hits());
        assertThat(traces.get(0).complete()).isFalse();
        assertThat(traces.get(0).next())
                .get()
                .hasToString("search from run 2 and file pupils-2-3.csv downwards, at most 39 bytes");
        assertThat(traces.get(1).oldestRun()).hasValue(1);
        assertThat(traces.get(2).complete()).isTrue();
    }

    @Test
    void should_read_one_file_whatever_the_bound() {
        RecordTrace trace =
                sixFiles().findRecord("pupils", "nn", RecordSearch.all().mostBytes(1));

        assertThat(trace.hits()).extracting(Hit::path).containsExactly("pupils-2-1.csv");
        assertThat(trace.complete()).isFalse();
    }

    @Test
    void should_begin_at_a_run_or_below_it_if_it_was_pruned() {
        JobHandle job = sixFiles();

        RecordTrace old = job.findRecord("pupils", "nn", RecordSearch.all().startAt(1));
        RecordTrace all = job.findRecord("pupils", "nn", RecordSearch.all().startAt(9, "pupils-9-2.csv"));

        assertThat(old.hits()).extracting(Hit::run).containsExactly(1L, 1L, 1L);
        assertThat(all.hits()).hasSize(6);
    }

    @Test
    void should_read_more_runs_than_a_page_of_the_store() {
        JobHandle job = add();
        for (int run = 0; run < 101; run++) {
            put("7", "n" + run);
            runNext(job);
        }

        assertThat(find(job, "7").hits()).hasSize(101).extracting(Hit::run).startsWith(101L, 100L, 99L);
    }

    @Test
    void should_list_a_hundred_rows_of_a_file_and_count_the_others() {
        IntStream.rangeClosed(1, 130).forEach(i -> put("k" + i, "same"));
        JobHandle job = add();
        job.runNow();

        RecordTrace trace = find(job, "same");

        assertThat(trace.hits()).hasSize(100).last().extracting(Hit::row).isEqualTo(100L);
        assertThat(trace.unlisted()).isEqualTo(30);
    }

    @Test
    void should_report_progress_before_each_file() {
        List<String> progress = new ArrayList<>();

        sixFiles()
                .findRecord(
                        "pupils",
                        "7",
                        RecordSearch.all()
                                .mostBytes(60)
                                .onProgress(at -> progress.add(at.run() + ": " + at.files() + " files, " + at.bytes()
                                        + " bytes, " + at.hits() + " hits")));

        assertThat(progress)
                .containsExactly(
                        "2: 1 files, 0 bytes, 0 hits",
                        "2: 2 files, 15 bytes, 1 hits",
                        "2: 3 files, 30 bytes, 1 hits",
                        "1: 4 files, 45 bytes, 1 hits");
    }

    @Test
    void should_report_progress_within_a_large_file() {
        String note = "x".repeat(1 << 20);
        IntStream.rangeClosed(1, 40).forEach(i -> put("k" + i, note));
        JobHandle job = add();
        job.runNow();
        List<Long> megabytes = new ArrayList<>();

        job.findRecord("pupils", "k40", RecordSearch.all().onProgress(at -> megabytes.add(at.bytes() >> 20)));

        assertThat(megabytes).containsExactly(0L, 16L, 32L);
    }

    @Test
    void should_end_when_the_caller_throws() {
        JobHandle job = sixFiles();
        List<Long> seen = new ArrayList<>();

        assertThatThrownBy(() ->
                        job.findRecord("pupils", "7", RecordSearch.all().onProgress(at -> {
                            seen.add(at.run());
                            throw new IllegalStateException("the page was closed");
                        })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the page was closed");
        assertThat(seen).hasSize(1);
    }

    // ---- what it says

    @Test
    void should_say_nothing_of_the_record() {
        put("4711", "a secret note");
        JobHandle job = add();
        job.runNow();

        RecordTrace trace = find(job, "4711");

        assertThat(trace).hasToString("trace of a record of 'pupils': 1 rows, 0 files unread, complete");
        assertThat(trace.hits().toString()).doesNotContain("4711").doesNotContain("secret");
        assertThat(trace.key()).isEqualTo("4711");
    }

    @Test
    void should_refuse_what_can_not_be_found() {
        JobHandle job = add();

        assertThatThrownBy(() -> job.findRecord("visits", "7"))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageContaining("it has no definition 'visits', only [pupils]");
        assertThatThrownBy(() -> find(job, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the key of a record must not be empty: empty cells would be found");
        assertThatThrownBy(() -> RecordSearch.all().mostBytes(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mostBytes must be one or more, not 0");
        assertThat(find(job, "7").oldestRun()).isEmpty();
    }
}
