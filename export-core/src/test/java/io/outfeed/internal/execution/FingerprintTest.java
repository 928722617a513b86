package io.outfeed.internal.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.outfeed.ChangeDetection;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.field.FieldMark;
import io.outfeed.file.FileName;
import io.outfeed.file.FileSpec;
import io.outfeed.file.IfExists;
import io.outfeed.file.WhenEmpty;
import io.outfeed.file.transform.Gzip;
import io.outfeed.file.transform.Zip;
import io.outfeed.format.CsvFormat;
import io.outfeed.layout.Layout;
import io.outfeed.source.Parameters;
import io.outfeed.source.RecordSource;
import io.outfeed.source.SourceSession;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FingerprintTest {

    private static final Watermark<Instant> SNAPSHOT = Watermark.fullSnapshot();

    /** A source with a text of its own. */
    private record DescribedSource(String fingerprint) implements RecordSource<Instant> {
        @Override
        public SourceSession<Instant> open(Parameters parameters) {
            throw new UnsupportedOperationException();
        }
    }

    private record DescribedDelivery(String id, String fingerprint) implements Delivery {
        @Override
        public DeliverySession open() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Protection protection() {
            return Protection.PROTECTED;
        }
    }

    private static ExportDefinition.Builder<Instant> definition() {
        return ExportDefinition.builder("times", Instant.class)
                .source(new DescribedSource("select"))
                .recordKey(time -> time)
                .watermark(Watermark.timestamp(time -> time, Duration.ofMinutes(1)))
                .fields(f -> f.field("time", time -> time))
                .parameter("tenant", "lakeside")
                .file(FingerprintTest::file);
    }

    private static ExportJob.Builder job(ExportDefinition.Builder<Instant> definition) {
        return ExportJob.builder("times", definition.build()).deliverTo(new DescribedDelivery("out", "host"));
    }

    static Stream<Arguments> definitions() {
        return Stream.of(
                changed("version", d -> d.version("2")),
                changed("text of the source", d -> d.source(new DescribedSource("select distinct"))),
                changed("kind of watermark", d -> d.watermark(SNAPSHOT)),
                changed("lookback", d -> d.lookback(Duration.ofHours(1))),
                changed("latest version of each key", d -> d.latestPerKey()),
                changed("header", d -> d.fields(f -> f.field("at", time -> time))),
                changed("mark", d -> d.fields(f -> f.field("time", time -> time, FieldMark.SENSITIVE))),
                changed("fixed text", d -> d.fields(f -> f.constant("time", "now"))),
                changed(
                        "one more field",
                        d -> d.fields(f -> f.field("time", t -> t).field("again", t -> t))),
                changedFile("file name", f -> f.name("all-times-{part}.csv")),
                changedFile("empty files", f -> f.whenEmpty(WhenEmpty.NO_FILE)),
                changedFile("existing files", f -> f.ifExists(IfExists.REPLACE)),
                changedFile("transforms", f -> f.name("times-{part}.csv.gz").transforms(Gzip.defaults())),
                changedFile("rows of a file", f -> f.splitAfterRows(10)),
                changedFile("bytes of a file", f -> f.splitAfterBytes(10_000)),
                changedFile(
                        "format",
                        f -> f.format(CsvFormat.builder().delimiter(';').build())));
    }

    private static FileSpec.Builder file(FileSpec.Builder file) {
        return file.name("times-{part}.csv").splitAfterRows(100).splitAfterBytes(1_000_000);
    }

    private static Arguments changedFile(String what, Consumer<FileSpec.Builder> change) {
        return changed(what, d -> d.file(f -> change.accept(file(f))));
    }

    private static Arguments changed(String what, UnaryOperator<ExportDefinition.Builder<Instant>> change) {
        return arguments(what, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("definitions")
    void should_differ_when_the_definition_declares_something_else(
            String what, UnaryOperator<ExportDefinition.Builder<Instant>> change) {
        assertThat(Fingerprint.of(job(change.apply(definition())).build()))
                .isNotEqualTo(Fingerprint.of(job(definition()).build()));
    }

    @Test
    void should_differ_when_the_job_declares_something_else() {
        List<ExportJob> jobs = new ArrayList<>();
        jobs.add(job(definition()).build());
        jobs.add(job(definition()).parameter("tenant", "riverside").build());
        jobs.add(ExportJob.builder("times", definition().build())
                .deliverTo(new DescribedDelivery("out", "another host"))
                .build());
        jobs.add(job(definition())
                .deliverTo(new DescribedDelivery("more", "more"))
                .build());
        jobs.add(job(definition()).archive("times.zip").build());
        for (ZoneId zone : List.of(ZoneOffset.UTC, ZoneId.of("Asia/Tokyo"))) {
            FileName name = FileName.of("times-{fire}.json").zone(zone);
            jobs.add(job(definition()).controlFiles(c -> c.manifest(name)).build());
            jobs.add(job(definition().file(f -> f.name(name))).build());
        }
        jobs.add(job(definition()).transforms(Gzip.defaults()).build());
        jobs.add(job(definition()).transforms(Gzip.level(9)).build());
        jobs.add(job(definition()).transforms(Zip.level(9)).build());
        jobs.add(job(definition()).controlFiles(c -> c.manifest("times.json")).build());
        jobs.add(job(definition()).controlFiles(c -> c.doneFile("{file}.done")).build());
        jobs.add(job(definition())
                .controlFiles(c -> c.checksumFile("{file}.sha256"))
                .build());
        jobs.add(job(definition())
                .controlFiles(c -> c.dataPackage("datapackage.json"))
                .build());
        jobs.add(job(definition())
                .definition(ExportDefinition.builder("more", Instant.class)
                        .source(new DescribedSource("select"))
                        .recordKey(time -> time)
                        .watermark(SNAPSHOT)
                        .fields(f -> f.field("time", time -> time))
                        .file(f -> f.name("more.csv"))
                        .build())
                .build());

        assertThat(jobs).extracting(Fingerprint::of).doesNotHaveDuplicates();
    }

    @Test
    void should_differ_when_a_layout_has_other_arguments() {
        List<ExportJob> jobs = new ArrayList<>();
        for (int length : new int[] {4, 5}) {
            jobs.add(job(definition().choices(c -> c.standardTransformations()))
                    .layout(Layout.builder()
                            .column("time", c -> c.transform("maxLength", Map.of("length", length)))
                            .build())
                    .build());
        }

        assertThat(jobs).extracting(Fingerprint::of).doesNotHaveDuplicates();
    }

    @Test
    void should_differ_when_changes_are_detected_by_another_key() {
        ExportDefinition.Builder<Instant> both = definition()
                .watermark(SNAPSHOT)
                .fields(f -> f.field("time", time -> time).field("again", time -> time));

        String all = Fingerprint.of(job(both).build());
        String byTime = Fingerprint.of(
                job(both.changes(ChangeDetection.keyedBy("time"))).build());
        String byAgain = Fingerprint.of(
                job(both.changes(ChangeDetection.keyedBy("again"))).build());

        assertThat(List.of(all, byTime, byAgain)).doesNotHaveDuplicates();
    }

    @Test
    void should_tell_texts_apart_that_are_the_same_when_joined() {
        ExportDefinition.Builder<Instant> one = definition().version("1").source(new DescribedSource("2source 3"));
        ExportDefinition.Builder<Instant> other =
                definition().version("1source 2").source(new DescribedSource("3"));

        assertThat(Fingerprint.of(job(one).build()))
                .isNotEqualTo(Fingerprint.of(job(other).build()));
    }

    @Test
    void should_be_the_same_for_other_lambdas_and_for_what_does_not_change_files() {
        ExportJob other = job(definition()
                        .fields(f -> f.field("time", time -> time.plusSeconds(1)))
                        .filter(time -> time.isAfter(Instant.EPOCH)))
                .retention(Duration.ofDays(9))
                .description("the times")
                .retryFor(Duration.ofDays(3))
                .build();

        assertThat(Fingerprint.of(other))
                .isEqualTo(Fingerprint.of(job(definition()).build()));
    }
}
