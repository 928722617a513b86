package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {

    @TempDir
    Path directory;

    @Test
    void should_deliver_a_file() throws IOException {
        Path outbox = Files.createDirectory(directory.resolve("outbox"));
        Instant updatedAt = Instant.parse("2026-03-01T12:00:00Z");
        Interaction visit = new Interaction(
                "I-1", "C-7", Interaction.Kind.VISIT, LocalDate.of(2026, 3, 1), "campus", " Tour, lunch ", updatedAt);

        try (ExportEngine engine =
                QuickStart.start((from, until) -> Stream.of(visit), directory.resolve("outfeed"), outbox)) {
            assertThat(engine.job("interactions-lakeside").nextFire()).isPresent();
            engine.job("interactions-lakeside").runNow();
        }

        assertThat(outbox.resolve("interactions-1.csv"))
                .content()
                .isEqualTo("interaction_id,kind,note\r\nI-1,V,\"Tour, lunch\"\r\n");
    }

    @Test
    void should_be_what_the_guide_shows() throws IOException {
        assertThat(Readme.code("docs/guide/first-export.md", "## An export of what changed"))
                .isEqualTo(Readme.region("QuickStart.java", "quick-start"));
    }
}
