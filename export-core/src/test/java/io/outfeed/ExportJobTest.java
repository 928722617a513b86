package io.outfeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.delivery.DeliveredFileWatch;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.IfVanished;
import io.outfeed.delivery.Protection;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.field.FieldMapping;
import io.outfeed.file.FileName;
import io.outfeed.file.FileNames;
import io.outfeed.file.FileSpec;
import io.outfeed.file.PlainCopies;
import io.outfeed.file.transform.Gzip;
import io.outfeed.layout.Layout;
import io.outfeed.schedule.Schedule;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportJobTest {

    private static final Schedule DAILY = Schedule.daily(LocalTime.of(7, 0), ZoneOffset.UTC);
    private static final Delivery OUT = DirectoryDelivery.to("out", Path.of("/srv/out"));

    static ExportDefinition<String> definition(String name, String fileName) {
        return definition(name, f -> f.name(fileName));
    }

    private static ExportDefinition<String> definition(String name, Consumer<FileSpec.Builder> file) {
        return ExportDefinition.builder(name, String.class)
                .source(RecordSource.ofCollection(window -> List.of()))
                .recordKey(text -> text)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("text", text -> text))
                .file(file)
                .build();
    }

    /** A delivery of a host, which does not check its id. */
    private record UncheckedDelivery(String id) implements Delivery {
        @Override
        public DeliverySession open() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void should_hold_what_was_set() {
        ExportDefinition<String> rows = definition("rows", "rows-{parameter.tenant}.csv");
        ExportDefinition<String> terms = definition("terms", "terms.csv");

        ExportJob job = ExportJob.builder("rows-lakeside", rows)
                .definition(terms)
                .schedule(DAILY)
                .deliverTo(OUT)
                .parameter("tenant", "lakeside")
                .watch(DeliveredFileWatch.every(Duration.ofMinutes(5)).recopies(2))
                .retention(Duration.ofDays(90))
                .build();

        assertThat(job.watch())
                .contains(DeliveredFileWatch.every(Duration.ofMinutes(5)).recopies(2));
        assertThat(job.retention()).contains(Duration.ofDays(90));
        assertThat(job.name()).isEqualTo("rows-lakeside");
        assertThat(job.definitions()).isEqualTo(List.of(rows, terms));
        assertThat(job.schedule()).contains(DAILY);
        assertThat(job.deliveries()).containsExactly(OUT);
        assertThat(job.parameters().asMap()).isEqualTo(Map.of("tenant", "lakeside"));
        assertThat(job.parameters()).hasToString("[tenant]");
        assertThat(job).hasToString("job 'rows-lakeside'");
    }

    @Test
    void should_run_only_when_asked_and_keep_its_files_by_default() {
        ExportJob job =
                ExportJob.builder("rows", definition("rows", "rows.csv")).build();

        assertThat(job.schedule()).isEmpty();
        assertThat(job.deliveries()).isEmpty();
        assertThat(job.watch()).isEmpty();
        assertThat(job.retention()).isEmpty();
        assertThat(job.parameters().asMap()).isEmpty();
    }

    @Test
    void should_maintain_only_files_that_were_delivered() {
        assertThatThrownBy(() -> ExportJob.builder("rows", definition("rows", "rows.csv"))
                        .watch(DeliveredFileWatch.everyTenMinutes())
                        .retention(Duration.ZERO)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "job 'rows' has 3 problems: retention must be more than zero, not PT0S; watch is set, but the"
                                + " job delivers nowhere; retention is set, but the job delivers nowhere");
    }

    @Test
    void should_watch_every_ten_minutes_and_copy_once_by_default() {
        assertThat(DeliveredFileWatch.everyTenMinutes())
                .isEqualTo(new DeliveredFileWatch(Duration.ofMinutes(10), 1, List.of()));
        assertThatThrownBy(() -> DeliveredFileWatch.every(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interval must be one second or more, not PT0.999S");
        assertThatThrownBy(() -> DeliveredFileWatch.everyTenMinutes().recopies(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("recopies must be zero or more, not -1");
    }

    @Test
    void should_report_all_problems_at_once() {
        assertThatThrownBy(() -> ExportJob.builder("a b", definition("rows", "{parameter.tenant}.csv"))
                        .definition(definition("ROWS", "rows.csv"))
                        .deliverTo(OUT, DirectoryDelivery.to("OUT", Path.of("/srv/out2")), new UncheckedDelivery("a/b"))
                        .parameter("term", "fall")
                        .parameter("term", "spring")
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "the name is no safe file name: only letters A-Z and a-z, digits, '.', '_'"
                                                + " and '-' are allowed",
                                        "definition 'ROWS' appears twice",
                                        "parameter 'tenant' is missing: the file name of definition 'rows' uses it",
                                        "delivery 'OUT' appears twice",
                                        "the id of delivery 'a/b' is no safe name: only letters A-Z and a-z, digits,"
                                                + " '.', '_' and '-' are allowed",
                                        "parameter 'term' appears twice"))
                .hasMessageStartingWith("job 'a b' has 6 problems: the name is no safe file name");
    }

    /** A sensitive column. */
    private record Secret(String name) implements FieldMapping<Object> {
        @Override
        public boolean sensitive() {
            return true;
        }

        @Override
        public Object valueOf(Object record) {
            return "";
        }
    }

    private static ExportDefinition<String> sensitive(String name, String... headers) {
        return blank(name)
                .fields(f -> {
                    f.field("text", text -> text);
                    for (String header : headers) {
                        f.mapping(new Secret(header));
                    }
                })
                .build();
    }

    private static ExportDefinition.Builder<String> blank(String name) {
        return ExportDefinition.builder(name, String.class)
                .source(RecordSource.ofCollection(window -> List.of()))
                .recordKey(text -> text)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("text", text -> text))
                .file(f -> f.name(name + ".csv"));
    }

    /** Its destination keeps names of any script. */
    private record UnicodeDelivery(String id) implements Delivery {
        @Override
        public FileNames fileNames() {
            return FileNames.UNICODE;
        }

        @Override
        public DeliverySession open() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void should_deliver_names_of_any_script_where_all_deliveries_keep_them() {
        ExportDefinition<String> rows = definition("rows", f -> f.name(FileName.unicode("R\u00e4ume.csv")));
        ExportDefinition<String> terms = definition("terms", "terms.csv");
        ExportJob.Builder job = ExportJob.builder("rows", rows)
                .definition(terms)
                .controlFiles(c -> c.manifest(FileName.unicode("\u00dcbersicht {run}.json")))
                .deliverTo(new UnicodeDelivery("sftp"));

        assertThat(job.build().deliveries()).hasSize(1);
        assertThat(ExportJob.builder("terms", terms)
                        .deliverTo(new UncheckedDelivery("ftp"))
                        .build()
                        .deliveries())
                .hasSize(1);
        assertThatThrownBy(() -> job.deliverTo(new UncheckedDelivery("ftp"))
                        .copyTo(new UncheckedDelivery("copy"))
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems()).containsExactly(portableOnly("ftp"), portableOnly("copy")));
    }

    private static String portableOnly(String delivery) {
        return "delivery '" + delivery + "' takes portable names only, and file.name 'R\u00e4ume.csv' of definition"
                + " 'rows', manifest '\u00dcbersicht {run}.json' may have letters of any script and blanks: use"
                + " FileName.of(\"...\"), or deliver by SFTP, by mail, or to a directory in a locale that has these"
                + " letters, such as LC_ALL=C.UTF-8";
    }

    @Test
    void should_send_sensitive_fields_by_a_protected_delivery_only() {
        Delivery safe = DirectoryDelivery.builder("safe", Path.of("/srv/safe"))
                .protection(Protection.PROTECTED)
                .build();

        assertThatThrownBy(() -> ExportJob.builder("people", sensitive("people", "ssn", "born"))
                        .definition(definition("terms", "terms.csv"))
                        .definition(sensitive("staff", "iban"))
                        .deliverTo(safe, OUT)
                        .copyTo(new UncheckedDelivery("archive"))
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "fields 'ssn', 'born'" + plain("people", "out", "fields"),
                                        "fields 'ssn', 'born'" + plain("people", "archive", "fields"),
                                        "field 'iban'" + plain("staff", "out", "field"),
                                        "field 'iban'" + plain("staff", "archive", "field")));

        assertThat(ExportJob.builder("people", sensitive("people", "ssn"))
                        .deliverTo(safe)
                        .build()
                        .deliveries())
                .containsExactly(safe);
        assertThat(ExportJob.builder("people", sensitive("people", "ssn"))
                        .build()
                        .deliveries())
                .isEmpty();
        assertThat(ExportJob.builder("terms", definition("terms", "terms.csv"))
                        .deliverTo(OUT)
                        .build()
                        .deliveries())
                .containsExactly(OUT);
    }

    private static String plain(String definition, String delivery, String fields) {
        return " of definition '" + definition + "' may leave only encrypted or by a protected delivery, and"
                + " delivery '" + delivery + "' is plain: encrypt the files, such as by transforms(PgpEncryption...) of"
                + " export-pgp; or deliver by SFTP; or leave the " + fields
                + " out; or mask or hash the value and remove the"
                + " mark SENSITIVE; or, if you know that the delivery is protected, let the delivery's protection() say"
                + " so";
    }

    @ParameterizedTest
    @CsvSource({
        "a.csv,                  A.csv,                  'a.csv'",
        "x-{sequence}.csv,       x-{sequence}.csv,       'x-{sequence}.csv'",
        "x-{fire:yyyyMMdd}.csv,  x-{fire:yyyyMMdd}.csv,  'x-{fire:yyyyMMdd}.csv'",
        "x-{run}.csv,            x-{run}.csv,            'x-{run}.csv'"
    })
    void should_refuse_definitions_whose_files_have_one_name(String first, String second, String name) {
        assertThatThrownBy(() -> ExportJob.builder("both", definition("terms", first))
                        .definition(definition("grades", second))
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .asString()
                                .isEqualToIgnoringCase("definitions 'terms' and 'grades' have the same file name '"
                                        + name + "': give each its own, or use {definition}"));
    }

    @ParameterizedTest
    @CsvSource({"a.csv, b.csv", "{definition}.csv, {definition}.csv", "{sequence}.csv, x-{sequence}.csv"})
    void should_take_definitions_whose_files_have_names_of_their_own(String first, String second) {
        assertThat(ExportJob.builder("both", definition("terms", first))
                        .definition(definition("grades", second))
                        .build()
                        .definitions())
                .hasSize(2);
    }

    @Test
    void should_get_the_defaults_of_declared_parameters() {
        ExportDefinition<String> grades = blank("grades")
                .parameter("tenant")
                .parameter("term", "current")
                .file(f -> f.name("grades-{parameter.term}.csv"))
                .build();

        assertThat(ExportJob.builder("grades", grades)
                        .definition(blank("terms").parameter("term", "current").build())
                        .parameter("tenant", "lakeside")
                        .build()
                        .parameters()
                        .asMap())
                .isEqualTo(Map.of("tenant", "lakeside", "term", "current"));
        assertThat(ExportJob.builder("grades", grades)
                        .parameter("tenant", "lakeside")
                        .parameter("term", "fall")
                        .build()
                        .parameters()
                        .get("term"))
                .isEqualTo("fall");
    }

    @Test
    void should_need_every_parameter_without_a_default_and_know_no_others() {
        ExportDefinition<String> grades =
                blank("grades").parameter("term").parameter("level", "all").build();
        ExportDefinition<String> terms = blank("terms")
                .parameter("level", "senior")
                .parameter("term", "current")
                .file(f -> f.name("terms-{parameter.site}.csv"))
                .build();

        assertThatThrownBy(() -> ExportJob.builder("grades", grades)
                        .definition(terms)
                        .parameter("trem", "fall")
                        .parameter("site", "north")
                        .build())
                .isInstanceOfSatisfying(
                        InvalidDefinitionException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "parameter 'term' is missing: definition 'grades' needs it, add"
                                                + " .parameter(\"term\", ...)",
                                        "parameter 'level' has another default in definition 'terms' than in one"
                                                + " before it: add .parameter(\"level\", ...)",
                                        "parameter 'trem' is not declared, only [level, term]: correct its name, or"
                                                + " declare it in a definition"));
        assertThat(ExportJob.builder("grades", grades)
                        .definition(terms)
                        .parameter("level", "all")
                        .parameter("term", "fall")
                        .parameter("site", "north")
                        .build()
                        .parameters())
                .hasToString("[level, site, term]");
    }

    @Test
    void should_take_any_parameter_when_none_is_declared() {
        assertThat(ExportJob.builder("rows", definition("rows", "rows.csv"))
                        .parameter("anything", "x")
                        .build()
                        .parameters())
                .hasToString("[anything]");
    }

    @Test
    void should_refuse_a_schedule_for_what_is_not_schedulable() {
        ExportDefinition<String> full =
                blank("full").schedulable(Schedulable.NO).build();

        assertThatThrownBy(() -> ExportJob.builder("rows", definition("rows", "rows.csv"))
                        .definition(full)
                        .schedule(DAILY)
                        .build())
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'rows' has 1 problem: definition 'full' is not schedulable: remove the schedule, and"
                        + " start the job with runNow()");
        assertThat(ExportJob.builder("full", full).build().definitions()).containsExactly(full);
    }

    @Test
    void should_not_change_with_its_builder() {
        ExportJob.Builder builder = ExportJob.builder("rows", definition("rows", "rows.csv"));
        ExportJob job = builder.build();

        builder.definition(definition("terms", "terms.csv"))
                .schedule(DAILY)
                .deliverTo(OUT)
                .parameter("tenant", "lakeside");

        assertThat(job.definitions()).hasSize(1);
        assertThat(job.schedule()).isEmpty();
        assertThat(job.deliveries()).isEmpty();
        assertThat(job.parameters().asMap()).isEmpty();
    }

    @Test
    void should_name_the_parameters_it_has_when_one_is_missing() {
        ExportJob job = ExportJob.builder("rows", definition("rows", "rows.csv"))
                .parameter("tenant", "a secret")
                .build();

        assertThatThrownBy(() -> job.parameters().get("term"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parameter 'term' is missing; the job has [tenant]: add .parameter(\"term\", ...) to it");
    }

    @Test
    @SuppressWarnings("NullAway")
    void should_refuse_null_at_once() {
        ExportDefinition<String> rows = definition("rows", "rows.csv");
        assertThatThrownBy(() -> ExportJob.builder("rows", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("definition");
        assertThatThrownBy(() -> ExportJob.builder("rows", rows).schedule(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("schedule");
        assertThatThrownBy(() -> ExportJob.builder("rows", rows).deliverTo(OUT, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("delivery");
        assertThatThrownBy(() -> ExportJob.builder("rows", rows).parameter("tenant", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("value");
    }

    private static ExportJob everything() {
        ExportDefinition<String> chosen = ExportDefinition.builder("terms", String.class)
                .source(RecordSource.of(window -> Stream.empty()))
                .recordKey(row -> row)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("value", row -> row))
                .file(f -> f.name("terms.csv"))
                .choices(c -> {})
                .build();
        return ExportJob.builder("rows-lakeside", definition("rows", "rows-{parameter.tenant}.csv"))
                .definition(chosen)
                .layout("terms", Layout.builder().column("value").build())
                .description("for the registrar")
                .schedule(DAILY)
                .deliverTo(OUT)
                .copyTo(DirectoryDelivery.to("copy", Path.of("/srv/copy")))
                .startFrom(StartFrom.now())
                .parameter("tenant", "lakeside")
                .holdIf(RunGuard.moreRowsThan(1_000))
                .watch(DeliveredFileWatch.everyTenMinutes())
                .retention(Duration.ofDays(90))
                .expectDeliveredBy(LocalTime.of(8, 0), ZoneOffset.UTC)
                .expectDeliveredWithin(Duration.ofHours(2))
                .disabled("not agreed yet")
                .pauseAfterFailures(3)
                .schedulePolicy(p -> p.misfires(MisfirePolicy.skip())
                        .overlaps(OverlapPolicy.SKIP)
                        .priority(7)
                        .jitter(Duration.ofMinutes(5)))
                .maxDuration(Duration.ofHours(2))
                .retryFor(Duration.ofHours(3))
                .ifVanished(IfVanished.SEND_AGAIN)
                .deliverBetween(LocalTime.of(6, 0), LocalTime.of(8, 0), ZoneOffset.UTC)
                .archive("{job}-{sequence}.zip")
                .transforms(Gzip.defaults())
                .plainCopies(PlainCopies.KEEP)
                .controlFiles(c -> c.manifest("{job}-{sequence}.manifest.json").doneFile("{file}.done"))
                .build();
    }

    @Test
    void should_be_the_same_in_a_copy_that_nothing_was_changed_in() throws ReflectiveOperationException {
        ExportJob job = everything();

        ExportJob same = job.toBuilder().build();
        ExportJob copy = job.toBuilder("rows-riverside", StartFrom.beginning()).build();

        ExportJob.Options defaults = new ExportJob.Options();
        for (Field field : ExportJob.Options.class.getDeclaredFields()) {
            if (field.getName().equals("definitions")) {
                continue; // each job makes them of what is declared, and of its layouts
            }
            Object value = field.get(options(job));
            assertThat(value)
                    .as("set above, or this test sees nothing: %s", field.getName())
                    .isNotNull()
                    .isNotEqualTo(field.get(defaults));
            assertThat(field.get(options(same))).as(field.getName()).isEqualTo(value);
            if (!field.getName().equals("startFrom")) {
                assertThat(field.get(options(copy))).as(field.getName()).isEqualTo(value);
            }
        }
        assertThat(same.name()).isEqualTo(job.name());
        assertThat(same.parameters().asMap()).isEqualTo(job.parameters().asMap());
        assertThat(copy.name()).isEqualTo("rows-riverside");
        assertThat(copy.startFrom()).isEqualTo(StartFrom.beginning());
    }

    private static Object options(ExportJob job) throws ReflectiveOperationException {
        Field options = ExportJob.class.getDeclaredField("options");
        options.setAccessible(true);
        return options.get(job);
    }

    @Test
    void should_replace_what_is_changed_in_a_copy() {
        Delivery other = DirectoryDelivery.to("other", Path.of("/srv/other"));
        RunGuard guard = RunGuard.moreRowsThan(5);

        ExportJob changed = everything().toBuilder()
                .definition(definition("other", "other-{parameter.tenant}.csv"))
                .definition(definition("more", "more.csv"))
                .deliverTo(other)
                .copyTo()
                .parameter("tenant", "riverside")
                .holdIf(guard)
                .enabled()
                .build();

        assertThat(changed.definitions()).extracting(ExportDefinition::name).containsExactly("other", "more");
        assertThat(changed.deliveries()).containsExactly(other);
        assertThat(changed.copies()).isEmpty();
        assertThat(changed.parameters().get("tenant")).isEqualTo("riverside");
        assertThat(changed.guards()).containsExactly(guard);
        assertThat(changed.disabled()).isEmpty();
    }

    @Test
    void should_keep_the_other_parameters_of_a_copy() {
        ExportJob changed = everything().toBuilder().parameter("term", "spring").build();

        assertThat(changed.parameters().asMap())
                .containsEntry("tenant", "lakeside")
                .containsEntry("term", "spring");
    }

    @Test
    void should_change_nothing_of_the_job_that_was_copied() {
        ExportJob job = everything();

        job.toBuilder()
                .definition(definition("other", "other-{parameter.tenant}.csv"))
                .deliverTo(DirectoryDelivery.to("other", Path.of("/srv/other")))
                .parameter("tenant", "riverside")
                .description("other")
                .build();

        assertThat(job.definitions()).hasSize(2);
        assertThat(job.deliveries()).containsExactly(OUT);
        assertThat(job.parameters().get("tenant")).isEqualTo("lakeside");
        assertThat(job.description()).isEqualTo("for the registrar");
    }

    @Test
    void should_refuse_what_is_set_twice_in_a_copy() {
        ExportJob.Builder copy = everything().toBuilder()
                .deliverTo(OUT)
                .deliverTo(OUT)
                .parameter("tenant", "riverside")
                .parameter("tenant", "hillside");

        assertThatThrownBy(copy::build)
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'rows-lakeside' has 2 problems: delivery 'out' appears twice; parameter 'tenant'"
                        + " appears twice");
    }

    @Test
    void should_pause_after_one_failure_or_more() {
        assertThatThrownBy(() -> everything().toBuilder().pauseAfterFailures(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pauseAfterFailures must be one or more, not 0");
    }
}
