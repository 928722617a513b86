package io.outfeed.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.TemporaryNames;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.error.FailureCode;
import io.outfeed.operation.JobCheck.Finding;
import io.outfeed.operation.JobCheck.Subject;
import io.outfeed.run.RunQuery;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.source.Window;
import io.outfeed.support.HookedDelivery;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.InMemoryDelivery.Failure;
import io.outfeed.testing.InMemoryDelivery.Operation;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether everything works, without an export. */
class JobCheckTest {

    @TempDir
    private Path directory;

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source = Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private JobCheck check(ExportJob.Builder job) {
        return sandbox.add(job.build()).check();
    }

    private static Finding ok(Subject subject, String name) {
        return new Finding(subject, name, Optional.empty());
    }

    @Test
    void should_find_nothing_wrong_and_leave_nothing_behind() throws IOException {
        JobCheck check = check(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside, DirectoryDelivery.to("directory", directory))
                .copyTo(InMemoryDelivery.withoutRename("mail")));

        assertThat(check.ok()).isTrue();
        assertThat(check.findings())
                .containsExactly(
                        ok(Subject.SOURCE, "visits"),
                        ok(Subject.FIELDS, "visits"),
                        ok(Subject.FILE_NAME, "visits"),
                        ok(Subject.DESTINATION, "lakeside"),
                        ok(Subject.DESTINATION, "directory"),
                        ok(Subject.DESTINATION, "mail"));
        assertThat(lakeside.arrivals()).isEmpty();
        assertThat(lakeside.temporaryNames()).isEmpty();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
        assertThat(sandbox.engine().runs(RunQuery.ofJob("visits").limit(10)).runs())
                .isEmpty();
        assertThat(sandbox.events()).isEmpty();
        assertThat(sandbox.engine().job("visits").runNow().number()).isEqualTo(1);
    }

    @Test
    void should_tell_how_a_source_is_read() {
        ExportDefinition<Visit> told = Visit.export(source, f -> f.name("visits-{sequence}.csv"))
                .source(parameters -> new SourceSession<>() {
                    @Override
                    public Stream<Visit> read(Window window) {
                        return Stream.of(Visit.of(1, "a", "2026-02-01T00:00:00Z"));
                    }

                    @Override
                    public Optional<String> transport() {
                        return Optional.of("read by hand");
                    }
                })
                .build();

        JobCheck check = check(ExportJob.builder("visits", told).deliverTo(lakeside));

        assertThat(check.ok()).isTrue();
        assertThat(check.findings().get(0)).hasToString("SOURCE visits: ok (read by hand)");
    }

    @Test
    void should_use_names_with_the_prefix_of_temporary_ones() {
        List<String> published = new ArrayList<>();
        Delivery delivery = DirectoryDelivery.builder("directory", directory)
                .temporaryNames(TemporaryNames.prefixed("tmp_").inDirectory("incoming"))
                .build();

        JobCheck check = check(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(new HookedDelivery(
                        delivery, HookedDelivery.Point.AFTER_PUBLISH, () -> published.addAll(names(directory)))));

        assertThat(check.ok()).isTrue();
        assertThat(published).hasSize(2).contains("incoming").anyMatch(name -> name.startsWith("tmp_outfeed-check-"));
        assertThat(names(directory)).containsExactly("incoming");
        assertThat(names(directory.resolve("incoming"))).isEmpty();
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void should_report_all_that_is_wrong_together() {
        lakeside.failNext(Operation.OPEN, Failure.REFUSED_FOR_GOOD);
        InMemoryDelivery full = InMemoryDelivery.create("full").failNext(Operation.PREPARE, Failure.REFUSED);
        Path missing = directory.resolve("missing");
        ExportDefinition<Visit> unmapped = Visit.export(source, f -> f.name("unmapped.csv"))
                .fields(f -> f.field("note", visit -> {
                    throw new IllegalStateException("secret of " + visit.note());
                }))
                .build();
        ExportDefinition<String> broken = ExportDefinition.builder("broken", String.class)
                .source(RecordSource.of(window -> Stream.of("a")))
                .recordKey(text -> text)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("text", text -> text))
                .file(f -> f.name("broken.csv"))
                .build();

        JobCheck check = check(ExportJob.builder("visits", unmapped)
                .definition(broken)
                .deliverTo(lakeside, full, DirectoryDelivery.to("directory", missing)));

        assertThat(check.ok()).isFalse();
        assertThat(check.problems())
                .extracting(finding -> finding.subject() + " " + finding.name())
                .containsExactly("FIELDS visits", "DESTINATION lakeside", "DESTINATION full", "DESTINATION directory");
        assertThat(check.problems())
                .extracting(finding -> finding.problem().orElseThrow().code())
                .containsExactly(
                        FailureCode.MAPPING_FAILED,
                        FailureCode.DESTINATION_REFUSED,
                        FailureCode.DESTINATION_UNAVAILABLE,
                        FailureCode.DESTINATION_MISSING);
        assertThat(check.problems())
                .allSatisfy(finding ->
                        assertThat(finding.toString()).doesNotContain("secret").doesNotContain("ok"));
        assertThat(check.problems().get(3).problem())
                .hasValueSatisfying(problem -> assertThat(problem.message()).contains(missing.toString()));
        assertThat(missing).doesNotExist();
        assertThat(full.temporaryNames()).isEmpty();
    }

    @Test
    void should_report_what_is_wrong_with_a_source_and_check_it_no_further() {
        ExportDefinition<Visit> closed = ExportDefinition.builder("visits", Visit.class)
                .source(parameters -> {
                    throw new IllegalStateException("password=secret");
                })
                .recordKey(Visit::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", Visit::id))
                .file(f -> f.name("visits.csv"))
                .build();

        JobCheck check = check(ExportJob.builder("visits", closed).deliverTo(lakeside));

        assertThat(check.findings()).hasSize(2);
        assertThat(check.problems())
                .extracting(Finding::toString)
                .containsExactly(
                        "SOURCE visits: can't open the source of export 'visits': nothing was published, the next run"
                                + " covers its window (job=visits)");
    }

    @Test
    void should_disturb_no_run_and_check_again_each_time() {
        ExportJob.Builder job =
                ExportJob.builder("visits", Visit.export(source)).deliverTo(lakeside);
        lakeside.removeDirectory();
        assertThat(check(job).ok()).isFalse();

        lakeside.makeDirectory();

        assertThat(sandbox.engine().job("visits").check().problems()).isEmpty();
        assertThat(List.of(sandbox.engine().job("visits").runNow().rows())).containsExactly(1L);
    }
}
