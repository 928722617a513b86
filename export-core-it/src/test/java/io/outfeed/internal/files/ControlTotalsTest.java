package io.outfeed.internal.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ChangeDetection;
import io.outfeed.ControlFiles;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.MappingException;
import io.outfeed.field.FieldPreview;
import io.outfeed.file.FileSpec;
import io.outfeed.file.StagedFile;
import io.outfeed.format.ColumnType;
import io.outfeed.format.CsvFormat;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows and sums in trailers, manifests and the ledger. */
class ControlTotalsTest {

    private record Gift(int id, @Nullable Object amount) {}

    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private static ExportDefinition.Builder<Gift> gifts(Consumer<FileSpec.Builder> file, Gift... gifts) {
        return ExportDefinition.builder("gifts", Gift.class)
                .source(ListSource.create(Gift::id, gift -> Instant.EPOCH).put(gifts))
                .recordKey(Gift::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Gift::id).field("amount", Gift::amount))
                .file(file);
    }

    private JobHandle add(ExportDefinition<Gift> definition) {
        return sandbox.add(ExportJob.builder("gifts", definition)
                .deliverTo(lakeside)
                .controlFiles(ControlFiles.builder().manifest("gifts.json").build())
                .build());
    }

    @Test
    void should_add_up_each_file() {
        CsvFormat trailer =
                CsvFormat.builder().trailer("T", "{rows}", "{sum.amount}").build();
        JobHandle job = add(gifts(
                        f -> f.name("gifts-{part}.csv")
                                .format(trailer)
                                .sums("id")
                                .splitAfterRows(2),
                        new Gift(1, new BigDecimal("0.10")),
                        new Gift(2, 0.2),
                        new Gift(3, null))
                .build());

        ExportRun run = job.runNow();

        assertThat(lakeside.file("gifts-1.csv").text()).isEqualTo("id,amount\r\n1,0.10\r\n2,0.2\r\nT,2,0.30\r\n");
        assertThat(lakeside.file("gifts-2.csv").text()).isEqualTo("id,amount\r\n3,\r\nT,1,0\r\n");
        assertThat(run.files().get(0).sums())
                .containsExactly(Map.entry("id", new BigDecimal("3")), Map.entry("amount", new BigDecimal("0.30")));
        assertThat(sandbox.engine().run(run.number()).run().files()).isEqualTo(run.files());
        assertThat(lakeside.file("gifts.json").text())
                .contains("\"sums\": {\"id\": \"3\", \"amount\": \"0.30\"}")
                .contains("\"sums\": {\"id\": \"3\", \"amount\": \"0\"}");
    }

    @Test
    void should_not_show_the_sum_of_one_record_in_a_text() {
        JobHandle job = add(gifts(f -> f.name("gifts.csv").sums("amount"), new Gift(1, 987654))
                .build());

        StagedFile file = job.runNow().files().get(0);

        assertThat(file.sums()).containsEntry("amount", new BigDecimal("987654"));
        assertThat(file.toString())
                .isEqualTo("DATA file gifts.csv (definition=gifts, rows=1, bytes=" + file.bytes() + ", sha256="
                        + file.sha256() + ")");
    }

    @Test
    void should_reject_what_is_no_number() {
        JobHandle job = add(gifts(f -> f.name("gifts.csv").sums("amount"), new Gift(1, 1), new Gift(2, "a lot"))
                .build());
        String problem =
                "can't write field 'amount' of record '2': the field is added up, and its value is of type TEXT:"
                        + " correct the record, or let the field give numbers";

        assertThatThrownBy(job::runNow)
                .isInstanceOf(MappingException.class)
                .hasMessageStartingWith(problem)
                .message()
                .doesNotContain("a lot");
        assertThat(job.preview("gifts", "2").get(0).fields())
                .extracting(FieldPreview::problem)
                .last()
                .satisfies(shown -> assertThat(shown.orElseThrow()).startsWith(problem));
    }

    @Test
    void should_add_up_rows_of_changes() {
        CsvFormat trailer =
                CsvFormat.builder().trailer("", "{rows}", "{sum.amount}").build();
        JobHandle job = add(gifts(f -> f.name("gifts.csv").format(trailer), new Gift(1, 5), new Gift(2, 6))
                .changes(ChangeDetection.keyedBy("id"))
                .build());

        job.runNow();

        assertThat(lakeside.file("gifts.csv").text()).isEqualTo("change,id,amount\r\nA,1,5\r\nA,2,6\r\n,2,11\r\n");
    }

    @Test
    void should_refuse_what_has_no_sum() {
        assertThatThrownBy(() -> gifts(f -> f.name("gifts.csv")
                                .sums("id", "note", "amount")
                                .format(CsvFormat.builder().trailer("{sum.fee}").build()))
                        .fields(f -> f.field("id", Gift::id)
                                .field("amount", gift -> "")
                                .type("amount", ColumnType.text()))
                        .changes(ChangeDetection.keyedBy("id").threeFiles())
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "file.sums has 'note', which is no field",
                                        "file.sums has field 'amount', which is declared as TEXT: numbers have sums",
                                        "file.sums has 'fee', which is no field",
                                        "file.format writes the sums of [fee], which a file of removed rows does not"
                                                + " have: use a column of changes instead of three files"));
        assertThatThrownBy(
                        () -> FileSpec.builder().name("a.csv").sums("id", "id").build())
                .hasMessage("file has 1 problem: sums names a field twice: [id, id]");
    }
}
