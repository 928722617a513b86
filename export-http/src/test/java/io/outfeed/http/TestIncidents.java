package io.outfeed.http;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Incidents that began at noon, and digests of them twelve minutes later. */
final class TestIncidents {

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private TestIncidents() {}

    static Incident server(int jobs) {
        return incident(
                Kind.SERVER,
                "sftp.lakeside.example:22",
                "can't connect to sftp.lakeside.example:22",
                IntStream.rangeClosed(1, jobs).mapToObj(i -> "visits-" + i).toList(),
                Optional.of(NOON.plusSeconds(3600)),
                Optional.empty());
    }

    static Incident over() {
        return incident(
                Kind.SERVER,
                "sftp.lakeside.example:22",
                "can't connect to sftp.lakeside.example:22",
                List.of("visits-1", "visits-2"),
                Optional.empty(),
                Optional.of(new IncidentEnd(
                        NOON.plus(Duration.ofHours(14)), IncidentEnd.How.ACKNOWLEDGED, "it's \"back\"", 1)));
    }

    static Incident awkward() {
        return incident(
                Kind.JOB,
                "<!channel> & \"Söhne\"\n\u202e",
                "<b>1 & 2</b> \\ \u2028\u0000\ud83d\ude80",
                List.of("<!channel> & \"Söhne\""),
                Optional.empty(),
                Optional.empty());
    }

    static Incident incident(
            Kind kind,
            String name,
            String message,
            List<String> jobs,
            Optional<Instant> nextTryAt,
            Optional<IncidentEnd> end) {
        return new Incident(
                "i1",
                new IncidentScope(kind, name),
                FailureCode.DESTINATION_UNAVAILABLE,
                Incident.Step.CONNECT,
                message,
                NOON,
                NOON.plusSeconds(600),
                7,
                jobs,
                false,
                nextTryAt,
                Optional.empty(),
                end);
    }

    static Digest digest() {
        return digest(new Notice(Notice.Kind.OPENED, server(2)));
    }

    static Digest digest(Notice... notices) {
        return new Digest("d1", NOON.plus(Duration.ofMinutes(12)), List.of(notices));
    }
}
