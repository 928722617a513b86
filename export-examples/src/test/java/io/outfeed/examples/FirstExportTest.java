package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import io.outfeed.directory.DirectoryDelivery;
import io.outfeed.examples.FirstExport.Visit;
import io.outfeed.source.RecordSource;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstExportTest {

    @TempDir
    Path directory;

    @Test
    void should_be_what_the_readme_shows() throws IOException {
        String source = Files.readString(Path.of("src/test/java/io/outfeed/examples/FirstExport.java"));

        assertThat(Readme.code("## The first export")).isEqualTo(source.substring(source.indexOf("import ")));
    }

    @Test
    void should_deliver_the_file_that_the_readme_shows() throws IOException {
        Path outbox = Files.createDirectory(directory.resolve("outbox"));
        RecordSource<Visit> visits = RecordSource.between(
                (from, until) -> Stream.of(new Visit("I-1", "Tour, lunch", Instant.parse("2026-03-01T12:00:00Z"))));

        try (ExportEngine engine = FirstExport.start(
                directory.resolve("outfeed"), FirstExport.job(visits, DirectoryDelivery.to("lakeside", outbox)))) {
            engine.job("visits-lakeside").runNow();
        }

        assertThat(Files.readString(outbox.resolve("visits-1.csv")).replace("\r\n", "\n"))
                .isEqualTo(Readme.block("README.md", "## The first export", "text"));
    }

    @Test
    void should_be_the_test_that_the_guide_shows() throws IOException {
        assertThat(Readme.code("docs/guide/first-export.md", "## In a test of the host"))
                .isEqualTo(Readme.region("FirstExportTest.java", "sandbox"));
    }

    // sandbox:begin
    @Test
    void should_send_each_morning_what_has_changed() {
        ListSource<Visit> visits = ListSource.create(Visit::id, Visit::changedAt);
        InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T15:00:00Z"))) {
            sandbox.add(FirstExport.job(visits, lakeside));
            visits.put(new Visit("I-1", "Tour", sandbox.clock().instant()));

            sandbox.advance(Duration.ofDays(2));

            assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("visit_id,note", "I-1,Tour");
            assertThat(lakeside.file("visits-2.csv").lines()).containsExactly("visit_id,note");
        }
    }
    // sandbox:end
}
