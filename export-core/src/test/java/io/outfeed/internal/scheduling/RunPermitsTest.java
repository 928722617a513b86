package io.outfeed.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.SchedulePolicy;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.internal.run.RunLimits;
import io.outfeed.internal.scheduling.RunPermits.Permit;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunPermitsTest {

    private static final Instant FIRE = Instant.parse("2026-03-01T06:00:00Z");

    private final RunPermits permits = new RunPermits(new RunLimits(2, OptionalInt.empty(), Map.of(), 1), true);
    private final List<String> woken = new ArrayList<>();

    private record At(String id, String server) implements Delivery {
        @Override
        public DeliverySession open() {
            throw new UnsupportedOperationException();
        }
    }

    private static ExportJob job(String name, String... servers) {
        ExportDefinition<String> lines = ExportDefinition.builder("lines", String.class)
                .source(RecordSource.of(window -> Stream.empty()))
                .recordKey(line -> line)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("line", line -> line))
                .file(f -> f.name("{job}.csv"))
                .build();
        ExportJob.Builder job = ExportJob.builder(name, lines);
        for (String server : servers) {
            job.deliverTo(new At(name + "-" + server, server));
        }
        return job.build();
    }

    private Permit take(String name, String... servers) {
        return permits.tryTake(job(name, servers), FIRE, woken::add).orElseThrow();
    }

    private void assertWaits(String name, String... servers) {
        assertThat(permits.tryTake(job(name, servers), FIRE, woken::add)).isEmpty();
    }

    @Test
    void should_limit_the_runs_at_one_server_only() {
        take("a", "slow");
        take("b", "slow");

        assertWaits("c", "slow");
        take("d", "other");
        take("e");
    }

    @Test
    void should_call_the_jobs_in_the_order_in_which_they_came() {
        Permit a = take("a", "slow");
        Permit b = take("b", "slow");
        assertWaits("c", "slow");
        assertWaits("d", "slow");
        assertWaits("e", "slow");
        assertWaits("c", "slow"); // keeps its place

        a.close();
        assertThat(woken).containsExactly("c");
        assertThat(permits.isCalled("c")).isTrue();
        assertThat(permits.isCalled("d")).isFalse();
        b.close();
        assertThat(woken).containsExactly("c", "d");
        take("c", "slow").close();
        assertThat(woken).containsExactly("c", "d", "e");
        assertThat(permits.isCalled("c")).isFalse();
    }

    @Test
    void should_need_room_at_each_server_and_hold_none_while_it_waits() {
        take("a", "slow");
        Permit b = take("b", "slow");
        assertWaits("both", "slow", "other");
        Permit c = take("c", "other");
        Permit d = take("d", "other");

        b.close();
        assertThat(woken).isEmpty();
        d.close();
        assertThat(woken).containsExactly("both");
        take("both", "slow", "other");
        assertWaits("e", "other");
        c.close();
        assertThat(woken).containsExactly("both", "e");
    }

    @Test
    void should_call_the_next_one_when_a_called_job_has_nothing_to_run() {
        Permit a = take("a", "slow");
        take("b", "slow");
        assertWaits("c", "slow");
        assertWaits("d", "slow");
        a.close();

        permits.leave("c", woken::add);

        assertThat(woken).containsExactly("c", "d");
        permits.leave("unknown", woken::add);
        assertThat(woken).hasSize(2);
    }

    @Test
    void should_count_requests_beyond_the_limit() {
        Permit a = take("a", "slow");
        Permit b = take("b", "slow");
        Permit request = permits.take(job("request", "slow"), woken::add);
        assertWaits("c", "slow");

        a.close();
        assertThat(woken).isEmpty();
        request.close();
        assertThat(woken).containsExactly("c");
        b.close();
        take("c", "slow");
        take("d", "slow");
    }

    @Test
    void should_keep_the_permits_of_called_jobs_from_those_behind_them() {
        Permit a = take("a", "slow");
        Permit b = take("b", "slow");
        assertWaits("c", "slow");
        assertWaits("d", "slow");
        a.close();
        b.close();

        assertThat(woken).containsExactly("c", "d");
        take("c", "slow").close();
        assertThat(woken).containsExactly("c", "d");
    }

    private static ExportJob job(String name, String tenant, int priority) {
        ExportDefinition<String> lines = ExportDefinition.builder("lines", String.class)
                .source(RecordSource.of(window -> Stream.empty()))
                .recordKey(line -> line)
                .watermark(Watermark.fullSnapshot())
                .parameter("tenant")
                .fields(f -> f.field("line", line -> line))
                .file(f -> f.name("{job}.csv"))
                .build();
        return ExportJob.builder(name, lines)
                .parameter("tenant", tenant)
                .schedulePolicy(SchedulePolicy.builder().priority(priority).build())
                .build();
    }

    private static RunPermits permits(OptionalInt perDefinition, Map<String, Integer> perParameter, boolean keeps) {
        return new RunPermits(new RunLimits(2, perDefinition, perParameter, 1), keeps);
    }

    @Test
    void should_limit_the_runs_of_a_definition() {
        RunPermits limited = permits(OptionalInt.of(1), Map.of(), true);
        Permit first = limited.tryTake(job("a", "x", 0), FIRE, woken::add).orElseThrow();

        assertThat(limited.tryTake(job("b", "y", 0), FIRE, woken::add)).isEmpty();

        first.close();
        assertThat(woken).containsExactly("b");
    }

    @Test
    void should_limit_the_runs_of_each_value_of_a_parameter() {
        RunPermits limited = permits(OptionalInt.empty(), Map.of("tenant", 1, "unknown", 1), true);
        Permit first = limited.tryTake(job("a", "x", 0), FIRE, woken::add).orElseThrow();

        assertThat(limited.tryTake(job("b", "x", 0), FIRE, woken::add)).isEmpty();
        assertThat(limited.tryTake(job("c", "y", 0), FIRE, woken::add)).isPresent();

        first.close();
        assertThat(woken).containsExactly("b");
    }

    @Test
    void should_call_by_fire_times_and_then_by_priorities() {
        RunPermits limited = permits(OptionalInt.of(1), Map.of(), true);
        Permit running =
                limited.tryTake(job("running", "x", 0), FIRE, woken::add).orElseThrow();
        for (ExportJob later : List.of(job("low", "x", -1), job("high", "x", 1), job("same", "x", 1))) {
            assertThat(limited.tryTake(later, FIRE.plusSeconds(60), woken::add)).isEmpty();
        }
        assertThat(limited.tryTake(job("early", "x", -9), FIRE, woken::add)).isEmpty();

        for (String next : List.of("early", "high", "same", "low")) {
            running.close();
            assertThat(woken).last().isEqualTo(next);
            Instant fire = next.equals("early") ? FIRE : FIRE.plusSeconds(60);
            int priority = next.equals("early") ? -9 : next.equals("low") ? -1 : 1;
            assertThat(limited.tryTake(job("new", "x", 0), FIRE.plusSeconds(90), woken::add))
                    .as("a job that comes later is behind %s", next)
                    .isEmpty();
            running =
                    limited.tryTake(job(next, "x", priority), fire, woken::add).orElseThrow();
        }
        running.close();
        assertThat(woken).containsExactly("early", "high", "same", "low", "new");
    }

    @Test
    void should_keep_no_permit_for_a_job_that_another_node_may_be_woken_for() {
        RunPermits shared = permits(OptionalInt.of(1), Map.of(), false);
        Permit first = shared.tryTake(job("a", "x", 0), FIRE, woken::add).orElseThrow();
        assertThat(shared.tryTake(job("b", "x", 0), FIRE, woken::add)).isEmpty();
        assertThat(shared.tryTake(job("c", "x", 0), FIRE, woken::add)).isEmpty();
        first.close();
        assertThat(woken).containsExactly("b"); // and runs on another node

        shared.tryTake(job("d", "x", 0), FIRE, woken::add).orElseThrow().close();

        assertThat(woken).containsExactly("b", "c");
    }
}
