package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.incident.NoticeRecord;
import io.outfeed.store.ExportStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept of incidents. */
abstract class StoreIncidentsContract extends StoreFixture {

    private static final Instant TEN = Instant.parse("2026-03-01T10:00:00.123456Z");

    private static final IncidentScope SERVER = new IncidentScope(Kind.SERVER, STRANGE);

    @Test
    void should_be_none_at_first() {
        assertThat(store.incidents(IncidentQuery.all())).isEmpty();
        assertThat(store.unsettledIncidents()).isEmpty();
    }

    @Test
    void should_keep_all_of_an_incident() throws Exception {
        IncidentRecord first = record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1);
        Incident was = first.incident();
        Incident changed = new Incident(
                was.id(),
                SERVER,
                was.code(),
                Incident.Step.PUBLISH,
                STRANGE,
                was.openedAt(),
                TEN.plusSeconds(1),
                17,
                IntStream.range(0, Incident.MAX_JOBS).mapToObj(i -> "job-" + i).toList(),
                true,
                Optional.of(TEN.plusSeconds(2)),
                Optional.of(TEN.plusSeconds(3)),
                Optional.of(new IncidentEnd(TEN.plusSeconds(4), IncidentEnd.How.ACKNOWLEDGED, STRANGE, 3)));
        IncidentRecord second = new IncidentRecord(
                changed,
                2,
                Optional.of("job-7"),
                true,
                5,
                Optional.of(TEN.plusSeconds(5)),
                Map.of(
                        "operators",
                        new NoticeRecord(Optional.of(TEN), Optional.of(TEN.plusSeconds(6)), Optional.empty()),
                        "chat",
                        new NoticeRecord(Optional.empty(), Optional.empty(), Optional.of(TEN.plusSeconds(7)))),
                true);

