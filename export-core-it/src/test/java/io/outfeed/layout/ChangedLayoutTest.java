package io.outfeed.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.RunGuard;
import io.outfeed.delivery.Protection;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.event.RunEvent;
import io.outfeed.field.FieldMark;
import io.outfeed.field.FieldPreview;
import io.outfeed.file.WhenEmpty;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunStatus;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The layout of a job is edited while it runs every day. */
class ChangedLayoutTest {

    private record Pupil(int id, String name, String grade, Instant updatedAt) {}

    private static final Layout NAMES =
            Layout.builder().column("id").column("name").build();

    private static final Layout RENAMED = Layout.builder()
            .column("name", c -> c.header("Pupil").transform("upperCase"))
            .column("id")
            .column("grade")
            .build();

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T12:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Pupil> source = ListSource.create(Pupil::id, Pupil::updatedAt);

    @AfterEach
    void close() {
        sandbox.close();
    }

    private ExportDefinition.Builder<Pupil> pupils() {
        return ExportDefinition.builder("pupils", Pupil.class)
                .source(source)
                .recordKey(Pupil::id)
                .watermark(Watermark.timestamp(Pupil::updatedAt, Duration.ZERO))
                .fields(f -> f.field("id", Pupil::id, FieldMark.REQUIRED).field("name", Pupil::name))
                .file(f -> f.name("pupils-{sequence}.csv").whenEmpty(WhenEmpty.NO_FILE))
                .choices(c -> c.fields(f -> f.field("grade", Pupil::grade)
                                .field("ssn", pupil -> "123-45-6789", FieldMark.SENSITIVE))
                        .standardTransformations()
                        .standardFormats()
                        .standardTransforms()
                        .filter("grade", Pupil::grade));
    }

    private ExportJob.Builder job(Layout layout) {
        return ExportJob.builder("job", pupils().build()).layout(layout).deliverTo(lakeside);
    }

    private void write(int id, String name, String grade) {
        source.put(new Pupil(id, name, grade, sandbox.clock().instant()));
    }

    private ExportRun runTomorrow(JobHandle job) {
        sandbox.advance(Duration.ofDays(1));
        return job.runNow();
    }

    private List<RunEvent> changes() {
        return sandbox.events(RunEvent.class).stream()
                .filter(event -> event.kind() == RunEvent.Kind.LAYOUT_CHANGED)
                .toList();
    }

    @Test
    void should_keep_positions_and_sequence_and_say_what_has_changed_between_which_runs() {
        JobHandle job = sandbox.add(job(NAMES).build());
        write(1, "Ada", "9");
        ExportRun first = runTomorrow(job);
        write(2, "Grace", "10");
        ExportRun second = runTomorrow(job);
        sandbox.add(job(RENAMED).build());
        write(3, "Edsger", "9");

        ExportRun third = runTomorrow(job);
        write(4, "Barbara", "9");
        ExportRun fourth = runTomorrow(job);

        assertThat(lakeside.file("pupils-2.csv").lines()).containsExactly("id,name", "2,Grace");
        assertThat(lakeside.file("pupils-3.csv").lines()).containsExactly("Pupil,id,grade", "EDSGER,3,9");
        assertThat(lakeside.file("pupils-4.csv").lines()).containsExactly("Pupil,id,grade", "BARBARA,4,9");
        assertThat(third.note())
                .isEqualTo("the layout of 'pupils' differs from that of run " + second.number()
                        + ": the header of column 'name' was 'name' and is 'Pupil', column 'name' is made otherwise,"
                        + " column 'grade' is new, the columns have another order");
        assertThat(first.layouts())
                .singleElement()
                .satisfies(layout -> assertThat(layout.since()).isEqualTo(OptionalLong.empty()));
        assertThat(second.layouts()).isEmpty();
        assertThat(fourth.layouts()).isEmpty();
        assertThat(fourth.note()).isEmpty();
        assertThat(changes()).singleElement().satisfies(event -> {
            assertThat(event.run().number()).isEqualTo(third.number());
            assertThat(event)
                    .hasToString("run 3 of job 'job' has another layout than the run before (" + third.note() + ")");
        });
    }

    @Test
    void should_tell_each_kind_of_change() {
        JobHandle job = sandbox.add(job(NAMES).build());
        write(1, "Ada", "9");
        runTomorrow(job);
        sandbox.add(job(Layout.builder()
                        .column("id")
                        .filter("grade", List.of("9"))
                        .format("csv", Map.of("delimiter", ";"))
                        .transform("gzip", Map.of())
                        .build())
                .build());
        write(2, "Grace", "9");

        assertThat(runTomorrow(job).note())
                .isEqualTo("the layout of 'pupils' differs from that of run 1: column 'name' is gone, the format"
                        + " differs, the name of the file differs, what compresses or encrypts the file differs, the"
                        + " filter differs");
    }

    @Test
    void should_tell_a_change_of_the_definition_too() {
        JobHandle job = sandbox.add(job(Layout.none()).build());
        write(1, "Ada", "9");
        runTomorrow(job);
        sandbox.add(ExportJob.builder(
                        "job",
                        pupils().fields(f -> f.field("id", Pupil::id).field("grade", Pupil::grade))
                                .choices(c -> {})
                                .version("2")
                                .build())
                .deliverTo(lakeside)
                .build());
        write(2, "Grace", "9");

        assertThat(runTomorrow(job).note())
                .isEqualTo("the layout of 'pupils' differs from that of run 1: column 'id' is made otherwise, column"
                        + " 'grade' is new, column 'name' is gone, the version of the definition differs");
    }

