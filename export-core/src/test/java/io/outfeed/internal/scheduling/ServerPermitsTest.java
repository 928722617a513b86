package io.outfeed.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.internal.scheduling.ServerPermits.Permit;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServerPermitsTest {

    private final ServerPermits permits = new ServerPermits(2);
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
        return permits.tryTake(job(name, servers), woken::add).orElseThrow();
    }

    private void assertWaits(String name, String... servers) {
        assertThat(permits.tryTake(job(name, servers), woken::add)).isEmpty();
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
}