        assertThat(store.replaceIncident(Optional.empty(), first)).isTrue();
        assertThat(store.incidents(IncidentQuery.all())).containsExactly(first);
        assertThat(store.replaceIncident(Optional.of(first), second)).isTrue();
        assertThat(store.incidents(IncidentQuery.all())).containsExactly(second);
        restart();
        assertThat(store.incidents(IncidentQuery.all())).containsExactly(second);
    }

    @Test
    void should_have_one_of_a_key_open() {
        IncidentRecord first = record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1);
        store.replaceIncident(Optional.empty(), first);

        assertThat(store.replaceIncident(
                        Optional.empty(), record("b", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1)))
                .isFalse();
        assertThat(store.replaceIncident(Optional.empty(), record("c", SERVER, FailureCode.IDENTITY_REFUSED, TEN, 1)))
                .isTrue();
        assertThat(store.replaceIncident(
                        Optional.empty(),
                        record(
                                "d",
                                new IncidentScope(Kind.LOGIN, STRANGE),
                                first.incident().code(),
                                TEN,
                                1)))
                .isTrue();
        assertThat(ids(store.unsettledIncidents())).containsExactly("a", "c", "d");

        IncidentRecord ended = ended(first, 2, TEN.plusSeconds(9), false);
        assertThat(store.replaceIncident(Optional.of(first), ended)).isTrue();
        assertThat(store.replaceIncident(
                        Optional.empty(), record("b", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1)))
                .isTrue();
        assertThat(store.replaceIncident(
                        Optional.of(ended), record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 3)))
                .describedAs("opened again while another one is open")
                .isFalse();
    }

    @Test
    void should_open_an_ended_one_again() {
        IncidentRecord first = record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1);
        IncidentRecord ended = ended(first, 2, TEN.plusSeconds(9), true);
        IncidentRecord again = record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 3);
        store.replaceIncident(Optional.empty(), first);
        store.replaceIncident(Optional.of(first), ended);
        assertThat(store.unsettledIncidents()).isEmpty();

        assertThat(store.replaceIncident(Optional.of(ended), again)).isTrue();

        assertThat(store.unsettledIncidents()).containsExactly(again);
        assertThat(store.incidents(IncidentQuery.open())).containsExactly(again);
        assertThat(store.replaceIncident(
                        Optional.empty(), record("b", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1)))
                .isFalse();
    }

    @Test
    void should_replace_only_the_expected_version() {
        IncidentRecord first = record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1);
        IncidentRecord second = record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 2);
        assertThat(store.replaceIncident(Optional.of(first), second))
                .describedAs("unknown")
                .isFalse();
        store.replaceIncident(Optional.empty(), first);

        assertThat(store.replaceIncident(Optional.empty(), record("a", SERVER, FailureCode.DISK_FULL, TEN, 1)))
                .describedAs("added twice")
                .isFalse();
        assertThat(store.replaceIncident(Optional.of(first), second)).isTrue();
        assertThat(store.replaceIncident(Optional.of(first), record("a", SERVER, FailureCode.DISK_FULL, TEN, 2)))
                .isFalse();
        assertThat(store.incidents(IncidentQuery.all())).containsExactly(second);
    }

    @Test
    void should_be_opened_by_one_of_many_nodes() throws Exception {
        ExportStore other = secondNode();
        for (int round = 0; round < 10; round++) {
            IncidentScope scope = new IncidentScope(Kind.DESTINATION, "lakeside-" + round);
            List<Callable<Boolean>> openings = new ArrayList<>();
            for (int node = 0; node < 4; node++) {
                ExportStore at = node % 2 == 0 ? store : other;
                IncidentRecord opened =
                        record("r" + round + "n" + node, scope, FailureCode.DESTINATION_MISSING, TEN, 1);
                openings.add(() -> at.replaceIncident(Optional.empty(), opened));
            }
            assertThat(AtOnce.run(openings)).containsOnlyOnce(true);
        }
        assertThat(store.unsettledIncidents()).hasSize(10);
    }

    @Test
    void should_be_listed_by_conditions() {
        IncidentRecord a = record("a", SERVER, FailureCode.DESTINATION_UNAVAILABLE, TEN, 1);
        IncidentRecord b =
                record("b", new IncidentScope(Kind.JOB, "visits"), FailureCode.RUN_HELD, TEN.plusSeconds(1), 1);
        IncidentRecord c =
                record("c", new IncidentScope(Kind.JOB, "donors"), FailureCode.RUN_HELD, TEN.plusSeconds(2), 1);
        for (IncidentRecord record : List.of(a, b, c)) {
            store.replaceIncident(Optional.empty(), record);
        }
        IncidentRecord ended = ended(a, 2, TEN.plusSeconds(60), false);
        store.replaceIncident(Optional.of(a), ended);

        assertThat(ids(store.incidents(IncidentQuery.all()))).containsExactly("c", "b", "a");
        assertThat(ids(store.incidents(IncidentQuery.all().limit(2)))).containsExactly("c", "b");
        assertThat(ids(store.incidents(IncidentQuery.open()))).containsExactly("c", "b");
        assertThat(ids(store.incidents(IncidentQuery.all().endedSince(TEN.plusSeconds(60)))))
                .containsExactly("c", "b", "a");
        assertThat(ids(store.incidents(IncidentQuery.all().endedSince(TEN.plusSeconds(61)))))
                .containsExactly("c", "b");
        assertThat(ids(store.incidents(IncidentQuery.all().scope(SERVER)))).containsExactly("a");
        assertThat(ids(store.incidents(
                        IncidentQuery.all().code(FailureCode.RUN_HELD).limit(1))))
                .containsExactly("c");
        assertThat(ids(store.incidents(IncidentQuery.all().job("job-of-b")))).containsExactly("b");
        assertThat(ids(store.unsettledIncidents())).containsExactly("a", "b", "c");
    }

    @Test
    void should_be_pruned_when_they_are_settled() {
        for (String id : List.of("open", "unsettled", "young", "old")) {
            IncidentRecord first = record(id, new IncidentScope(Kind.JOB, id), FailureCode.MAPPING_FAILED, TEN, 1);
            store.replaceIncident(Optional.empty(), first);
            if (!id.equals("open")) {
                Instant end = id.equals("old") ? TEN.plusSeconds(59) : TEN.plusSeconds(60);
                store.replaceIncident(Optional.of(first), ended(first, 2, end, !id.equals("unsettled")));
            }
        }

        store.pruneIncidents(TEN.plusSeconds(60));
        assertThat(ids(store.incidents(IncidentQuery.all()))).containsExactlyInAnyOrder("open", "unsettled", "young");
        store.pruneIncidents(TEN.plus(Duration.ofDays(400)));
        assertThat(ids(store.incidents(IncidentQuery.all()))).containsExactlyInAnyOrder("open", "unsettled");
    }

    private static IncidentRecord record(
            String id, IncidentScope scope, FailureCode code, Instant openedAt, long version) {
        Incident incident = new Incident(
                id,
                scope,
                code,
                Incident.Step.CONNECT,
                "can't be reached",
                openedAt,
                openedAt,
                version,
                List.of("job-of-" + id),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new IncidentRecord(incident, version, Optional.empty(), false, 0, Optional.empty(), Map.of(), false);
    }

    private static IncidentRecord ended(IncidentRecord before, long version, Instant at, boolean settled) {
        Incident was = before.incident();
        Incident ended = new Incident(
                was.id(),
                was.scope(),
                was.code(),
                was.step(),
                was.message(),
                was.openedAt(),
                was.lastSignAt(),
                was.signs(),
                was.jobs(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new IncidentEnd(at, IncidentEnd.How.RECOVERED, "", 0)));
        return new IncidentRecord(ended, version, Optional.empty(), false, 0, Optional.empty(), Map.of(), settled);
    }

    private static List<String> ids(List<IncidentRecord> records) {
        return records.stream().map(record -> record.incident().id()).toList();
    }
}