    @Test
    void should_compare_with_what_the_receiver_has_got() {
        JobHandle job = sandbox.add(job(NAMES).build());
        write(1, "Ada", "9");
        runTomorrow(job);
        sandbox.add(job(RENAMED).build());
        ExportRun empty = runTomorrow(job);
        write(2, "Grace", "9");

        ExportRun third = runTomorrow(job);

        assertThat(empty.status()).isEqualTo(RunStatus.EMPTY);
        assertThat(empty.layouts()).isEmpty();
        assertThat(third.note()).startsWith("the layout of 'pupils' differs from that of run 2: ");
    }

    @Test
    void should_hold_a_run_with_another_layout_until_a_person_releases_it() {
        JobHandle job = sandbox.add(job(NAMES).holdIf(RunGuard.layoutChanged()).build());
        write(1, "Ada", "9");
        ExportRun first = runTomorrow(job);
        sandbox.add(job(RENAMED).holdIf(RunGuard.layoutChanged()).build());
        write(2, "Grace", "9");

        ExportRun held = runTomorrow(job);
        ExportRun released = sandbox.engine().run(held.number()).release();
        write(3, "Edsger", "9");
        ExportRun next = runTomorrow(job);

        assertThat(first.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(held.status()).isEqualTo(RunStatus.HELD);
        assertThat(held.note()).contains("held, since the layout of 'pupils' differs from that of run 1: ");
        assertThat(released.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(next.status()).isEqualTo(RunStatus.COMMITTED);
    }

    @Test
    void should_forget_a_change_whose_run_was_discarded() {
        JobHandle job = sandbox.add(job(NAMES).holdIf(RunGuard.layoutChanged()).build());
        write(1, "Ada", "9");
        runTomorrow(job);
        sandbox.add(job(RENAMED).holdIf(RunGuard.layoutChanged()).build());
        write(2, "Grace", "9");
        ExportRun held = runTomorrow(job);
        sandbox.engine().run(held.number()).discard();
        sandbox.add(job(NAMES).holdIf(RunGuard.layoutChanged()).build());

        assertThat(runTomorrow(job).status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("pupils-2.csv").lines()).containsExactly("id,name", "2,Grace");
    }

    @Test
    void should_preview_a_layout_that_is_not_saved() {
        JobHandle job = sandbox.add(job(NAMES).build());
        write(1, "Ada", "9");

        List<FieldPreview> fields = job.preview("pupils", RENAMED, "1").get(0).fields();

        assertThat(fields).extracting(FieldPreview::header).containsExactly("Pupil", "id", "grade");
        assertThat(fields.get(0).raw()).contains("Ada");
        assertThat(fields.get(0).text()).contains("ADA");
        assertThat(job.preview("pupils", "1").get(0).fields())
                .extracting(FieldPreview::header)
                .containsExactly("id", "name");
        assertThat(job.job().layout("pupils")).isEqualTo(NAMES);
    }

    @Test
    void should_send_a_test_record_with_a_layout_that_is_not_saved() {
        JobHandle job = sandbox.add(job(NAMES).build());
        write(1, "Ada", "9");
        runTomorrow(job);

        ExportRun test = job.sendTestRecord("pupils", RENAMED, "1");
        write(2, "Grace", "9");
        ExportRun next = runTomorrow(job);

        assertThat(test.status()).isEqualTo(RunStatus.COMMITTED);
        assertThat(lakeside.file("test-2-pupils-2.csv").lines()).containsExactly("Pupil,id,grade", "ADA,1,9");
        assertThat(lakeside.file("pupils-2.csv").lines()).containsExactly("id,name", "2,Grace");
        assertThat(next.layouts()).isEmpty();
    }

    @Test
    void should_refuse_a_layout_that_does_not_fit_before_anything_is_touched() {
        JobHandle job = sandbox.add(job(NAMES).build());

        assertThat(catchThrowableOfType(
                                InvalidDefinitionException.class,
                                () -> job.preview(
                                        "pupils",
                                        Layout.builder().column("nmae").build()))
                        .problems())
                .containsExactly(
                        "layout of definition 'pupils': columns[0].field: there is no field 'nmae': choose one of id,"
                                + " name, grade, ssn",
                        "layout of definition 'pupils': columns: field 'id' is required: add it");
    }

    @Test
    void should_send_a_sensitive_field_that_a_layout_masks_by_protected_deliveries_only() {
        Layout masked = Layout.builder()
                .column("id")
                .column("ssn", c -> c.transform("maskAllButLast", Map.of("last", 4)))
                .build();
        ExportJob.Builder plain = ExportJob.builder("plain", pupils().build())
                .deliverTo(InMemoryDelivery.create("office").protection(Protection.PLAIN))
                .layout(masked);

        assertThat(catchThrowableOfType(InvalidDefinitionException.class, plain::build)
                        .problems())
                .singleElement()
                .asString()
                .startsWith("field 'ssn' of definition 'pupils' may leave only encrypted or by a protected delivery");
    }
}
