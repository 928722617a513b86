package io.outfeed.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.error.MappingException;
import io.outfeed.error.SourceException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceOrder;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A source that gives a record several times: a log of changes. */
class LatestPerKeyTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T23:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final List<Visit> log = new ArrayList<>();

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> export() {
        return Visit.export(Visit.source(), f -> f.name("visits-{sequence}.csv"))
                .source(RecordSource.between((from, until) -> log.stream()
                        .filter(visit -> !visit.updatedAt().isBefore(from)
                                && visit.updatedAt().isBefore(until))))
                .latestPerKey();
    }

    private JobHandle add(ExportDefinition<Visit> definition) {
        return sandbox.add(
                ExportJob.builder("visits", definition).deliverTo(lakeside).build());
    }

    private void write(long id, String note, String time) {
        log.add(Visit.of(id, note, "2026-03-02T" + time + ":00Z"));
    }

    private List<String> rows(String file) {
        List<String> lines = lakeside.file(file).lines();
        assertThat(lines.get(0)).isEqualTo("id,note");
        return lines.subList(1, lines.size());
    }

    @Test
    void should_not_export_what_was_withdrawn_after_it_was_approved() {
        write(1, "approved", "10:00");
        write(2, "approved", "10:00");
        write(1, "withdrawn", "12:00");
        JobHandle job =
                add(export().filter(visit -> visit.note().equals("approved")).build());

        job.runNow();

        assertThat(rows("visits-1.csv")).containsExactly("2,approved");
    }

    @Test
    void should_export_a_record_that_was_written_five_times_once_in_its_final_state() {
        for (int i = 1; i <= 5; i++) {
            write(10, "version " + i, "10:0" + i);
            write(9, "version " + (6 - i), "11:0" + (6 - i)); // the latest comes first
        }
        JobHandle job = add(export().build());

        ExportRun run = job.runNow();

        assertThat(rows("visits-1.csv")).containsExactly("9,version 5", "10,version 5");
        assertThat(run.rows()).isEqualTo(2);
    }

    @Test
    void should_take_what_comes_last_where_positions_are_equal_or_missing() {
        write(1, "first", "10:00");
        write(1, "second", "10:00");
        JobHandle job = add(export().build());
        JobHandle snapshot = sandbox.add(ExportJob.builder(
                        "snapshot",
                        export().source(RecordSource.ofCollection(window -> {
                                    write(1, "older, but later", "09:00");
                                    return log;
                                }))
                                .watermark(Watermark.fullSnapshot())
                                .file(f -> f.name("all.csv"))
                                .build())
                .deliverTo(lakeside)
                .build());

        job.runNow();
        snapshot.runNow();

        assertThat(rows("visits-1.csv")).containsExactly("1,second");
        assertThat(rows("all.csv")).containsExactly("1,\"older, but later\"");
    }

    @Test
    void should_not_mind_that_a_superseded_version_can_not_be_mapped() {
        write(1, "bad", "10:00");
        write(1, "good", "11:00");
        write(2, "good", "10:00");
        write(2, "bad", "11:00");
        ExportDefinition.Builder<Visit> export = export().fields(f -> f.field("id", Visit::id)
                .field("note", visit -> {
                    if (visit.note().equals("bad")) {
                        throw new IllegalStateException("quotes " + visit.note());
                    }
                    return visit.note();
                }));
        JobHandle job = add(export.build());

        assertThatThrownBy(job::runNow)
                .isInstanceOfSatisfying(
                        MappingException.class, e -> assertThat(e.recordKey()).isEqualTo("2"))
                .hasMessageEndingWith("there are no more (job=visits, run=1)");
        job = add(export.rejectPolicy(RejectPolicy.skipUpTo(1)).build());
        ExportRun run = job.runNow();

        assertThat(rows("visits-1.csv")).containsExactly("1,good");
        assertThat(run.rejected()).isEqualTo(1);
        assertThat(sandbox.engine().run(run.number()).rejects().get(0).recordKey())
                .isEqualTo("2");
    }

    @Test
    void should_compare_within_a_window_only() {
        write(1, "in the first", "10:00");
        JobHandle job = add(export().build());
        job.runNow();
        log.add(Visit.of(1, "in the second", "2026-03-03T01:00:00Z"));
        sandbox.advance(Duration.ofHours(3));

        job.runNow();

        assertThat(rows("visits-1.csv")).containsExactly("1,in the first");
        assertThat(rows("visits-2.csv")).containsExactly("1,in the second");
    }

    @Test
    void should_not_export_a_late_version_behind_one_that_was_exported() {
        write(1, "exported", "22:30");
        write(2, "exported", "22:30");
        JobHandle job = add(export().lookback(Duration.ofHours(6)).build());
        job.runNow();
        write(1, "late and older", "22:00");
        write(2, "late and newer", "22:45");
        write(3, "late and alone", "22:10");
        write(4, "late and superseded", "22:10");
        log.add(Visit.of(4, "in the window", "2026-03-02T23:30:00Z"));
        sandbox.advance(Duration.ofHours(1));

        job.runNow();

        assertThat(rows("visits-2.csv")).containsExactly("2,late and newer", "3,late and alone", "4,in the window");
    }

    @Test
    void should_put_the_final_version_into_its_own_folder() {
        write(1, "spring", "10:00");
        write(1, "autumn", "11:00");
        JobHandle job = add(export().folderPer(Visit::note).build());

        job.runNow();

        assertThat(lakeside.arrivals()).extracting(DeliveredFile::path).containsExactly("autumn/visits-1.csv");
    }

    @Test
    void should_keep_text_as_it_is_through_the_sorting() {
        String note = "quote \" comma , line\r\n tab \t nul \0 é \uFFFD 日本 \uD83D\uDE00";
        write(1, note, "10:00");
        JobHandle plain = sandbox.add(ExportJob.builder(
                        "plain",
                        Visit.export(Visit.source(), f -> f.name("plain.csv"))
                                .source(RecordSource.ofCollection(window -> log))
                                .build())
                .deliverTo(lakeside)
                .build());

        add(export().build()).runNow();
        plain.runNow();

        assertThat(lakeside.file("visits-1.csv").bytes())
                .isEqualTo(lakeside.file("plain.csv").bytes());
    }

    @Test
    void should_refuse_half_of_a_surrogate_pair_through_the_sorting() {
        write(1, "half \uD83D", "10:00");
        JobHandle job = add(export().build());

        assertThatThrownBy(job::runNow).isInstanceOf(MappingException.class).hasMessageContaining("no valid Unicode");
    }

    @Test
    void should_trust_and_check_a_source_that_sorts() {
        write(9, "a", "10:00");
        write(10, "b", "11:00");
        write(10, "b, older", "10:00");
        write(11, "c", "10:00");
        JobHandle job = add(export().sourceOrder(SourceOrder.BY_KEY).build());

        job.runNow();

        assertThat(rows("visits-1.csv")).containsExactly("9,a", "10,b", "11,c");
    }

    @Test
    void should_say_so_when_a_source_breaks_its_promise_to_sort() {
        write(1, "a", "10:00");
        write(2, "b", "10:00");
        write(1, "again", "11:00");
        JobHandle job = add(export().sourceOrder(SourceOrder.BY_KEY).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "record '1' of export 'visits' comes after record '2', and the source is said to give them by"
                                + " key (whole numbers by value, others as text by code point): let it read them in"
                                + " that order, or remove sourceOrder(BY_KEY) (job=visits, run=1)");
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).status()).isEqualTo(RunStatus.FAILED);
        assertThat(lakeside.arrivals()).isEmpty();
    }

    @Test
    @SuppressWarnings("NullAway") // breaks the promise, as hosts do
    void should_refuse_a_key_that_is_null() {
        write(1, "a", "10:00");
        JobHandle job = add(export().recordKey(visit -> null).build());

        assertThatThrownBy(job::runNow)
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "recordKey of export 'visits' gave null: nothing was published, the next run covers its window"
                                + " (job=visits, run=1)");
    }

    @Test
    void should_export_a_snapshot_and_what_changed_in_one_run() {
        write(1, "a", "10:00");
        write(2, "b", "10:00");
        JobHandle job = sandbox.add(ExportJob.builder("visits", export().build())
                .definition(ExportDefinition.builder("rooms", String.class)
                        .source(RecordSource.of(window -> Stream.of("blue", "red")))
                        .recordKey(room -> room)
                        .watermark(Watermark.fullSnapshot())
                        .fields(f -> f.field("room", room -> room))
                        .file(f -> f.name("rooms-{sequence}.csv"))
                        .build())
                .deliverTo(lakeside)
                .build());
        job.runNow();
        log.add(Visit.of(2, "changed", "2026-03-02T23:30:00Z"));
        sandbox.advance(Duration.ofHours(1));

        ExportRun second = job.runNow();

        assertThat(rows("visits-2.csv")).containsExactly("2,changed");
        assertThat(lakeside.file("rooms-2.csv").lines()).containsExactly("room", "blue", "red");
        assertThat(second.windows().keySet()).containsExactly("visits", "rooms");
        assertThat(second.windows())
                .hasEntrySatisfying(
                        "rooms", window -> assertThat(window.until().kind()).isEqualTo("snapshot"));
        assertThat(job.position("visits")).isNotEqualTo(job.position("rooms"));
    }

    @Test
    void should_order_text_keys_by_code_point() {
        List<String> keys = Arrays.asList("b", "\uFFFD", "a", "\uD83D\uDE00", "B", "ab", "10", "9");
        JobHandle job = sandbox.add(ExportJob.builder(
                        "keys",
                        ExportDefinition.builder("keys", String.class)
                                .source(RecordSource.ofCollection(window -> keys))
                                .recordKey(key -> key)
                                .watermark(Watermark.fullSnapshot())
                                .latestPerKey()
                                .fields(f -> f.field("key", key -> key))
                                .file(f -> f.name("keys.csv"))
                                .build())
                .deliverTo(lakeside)
                .build());

        job.runNow();

        assertThat(lakeside.file("keys.csv").lines())
                .containsExactly("key", "10", "9", "B", "a", "ab", "b", "\uFFFD", "\uD83D\uDE00");
    }
}
