package io.outfeed.internal.preview;

import static io.outfeed.field.Transformations.instant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Protection;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.field.FieldKind;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.FieldMark;
import io.outfeed.field.FieldPreview;
import io.outfeed.field.Transformations;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RecordPreview;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.run.Trigger;
import io.outfeed.source.RecordSource;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator does before an export goes live: preview mapped values, and send one record. */
class PreviewTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source()
            .put(Visit.of(1, " call ", "2026-02-01T00:00:00Z"), Visit.of(2, "dinner", "2026-02-02T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Visit> export() {
        return Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .filter(visit -> visit.id() != 2)
                .fields(f -> f.field("id", Visit::id)
                        .matchCodes("kind", visit -> visit.note().strip(), c -> c.code("call", "C"))
                        .field("note", Visit::note, Transformations.strip())
                        .skip("internal_note", "not part of the agreement"));
    }

    private JobHandle add(ExportDefinition<Visit> definition) {
        return sandbox.add(
                ExportJob.builder("visits", definition).deliverTo(lakeside).build());
    }

    @Test
    void should_show_every_field_with_its_kind_and_value_or_problem() {
        JobHandle job = add(export().build());

        List<RecordPreview> previews = job.preview("visits", "2", "9", "1");

        assertThat(previews).extracting(RecordPreview::key).containsExactly("2", "1");
        assertThat(previews).extracting(RecordPreview::passesFilter).containsExactly(false, true);
        assertThat(previews.get(1).fields())
                .containsExactly(
                        mapped("id", FieldKind.DIRECT, "1", "1"),
                        mapped("kind", FieldKind.MATCH_CODES, "call", "C"),
                        mapped("note", FieldKind.TRANSFORMATION, " call ", "call"),
                        new FieldPreview(
                                "internal_note",
                                "internal_note",
                                FieldKind.NOT_MAPPED,
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("not part of the agreement")));
        assertThat(previews.get(0).fields().get(1))
                .isEqualTo(new FieldPreview(
                        "kind",
                        "kind",
                        FieldKind.MATCH_CODES,
                        false,
                        Optional.of("dinner"),
                        Optional.empty(),
                        Optional.of(
                                "can't map field 'kind' (MATCH_CODES) of record '2': its value is none of the 1 that"
                                        + " have a match code: add a code for it, or say what becomes of the others"
                                        + " with ifUnmatched (job=visits, field=kind)")));
        assertThat(previews.toString()).isEqualTo("[preview of record '2', preview of record '1']");
        assertThat(previews.get(1).fields().toString()).doesNotContain("call");
        assertThat(Runs.newest(sandbox.engine(), job, 10)).isEmpty();
        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(job.position("visits")).isEmpty();
    }

    private static FieldPreview mapped(String name, FieldKind kind, String raw, String text) {
        return new FieldPreview(name, name, kind, false, Optional.of(raw), Optional.of(text), Optional.empty());
    }

    @Test
    void should_show_what_the_record_has_before_it_is_mapped() {
        JobHandle job = add(export().fields(f -> f.field("nothing", visit -> null)
                        .field("empty", visit -> "", FieldMark.SENSITIVE)
                        .field("required", visit -> " ", FieldMark.REQUIRED)
                        .field("list", visit -> List.of(1, 2), Transformations.of(List::size))
                        .field("array", visit -> new int[] {1, 2}, Transformations.of(numbers -> numbers.length))
                        .constant("origin", "crm")
                        .blank("room")
                        .mapping(new Unreadable()))
                .build());

        List<FieldPreview> fields = job.preview("visits", "1").get(0).fields();

        assertThat(fields)
                .extracting(FieldPreview::name, FieldPreview::sensitive, FieldPreview::raw, FieldPreview::text)
                .containsExactly(
                        tuple("nothing", false, Optional.empty(), Optional.empty()),
                        tuple("empty", true, Optional.of(""), Optional.of("")),
                        tuple("required", false, Optional.of(" "), Optional.empty()),
                        tuple("list", false, Optional.of("[1, 2]"), Optional.of("2")),
                        tuple("array", false, Optional.of("[1, 2]"), Optional.of("2")),
                        tuple("origin", false, Optional.of("crm"), Optional.of("crm")),
                        tuple("room", false, Optional.empty(), Optional.empty()),
                        tuple("unreadable", false, Optional.empty(), Optional.of("mapped all the same")));
        assertThat(fields)
                .extracting(field -> field.problem().orElse(""))
                .containsExactly(
                        "",
                        "",
                        "can't map field 'required' (DIRECT) of record '1': it is required, and this record's is"
                                + " empty: correct the record, or make the field optional (job=visits, field=required)",
                        "",
                        "",
                        "",
                        "",
                        "what the record has can't be read: java.lang.IllegalStateException (its message is left out,"
                                + " since it may quote the record)");
    }

    /** A mapping of the host's own. */
    private static final class Unreadable implements FieldMapping<Visit> {

        @Override
        public String name() {
            return "unreadable";
        }

        @Override
        public Object valueOf(Visit visit) {
            return "mapped all the same";
        }

        @Override
        public Object rawValueOf(Visit visit) {
            throw new IllegalStateException("quotes " + visit.note());
        }
    }

    @Test
    void should_send_no_sensitive_field_by_an_unprotected_delivery_not_even_as_a_test() {
        ExportDefinition<Visit> secret = export().fields(f -> f.field("ssn", Visit::note, FieldMark.SENSITIVE))
                .build();

        assertThatThrownBy(() -> sandbox.add(ExportJob.builder("visits", secret)
                        .deliverTo(InMemoryDelivery.create("office").protection(Protection.PLAIN))
                        .build()))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessageStartingWith(
                        "job 'visits' has 1 problem: field 'ssn' of definition 'visits' may leave only encrypted"
                                + " or by a protected delivery, and delivery 'office' is plain: encrypt the files,");
        assertThat(add(secret).sendTestRecord("visits", "2").status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("test-1-visits-1.csv").lines()).containsExactly("ssn", "dinner");
    }

    @Test
    void should_give_the_source_the_defaults_of_parameters() {
        Map<String, String> seen = new HashMap<>();
        ExportDefinition<Visit> visits = export().source(parameters -> {
                    seen.putAll(parameters.asMap());
                    return source.open(parameters);
                })
                .file(f -> f.name("visits-{parameter.term}.csv"))
                .parameter("tenant")
                .parameter("term", "current")
                .build();

        sandbox.add(ExportJob.builder("visits", visits)
                        .parameter("tenant", "lakeside")
                        .deliverTo(lakeside)
                        .build())
                .runNow();

        assertThat(seen).isEqualTo(Map.of("tenant", "lakeside", "term", "current"));
        assertThat(lakeside.file("visits-current.csv").lines()).hasSize(2);
    }

    @Test
    void should_write_the_texts_that_the_definition_gives_types() {
        JobHandle job =
                add(export().valueTexts(v -> v.type(Instant.class, instant("dd/MM/yyyy", ZoneOffset.UTC)::apply))
                        .fields(f -> f.field("id", Visit::id).field("day", Visit::updatedAt))
                        .build());

        job.runNow();

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,day", "1,01/02/2026");
        assertThat(job.preview("visits", "1").get(0).fields().get(1).text()).contains("01/02/2026");
        assertThat(job.preview("visits", "1").get(0).fields().get(1).raw()).contains("2026-02-01T00:00:00Z");
    }

    @Test
    void should_show_the_first_records_when_no_keys_are_given() {
        assertThat(add(export().build()).preview("visits"))
                .extracting(RecordPreview::key)
                .containsExactly("1", "2");
    }

    @Test
    void should_read_until_found_when_the_source_has_no_lookup() {
        RecordSource<Visit> scan = RecordSource.of(window -> Stream.of(
                Visit.of(1, "call", "2026-02-01T00:00:00Z"),
                Visit.of(2, "dinner", "2026-02-02T00:00:00Z"),
                Visit.of(3, "call", "2026-02-03T00:00:00Z")));

        assertThat(add(export().source(scan).build()).preview("visits", "3", "1"))
                .extracting(RecordPreview::key)
                .containsExactly("3", "1");
    }

    @Test
    void should_show_at_most_five() {
        assertThatThrownBy(() -> add(export().build()).preview("visits", "1", "2", "3", "4", "5", "6"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a preview shows at most 5 records, not 6");
    }

    @Test
    void should_send_one_record_by_the_real_deliveries_and_move_nothing() {
        JobHandle job = add(export().build());

        ExportRun test = job.sendTestRecord("visits", "1");

        assertThat(test.trigger()).isEqualTo(Trigger.TEST);
        assertThat(test.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(test.sequence()).isEmpty();
        assertThat(lakeside.file("test-1-visits-1.csv").lines()).containsExactly("id,kind,note", "1,C,call");
        assertThat(job.position("visits")).isEmpty();
        assertThat(job.runNow().sequence()).hasValue(1);
        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,kind,note", "1,C,call");
    }

    @Test
    void should_not_try_a_failed_test_again() {
        JobHandle job = add(export().build());
        lakeside.failNext(Operation.PUBLISH, Failure.REFUSED);

        assertThatThrownBy(() -> job.sendTestRecord("visits", "1")).isInstanceOf(DeliveryException.class);
        sandbox.advance(Duration.ofHours(1));

        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        assertThat(Runs.newest(sandbox.engine(), job, 1).get(0).status()).isEqualTo(RunStatus.FAILED);
        assertThat(sandbox.store().unfinishedRuns("visits")).isEmpty();
    }

    @Test
    void should_say_that_there_is_no_such_record() {
        assertThatThrownBy(() -> add(export().build()).sendTestRecord("visits", "9"))
                .isInstanceOf(SourceException.class)
                .hasMessage(
                        "export 'visits' has no record '9': choose the key of one that there is (job=visits, run=1)");
    }

    @Test
    void should_say_when_a_record_can_be_sent_that_is_too_new() {
        Visit tooNew = new Visit(9, "call", sandbox.clock().instant().minusSeconds(30));
        JobHandle job = add(export().source(RecordSource.between((from, until) -> Stream.of(tooNew)
                        .filter(visit -> !visit.updatedAt().isBefore(from)
                                && visit.updatedAt().isBefore(until))))
                .watermark(Watermark.timestamp(Visit::updatedAt, Duration.ofMinutes(2)))
                .build());

        assertThatThrownBy(() -> job.sendTestRecord("visits", "9"))
                .isInstanceOf(SourceException.class)
                .hasMessage("record '9' of export 'visits' is not settled yet: no window includes it now, and it can"
                        + " be sent after 2026-03-02T00:01:30Z (job=visits, run=1)");

        sandbox.advance(Duration.ofMinutes(2));
        assertThat(job.sendTestRecord("visits", "9").rows()).isEqualTo(1);
    }

    @Test
    void should_put_records_into_a_folder_each() {
        JobHandle job = add(export().filter(visit -> true)
                .fields(f -> f.field("id", Visit::id))
                .folderPer(visit -> visit.id() == 1 ? "2025/2026" : "2026-2027")
                .build());

        ExportRun run = job.runNow();

        assertThat(run.files())
                .extracting(file -> file.path())
                .containsExactly("2025-2026/visits-1.csv", "2026-2027/visits-1.csv");
        assertThat(lakeside.file("2025-2026/visits-1.csv").lines()).containsExactly("id", "1");
        assertThat(lakeside.file("2026-2027/visits-1.csv").lines()).containsExactly("id", "2");
    }
}
