package io.outfeed.internal.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.MappingException;
import io.outfeed.error.SourceException;
import io.outfeed.file.FileSpec;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.file.WhenEmpty;
import io.outfeed.file.transform.Gzip;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.JsonFormat;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run's rows in several files, one after the other. */
class SplitFilesTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static Consumer<FileSpec.Builder> named(String name, Consumer<FileSpec.Builder> more) {
        return more.andThen(f -> f.name(name));
    }

    private JobHandle add(ExportDefinition<Visit> definition) {
        return sandbox.add(
                ExportJob.builder("visits", definition).deliverTo(lakeside).build());
    }

    private JobHandle add(Consumer<FileSpec.Builder> file) {
        return add(Visit.export(source, file).build());
    }

    private void put(long id, String note) {
        source.put(Visit.of(id, note, "2026-03-01T00:00:00Z"));
    }

    private void put(int count) {
        LongStream.rangeClosed(1, count).forEach(id -> put(id, "n" + id));
    }

    private List<String> names() {
        return lakeside.files().stream().map(DeliveredFile::path).toList();
    }

    private List<String> lines(String path) {
        return lakeside.file(path).lines();
    }

    @Test
    void should_start_another_file_after_so_many_rows_each_with_the_header() {
        put(5);

        ExportRun run = add(named("visits-{sequence}-{part}.csv", f -> f.splitAfterRows(2)))
                .runNow();

        assertThat(run.files())
                .extracting(StagedFile::name)
                .containsExactly("visits-1-1.csv", "visits-1-2.csv", "visits-1-3.csv");
        assertThat(run.files()).extracting(StagedFile::rows).containsExactly(2L, 2L, 1L);
        assertThat(run.rows()).isEqualTo(5);
        assertThat(lines("visits-1-1.csv")).containsExactly("id,note", "1,n1", "2,n2");
        assertThat(lines("visits-1-2.csv")).containsExactly("id,note", "3,n3", "4,n4");
        assertThat(lines("visits-1-3.csv")).containsExactly("id,note", "5,n5");
    }

    @Test
    void should_start_no_file_without_a_row() {
        put(4);

        add(named("visits-{part:000}.csv", f -> f.splitAfterRows(2))).runNow();

        assertThat(names()).containsExactly("visits-001.csv", "visits-002.csv");
    }

    @Test
    void should_number_the_only_file_too() {
        put(1);

        add(named("visits-{part}.csv", f -> f.splitAfterRows(2))).runNow();

        assertThat(names()).containsExactly("visits-1.csv");
    }

    @Test
    void should_keep_files_within_the_bytes_and_rows_whole() {
        put(1, "aaa"); // 9 bytes of header, 7 a row
        put(2, "bbb");
        put(3, "ccc");

        ExportRun run = add(named("visits-{part}.csv", f -> f.splitAfterBytes(9 + 7 + 7)))
                .runNow();

        assertThat(run.files()).extracting(StagedFile::bytes).containsExactly(23L, 16L);
        assertThat(lines("visits-1.csv")).containsExactly("id,note", "1,aaa", "2,bbb");
        assertThat(lines("visits-2.csv")).containsExactly("id,note", "3,ccc");
    }

    @Test
    void should_start_another_file_when_one_byte_is_missing() {
        put(1, "aaa");
        put(2, "bbb");

        add(named("visits-{part}.csv", f -> f.splitAfterBytes(9 + 7 + 7 - 1))).runNow();

        assertThat(names()).containsExactly("visits-1.csv", "visits-2.csv");
    }

    @Test
    void should_give_a_row_that_is_larger_alone_a_file_of_its_own() {
        put(1, "a");
        put(2, "b".repeat(100_000));
        put(3, "c");
        put(4, "d");

        ExportRun run =
                add(named("visits-{part}.csv", f -> f.splitAfterBytes(30))).runNow();

        assertThat(run.files()).extracting(StagedFile::rows).containsExactly(1L, 1L, 2L);
        assertThat(lines("visits-2.csv")).containsExactly("id,note", "2," + "b".repeat(100_000));
        assertThat(lines("visits-3.csv")).containsExactly("id,note", "3,c", "4,d");
    }

    @Test
    void should_count_the_bytes_of_the_charset_and_of_the_byte_order_mark() {
        put(1, "日本"); // 3 bytes of mark, 9 of header, 10 a row
        put(2, "日本");

        ExportRun run = add(named(
                        "visits-{part}.csv",
                        f -> f.splitAfterBytes(3 + 9 + 10)
                                .format(CsvFormat.builder()
                                        .byteOrderMark(CsvFormat.ByteOrderMark.PRESENT)
                                        .build())))
                .runNow();

        assertThat(run.files()).extracting(StagedFile::bytes).containsExactly(22L, 22L);
    }

    @Test
    void should_split_at_whichever_limit_comes_first() {
        put(1, "a");
        put(2, "b");
        put(3, "c".repeat(10));
        put(4, "d");

        ExportRun run = add(named("visits-{part}.csv", f -> f.splitAfterRows(2).splitAfterBytes(9 + 14)))
                .runNow();

        assertThat(run.files()).extracting(StagedFile::rows).containsExactly(2L, 1L, 1L);
    }

    @Test
    void should_lose_no_row_and_no_order_whatever_the_limit() {
        Random random = new Random(7);
        StringBuilder expected = new StringBuilder();
        for (int id = 1; id <= 60; id++) {
            String note = "x".repeat(random.nextInt(40));
            put(id, note);
            expected.append(id).append(',').append(note).append("\r\n");
        }
        for (int limit : List.of(20, 50, 64, 500, 100_000)) {
            String name = "visits-" + limit + "-{part}.csv";
            InMemoryDelivery delivery = InMemoryDelivery.create("of" + limit);
            JobHandle job = sandbox.add(ExportJob.builder(
                            "visits" + limit,
                            Visit.export(source, f -> f.name(name).splitAfterBytes(limit))
                                    .build())
                    .deliverTo(delivery)
                    .build());

            ExportRun run = job.runNow();

            StringBuilder found = new StringBuilder();
            for (StagedFile file : run.files()) {
                String text = delivery.file(file.name()).text();
                assertThat(text).startsWith("id,note\r\n");
                assertThat(file.bytes() <= limit || file.rows() == 1).isTrue();
                found.append(text.substring(9));
            }
            assertThat(found).hasToString(expected.toString());
        }
    }

    @Test
    void should_split_json_lines() {
        put(3);

        add(named("visits-{part}.jsonl", f -> f.splitAfterBytes(2 * 21).format(JsonFormat.lines())))
                .runNow();

        assertThat(lakeside.file("visits-1.jsonl").text()).isEqualTo("""
                {"id":1,"note":"n1"}
                {"id":2,"note":"n2"}
                """);
        assertThat(lakeside.file("visits-2.jsonl").text()).isEqualTo("""
                {"id":3,"note":"n3"}
                """);
    }

    @Test
    void should_compress_each_file_and_count_bytes_before() throws IOException {
        put(1, "a".repeat(1_000));
        put(2, "b".repeat(1_000));

        ExportRun run = add(named(
                        "visits-{part}.csv.gz", f -> f.splitAfterBytes(1_500).transforms(Gzip.defaults())))
                .runNow();

        assertThat(run.files()).extracting(StagedFile::rows).containsExactly(1L, 1L);
        assertThat(run.files()).allSatisfy(file -> assertThat(file.bytes()).isLessThan(100));
        try (GZIPInputStream in = new GZIPInputStream(
                new ByteArrayInputStream(lakeside.file("visits-2.csv.gz").bytes()))) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("id,note\r\n2," + "b".repeat(1_000) + "\r\n");
        }
    }

    @Test
    void should_publish_no_part_when_the_last_row_fails() {
        put(4);
        put(5, "bad");
        JobHandle job =
                add(Visit.export(source, f -> f.name("visits-{part}.csv").splitAfterRows(2))
                        .fields(f -> f.field("id", Visit::id).field("note", visit -> {
                            if (visit.note().equals("bad")) {
                                throw new IllegalStateException();
                            }
                            return visit.note();
                        }))
                        .build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(MappingException.class)
                .hasMessage("can't map field 'note' (DIRECT) of record '5': correct the record, or give the field a"
                        + " transformation or match code for it (job=visits, run=1, field=note)");

        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0))
                .returns(RunStatus.FAILED, ExportRun::status)
                .returns(List.of(), ExportRun::files);
    }

    @Test
    void should_deliver_what_is_missing_of_the_parts_and_only_then_move_the_position() {
        put(3);
        JobHandle job = add(named("visits-{part}.csv", f -> f.splitAfterRows(1)));
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);

        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        assertThat(job.position("visits")).isEmpty();

        sandbox.advance(Duration.ofMinutes(10));

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactlyInAnyOrder("visits-1.csv", "visits-2.csv", "visits-3.csv");
        assertThat(job.position("visits")).isPresent();
    }

    @Test
    void should_deliver_a_header_when_there_are_no_records() {
        ExportRun run = add(named("visits-{part}.csv", f -> f.splitAfterRows(2).splitAfterBytes(1)))
                .runNow();

        assertThat(run.files()).extracting(StagedFile::name).containsExactly("visits-1.csv");
        assertThat(lines("visits-1.csv")).containsExactly("id,note");
    }

    @Test
    void should_deliver_nothing_or_fail_when_there_are_no_records_and_that_is_asked_for() {
        assertThat(add(named("visits-{part}.csv", f -> f.splitAfterRows(2).whenEmpty(WhenEmpty.NO_FILE)))
                        .runNow()
                        .files())
                .isEmpty();
        JobHandle failing = sandbox.add(ExportJob.builder(
                        "strict",
                        Visit.export(
                                        source,
                                        f -> f.name("visits-{part}.csv")
                                                .splitAfterRows(2)
                                                .whenEmpty(WhenEmpty.FAIL))
                                .build())
                .deliverTo(lakeside)
                .build());
        assertThatThrownBy(failing::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("whenEmpty is FAIL");
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_make_no_file_for_a_row_that_can_not_be_written() {
        put(1, "a");
        put(2, "b");
        put(3, "日本");
        ExportDefinition<Visit> definition = Visit.export(
                        source,
                        f -> f.name("visits-{part}.csv")
                                .splitAfterRows(2)
                                .format(CsvFormat.builder()
                                        .charset(StandardCharsets.US_ASCII)
                                        .build()))
                .rejectPolicy(RejectPolicy.skipUpTo(1))
                .build();

        ExportRun run = add(definition).runNow();

        assertThat(run.rejected()).isEqualTo(1);
        assertThat(names()).containsExactly("visits-1.csv");
    }

    @Test
    void should_make_no_file_when_the_only_row_can_not_be_written_and_empty_files_are_not_wanted() {
        put(1, "日本");
        ExportDefinition<Visit> definition = Visit.export(
                        source,
                        f -> f.name("visits.csv")
                                .whenEmpty(WhenEmpty.NO_FILE)
                                .format(CsvFormat.builder()
                                        .charset(StandardCharsets.US_ASCII)
                                        .build()))
                .rejectPolicy(RejectPolicy.skipUpTo(1))
                .build();

        ExportRun run = add(definition).runNow();

        assertThat(run.rejected()).isEqualTo(1);
        assertThat(run.files()).isEmpty();
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    void should_send_a_test_record_as_the_first_part() {
        put(3);

        add(named("visits-{sequence}-{part}.csv", f -> f.splitAfterRows(1))).sendTestRecord("visits", "3");

        assertThat(lines("test-1-visits-1-1.csv")).containsExactly("id,note", "3,n3");
    }

    @Test
    void should_mark_each_part_of_what_is_exported_again() {
        put(3);
        JobHandle job = add(named("visits-{sequence}-{part}.csv", f -> f.splitAfterRows(2)));
        ExportRun first = job.runNow();

        ExportRun again = sandbox.engine().run(first.number()).reExport();

        assertThat(again.files())
                .extracting(StagedFile::name)
                .containsExactly("visits-1-1-re2.csv", "visits-1-2-re2.csv");
    }

    @Test
    void should_keep_each_part_that_is_there() {
        put(2);
        lakeside.put("visits-2.csv", "old");

        add(named("visits-{part}.csv", f -> f.splitAfterRows(1).ifExists(IfExists.KEEP_BOTH)))
                .runNow();

        assertThat(lines("visits-1.csv")).containsExactly("id,note", "1,n1");
        assertThat(lines("visits-2.csv")).containsExactly("old");
        assertThat(lines("visits-2-r1.csv")).containsExactly("id,note", "2,n2");
    }

    @Test
    void should_split_into_a_thousand_files_at_most() {
        put(1_001);
        JobHandle job = add(named("visits-{part}.csv", f -> f.splitAfterRows(1)));

        assertThatThrownBy(job::runNow)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("export 'visits' has 1 problem: the rows of one run are split into more than 1000 files:"
                        + " raise splitAfterRows or splitAfterBytes");
        assertThat(lakeside.arrivals()).isEmpty();
    }
}
