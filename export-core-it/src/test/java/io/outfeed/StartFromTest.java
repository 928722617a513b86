package io.outfeed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.error.SourceException;
import io.outfeed.operation.JobHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.source.Position;
import io.outfeed.support.Runs;
import io.outfeed.support.Visit;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.InMemoryDelivery;
import io.outfeed.testing.ListSource;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartFromTest {

    private final ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-02T00:00:00Z"));
    private final InMemoryDelivery lakeside = InMemoryDelivery.create("lakeside");
    private final ListSource<Visit> source =
            Visit.source().put(Visit.of(1, "a", "2026-02-01T00:00:00Z"), Visit.of(2, "b", "2026-02-02T00:00:00Z"));

    @AfterEach
    void close() {
        sandbox.close();
    }

    private JobHandle add(StartFrom startFrom) {
        return sandbox.add(ExportJob.builder("visits", Visit.export(source))
                .deliverTo(lakeside)
                .startFrom(startFrom)
                .build());
    }

    @Test
    void should_leave_out_what_was_there_when_the_job_was_added() {
        JobHandle job = add(StartFrom.now());
        sandbox.advance(Duration.ofDays(1));
        source.put(Visit.of(3, "c", "2026-03-02T10:00:00Z"));

        job.runNow();

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "3,c");
        ExportRun start = Runs.newest(sandbox.engine(), job, 10).get(1);
        assertThat(start.trigger()).isEqualTo(Trigger.POSITION_RESET);
        assertThat(start.note()).isEqualTo("the job starts from now");
    }

    @Test
    void should_start_only_once() {
        add(StartFrom.now());
        sandbox.advance(Duration.ofDays(1));
        source.put(Visit.of(3, "c", "2026-03-02T10:00:00Z"));
        sandbox.restart();

        sandbox.engine().job("visits").runNow();

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "3,c");
    }

    @Test
    void should_start_at_a_position() {
        add(StartFrom.at(Position.of(Instant.parse("2026-02-02T00:00:00Z")))).runNow();

        assertThat(lakeside.file("visits-1.csv").lines()).containsExactly("id,note", "2,b");
    }

    @Test
    void should_refuse_a_position_of_another_kind() {
        assertThatThrownBy(() -> add(StartFrom.at(Position.of(7))))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage(
                        "job 'visits' has 1 problem: startFrom has a position of kind 'sequence', and the watermark of"
                                + " definition 'visits' is of kind 'timestamp': give one such as"
                                + " timestamp:0001-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-02-02", "2026-02-02 00:00:00", "yesterday", ""})
    void should_refuse_a_position_that_the_watermark_cannot_read(String text) {
        assertThatThrownBy(() -> add(StartFrom.at(new Position(Position.TIMESTAMP, text))))
                .isInstanceOf(InvalidDefinitionException.class)
                .hasMessage("job 'visits' has 1 problem: startFrom has the position timestamp:" + text
                        + ", which the watermark of definition 'visits' can't read: give one such as"
                        + " timestamp:0001-01-01T00:00:00Z");
    }

    @Test
    void should_not_add_a_job_whose_start_is_not_known() {
        ExportJob job = ExportJob.builder(
                        "visits",
                        Visit.export(source, f -> f.name("visits.csv"))
                                .source(parameters -> {
                                    throw new ConnectException("Connection refused");
                                })
                                .build())
                .startFrom(StartFrom.now())
                .build();

        assertThatThrownBy(() -> sandbox.add(job)).isInstanceOf(SourceException.class);
        assertThatThrownBy(() -> sandbox.engine().job("visits")).isInstanceOf(NoSuchJobException.class);
    }
}
