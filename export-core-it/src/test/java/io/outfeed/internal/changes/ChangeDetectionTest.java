package io.outfeed.internal.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.RejectPolicy;
import io.outfeed.RetryPolicy;
import io.outfeed.StartFrom;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.error.StoreException;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.source.Position;
import io.outfeed.source.SourceOrder;
import io.outfeed.support.InMemoryTempDir;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.DeliveredFile;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.InMemoryStore;
import io.outfeed.testing.ListSource;
import io.outfeed.testing.ManualScheduler;
import io.outfeed.testing.SettableClock;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source without a watermark column: what was added, changed and removed since the last delivery. */
class ChangeDetectionTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source();

    @TempDir(factory = InMemoryTempDir.class)
    private Path directory;

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> export() {
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .watermark(Watermark.fullSnapshot())
                .changes(ChangeDetection.keyedBy("id"));
    }

    private JobHandle add(ExportDefinition<Visit> definition) {
        return sandbox.add(
                ExportJob.builder("visits", definition).deliverTo(lakeside).build());
    }

    private void put(long id, String note) {
        source.put(Visit.of(id, note, "2026-03-01T00:00:00Z"));
    }

    private void change() {
        put(1, "a");
        put(2, "b, changed");
        put(10, "new");
        source.remove(3L);
    }

    private List<String> lines(String file) {
        return lakeside.file(file).lines();
    }

    private void putThree() {
        put(1, "a");
        put(2, "b");
        put(3, "c");
    }

    @Test
    void should_deliver_what_was_added_changed_and_removed() {
        putThree();
        JobHandle job = add(export().build());
        job.runNow();
        change();

        ExportRun second = job.runNow();
        job.runNow();

        assertThat(lines("visits-1.csv")).containsExactly("change,id,note", "A,1,a", "A,2,b", "A,3,c");
        assertThat(lines("visits-2.csv")).containsExactly("change,id,note", "C,2,\"b, changed\"", "D,3,", "A,10,new");
        assertThat(second.rows()).isEqualTo(3);
        assertThat(lines("visits-3.csv")).containsExactly("change,id,note");
    }

    @Test
    void should_use_other_words() {
        putThree();
        JobHandle job = add(export().changes(ChangeDetection.keyedBy("id").column("op", "insert", "update", "delete"))
                .build());
        job.runNow();
        change();
        job.runNow();

        assertThat(lines("visits-2.csv"))
                .containsExactly("op,id,note", "update,2,\"b, changed\"", "delete,3,", "insert,10,new");
    }

    @Test
    void should_make_a_file_of_each_kind() {
        putThree();
        JobHandle job = add(export().changes(ChangeDetection.keyedBy("id").threeFiles())
                .file(f -> f.name("visits-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .build());
        job.runNow();
        change();
        ExportRun second = job.runNow();
        ExportRun third = job.runNow();

        assertThat(lakeside.arrivals())
                .extracting(DeliveredFile::path)
                .containsExactly(
                        "visits-1-added.csv", "visits-2-added.csv", "visits-2-changed.csv", "visits-2-removed.csv");
        assertThat(lines("visits-2-added.csv")).containsExactly("id,note", "10,new");
        assertThat(lines("visits-2-changed.csv")).containsExactly("id,note", "2,\"b, changed\"");
        assertThat(lines("visits-2-removed.csv")).containsExactly("id", "3");
        assertThat(second.files()).hasSize(3);
        assertThat(third.status()).isEqualTo(RunStatus.EMPTY);
    }

    @Test
    void should_make_three_files_with_a_header_at_least() {
        put(1, "a");
        add(export().changes(ChangeDetection.keyedBy("id").threeFiles()).build())
                .runNow();

        assertThat(lines("visits-1-added.csv")).containsExactly("id,note", "1,a");
        assertThat(lines("visits-1-changed.csv")).containsExactly("id,note");
        assertThat(lines("visits-1-removed.csv")).containsExactly("id");
    }

    @Test
    void should_count_only_what_was_delivered() {
        putThree();
        JobHandle job = add(export().build());
        job.runNow();
        change();
        lakeside.failNext(Operation.PREPARE, Failure.REFUSED);
        assertThatThrownBy(job::runNow).isInstanceOf(DeliveryException.class);
        put(4, "another");
        sandbox.restart();

        sandbox.engine().job("visits").runNow(); // the next attempt, with the bytes of the first
        sandbox.engine().job("visits").runNow();

        assertThat(lines("visits-2.csv")).containsExactly("change,id,note", "C,2,\"b, changed\"", "D,3,", "A,10,new");
        assertThat(lines("visits-3.csv")).containsExactly("change,id,note", "A,4,another");
    }

    @Test
    void should_take_another_filter_or_mapping_for_a_change() {
        putThree();
        add(export().build()).runNow();

        JobHandle job = add(export().filter(visit -> visit.id() != 2).build());
        job.runNow();
        add(export().fields(f -> f.field("id", Visit::id).field("note", visit -> visit.note() + "!"))
                        .build())
                .runNow();

        assertThat(lines("visits-2.csv")).containsExactly("change,id,note", "D,2,");
        assertThat(lines("visits-3.csv")).containsExactly("change,id,note", "C,1,a!", "A,2,b!", "C,3,c!");
    }

    @Test
    void should_distinguish_an_empty_cell_from_a_moved_one() {
        JobHandle job = add(export().fields(f -> f.field("id", Visit::id)
                        .field("left", visit -> visit.note().equals("left") ? "x" : null)
                        .field("right", visit -> visit.note().equals("left") ? null : "x"))
                .build());
        put(1, "left");
        job.runNow();
        put(1, "right");
        job.runNow();

        assertThat(lines("visits-2.csv")).containsExactly("change,id,left,right", "C,1,,x");
    }

    @Test
    void should_move_a_row_from_folder_to_folder() {
        put(1, "spring");
        put(2, "spring");
        JobHandle job = add(export().folderPer(Visit::note).build());
        job.runNow();
        put(1, "autumn");

        job.runNow();

        assertThat(lines("spring/visits-2.csv")).containsExactly("change,id,note", "D,1,");
        assertThat(lines("autumn/visits-2.csv")).containsExactly("change,id,note", "A,1,autumn");
    }

    @Test
    void should_leave_a_record_that_can_not_be_mapped_as_it_was() {
        putThree();
        JobHandle job = add(export().fields(f -> f.field("id", Visit::id).field("note", visit -> {
                    if (visit.note().equals("bad")) {
                        throw new IllegalStateException("quotes " + visit.note());
                    }
                    return visit.note();
                }))
                .rejectPolicy(RejectPolicy.skipUpTo(5))
                .build());
        job.runNow();
        put(2, "bad");
        put(4, "bad");
        ExportRun second = job.runNow();
        put(2, "b");
        put(4, "corrected");

        job.runNow();

        assertThat(second.rejected()).isEqualTo(2);
        assertThat(lines("visits-2.csv")).containsExactly("change,id,note");
        assertThat(lines("visits-3.csv")).containsExactly("change,id,note", "A,4,corrected");
    }

    @Test
    void should_fail_when_a_key_comes_twice_unless_the_latest_is_wanted() {
        ExportDefinition.Builder<Visit> export = export().recordKey(visit -> visit.id() / 10);
        put(11, "a");
        put(12, "b");

        for (SourceOrder order : SourceOrder.values()) {
            assertThatThrownBy(() -> add(export.sourceOrder(order).build()).runNow())
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith(
                            "record '1' of export 'visits' is there more than once: let the source give each"
                                    + " record once, or add latestPerKey() (job=visits, run=");
        }
        add(export.latestPerKey().build()).runNow();

        assertThat(lines("visits-1.csv")).containsExactly("change,id,note", "A,12,b");
    }

    @Test
    void should_deliver_all_as_added_after_a_reset() {
        putThree();
        JobHandle job = add(export().build());
        job.runNow();
        Watermark<Visit> watermark = Watermark.fullSnapshot();
        job.resetPosition("visits", watermark.beginning(), "the receiver lost everything");

        job.runNow();

        assertThat(lines("visits-2.csv")).containsExactly("change,id,note", "A,1,a", "A,2,b", "A,3,c");
    }

    @Test
    void should_not_forget_what_was_delivered_when_the_position_of_another_definition_is_set() {
        putThree();
        ExportDefinition<Visit> other = ExportDefinition.builder("others", Visit.class)
                .source(source)
                .recordKey(Visit::id)
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("others-{sequence}.csv"))
                .build();
        JobHandle job = sandbox.add(ExportJob.builder("visits", export().build())
                .definition(other)
                .deliverTo(lakeside)
                .build());
        job.runNow();
        job.resetPosition("others", Position.of(Instant.EPOCH), "to try");
        job.resetPosition("others", Position.of(Instant.EPOCH), "to try again");

        job.runNow();

        assertThat(lines("visits-2.csv")).containsExactly("change,id,note");
        assertThat(lines("others-2.csv")).containsExactly("id", "1", "2", "3");
    }

    @Test
    void should_deliver_all_as_added_wherever_the_job_starts_from() {
        putThree();
        JobHandle job = sandbox.add(ExportJob.builder("visits", export().build())
                .startFrom(StartFrom.now())
                .deliverTo(lakeside)
                .build());

        job.runNow();

        assertThat(lines("visits-1.csv")).hasSize(4);
    }

    @Test
    void should_know_what_was_delivered_after_the_history_was_forgotten() {
        putThree();
        JobHandle job = sandbox.add(ExportJob.builder("visits", export().build())
                .holdIf((staged, previous) ->
                        staged.number() == 3 ? Optional.of("the test wants it") : Optional.empty())
                .deliverTo(lakeside)
                .build());
        job.runNow();
        job.runNow();
        change();
        sandbox.advance(Duration.ofDays(200));

        ExportRun held = job.runNow(); // the history is forgotten then, and what was delivered is not
        sandbox.engine().run(held.number()).discard();
        sandbox.advance(Duration.ofDays(1)); // old runs are pruned once a day
        job.runNow();

        assertThat(held.status()).isEqualTo(RunStatus.HELD);
        assertThat(lines("visits-3.csv")).containsExactly("change,id,note", "C,2,\"b, changed\"", "D,3,", "A,10,new");
        assertThat(Runs.newest(sandbox.engine(), job, 10))
                .extracting(ExportRun::number)
                .doesNotContain(1L);
    }

    @Test
    void should_send_a_test_record_as_added() {
        putThree();
        JobHandle job = add(export().build());
        job.runNow();

        job.sendTestRecord("visits", "2");
        job.runNow();

        assertThat(lines("test-2-visits-2.csv")).containsExactly("change,id,note", "A,2,b");
        assertThat(lines("visits-2.csv")).containsExactly("change,id,note");
    }

    @Test
    void should_refuse_to_read_changes_again() {
        putThree();
        JobHandle job = add(export().build());
        ExportRun run = job.runNow();

        String message =
                "export 'visits' delivers changes, which can't be read again: redeliver() sends the same bytes, and"
                        + " after resetPosition(...) all rows are delivered as added (job=visits)";
        assertThatThrownBy(() -> sandbox.engine().run(run.number()).reExport())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        Position position = job.position("visits").orElseThrow();
        assertThatThrownBy(() -> job.backfill("visits", position, position))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThat(Runs.newest(sandbox.engine(), job, 10)).hasSize(1);
    }

    @Test
    void should_say_so_when_what_was_delivered_is_lost_or_damaged() throws IOException {
        try (ExportEngine engine = engine(directory)) {
            putThree();
            JobHandle job = engine.add(ExportJob.builder("visits", export().build())
                    .deliverTo(lakeside)
                    .build());
            long number = job.runNow().number();
            Path file = directory.resolve("spool/" + number + "/.visits.delivered");
            byte[] good = Files.readAllBytes(file);

            for (int cut = 0; cut < good.length; cut += 3) {
                Files.write(file, Arrays.copyOf(good, cut));
                assertLost(job, file, "it is damaged");
            }
            for (int i = 0; i < good.length; i += 2) {
                byte[] bad = good.clone();
                bad[i] ^= 0x04;
                Files.write(file, bad);
                assertLost(job, file, "");
            }
            Files.delete(file);
            assertLost(job, file, "it is not there");
            assertThat(lakeside.arrivals()).hasSize(1);

            Files.write(file, good);
            job.runNow();
            assertThat(lines("visits-2.csv")).containsExactly("change,id,note");
        }
    }

    private static void assertLost(JobHandle job, Path file, String why) {
        assertThatThrownBy(job::runNow)
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("what was delivered can't be read from " + file + ": " + why)
                .hasMessageContaining(
                        "; put the file back, or call resetPosition(definition, watermark.beginning(), reason)"
                                + " to deliver all rows as added");
    }

    private static ExportEngine engine(Path home) {
        return ExportEngine.builder()
                .directory(home)
                .store(new InMemoryStore())
                .retryPolicy(RetryPolicy.none())
                .renameLooks(Duration.ZERO)
                .scheduler(new ManualScheduler(SettableClock.at(Instant.parse("2026-03-02T12:00:00Z"))))
                .build();
    }

    @Test
    void should_keep_no_more_than_keys_of_what_was_delivered() throws IOException {
        try (ExportEngine engine = engine(directory)) {
            put(1, "a secret");
            JobHandle job = engine.add(ExportJob.builder("visits", export().build())
                    .deliverTo(lakeside)
                    .build());
            long number = job.runNow().number();

            assertThat(Files.readString(
                            directory.resolve("spool/" + number + "/.visits.delivered"), StandardCharsets.ISO_8859_1))
                    .doesNotContain("secret");
            try (Stream<Path> kept = Files.list(directory.resolve("spool/" + number))) {
                assertThat(kept)
                        .extracting(path -> path.getFileName().toString())
                        .containsExactlyInAnyOrder("visits-1.csv", ".visits.delivered");
            }
        }
    }

    @Test
    void should_ask_for_a_reset_when_keys_or_key_columns_change() {
        putThree();
        add(export().build()).runNow();

        assertThatThrownBy(
                        () -> add(export().recordKey(visit -> "" + visit.id()).build())
                                .runNow())
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "the keys of export 'visits' were numbers, and are now texts: let recordKey give what it gave"
                                + " before, or call resetPosition(\"visits\", watermark.beginning(), reason) to"
                                + " deliver all rows as added");
        assertThatThrownBy(() -> add(export().changes(ChangeDetection.keyedBy("note"))
                                .build())
                        .runNow())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("it was written for the key columns [id], and they are now [note]");
    }

    @Test
    void should_refuse_what_does_not_fit() {
        assertThatThrownBy(() -> export().watermark(Watermark.timestamp(Visit::updatedAt, Duration.ZERO))
                        .changes(ChangeDetection.keyedBy("ID", "id", "id").column("note", "A", "A", " "))
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "export 'visits' has 5 problems: changes compares all records with all that were delivered: use"
                                + " Watermark.fullSnapshot(); changes is keyed by 'ID', which is no field: choose of"
                                + " [id, note]; changes is keyed by 'id' twice; the column of changes is named 'note'"
                                + " like a field: choose another header; the codes of changes are [A, A,  ]: choose"
                                + " three that differ and are not blank");
        assertThatThrownBy(ChangeDetection::keyedBy)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name the fields by which the receiver finds a row:"
                        + " ChangeDetection.keyedBy(\"student_id\")");
    }
}
