package io.outfeed.internal.incident;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.event.DeliveryLinks;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import io.outfeed.internal.event.Listeners;
import io.outfeed.internal.ledger.JobStates;
import io.outfeed.source.RecordSource;
import io.outfeed.store.ExportStore;
import io.outfeed.store.JobState;
import io.outfeed.watermark.Watermark;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A store whose reads do not see what keeps its writes from fitting: a thread must not ask it for ever. */
class RefusedWritesTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-02T12:00:00Z"), ZoneOffset.UTC);

    private static final String ADVICE =
            " as if others had just changed it: check that all nodes use one store, and that"
                    + " it reads what it has written (no delayed replica, no stale cache); it is tried again later";

    private final ExportStore store = mock(ExportStore.class);
    private final Listeners listeners = new Listeners(List.of(), Runnable::run, DeliveryLinks.NONE);

    @Test
    void should_give_up_to_report_an_incident() {
        when(store.unsettledIncidents()).thenReturn(List.of());
        when(store.incidents(any())).thenReturn(List.of());
        Incidents incidents = new Incidents(store, CLOCK, listeners);
        Sign sign = new Sign(
                new IncidentScope(IncidentScope.Kind.JOB, "visits"),
                FailureCode.RUN_HELD,
                Step.RUN,
                "it is held",
                "visits");

        assertThatThrownBy(() -> incidents.report(sign, Optional.empty()))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store has refused 1000 times in a row to write the incident RUN_HELD" + ADVICE);
        verify(store, times(1_000)).replaceIncident(any(), any());
    }

    @Test
    void should_give_up_to_change_the_state_of_a_job() {
        when(store.jobState("visits")).thenReturn(JobState.NONE);
        JobStates states = new JobStates(store, CLOCK, listeners, name -> Optional.empty());
        ExportJob job = ExportJob.builder(
                        "visits",
                        ExportDefinition.builder("visits", String.class)
                                .source(RecordSource.of(window -> Stream.empty()))
                                .recordKey(row -> row)
                                .watermark(Watermark.fullSnapshot())
                                .fields(f -> f.field("row", row -> row))
                                .file(f -> f.name("visits.csv"))
                                .build())
                .build();

        assertThatThrownBy(() -> states.pause(job, "maintenance"))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store has refused 1000 times in a row to write the state of job 'visits'" + ADVICE);
    }
}
