package io.outfeed.notification;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Incidents that began at noon. */
final class TestIncidents {

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private TestIncidents() {}

    static Incident open(Kind kind, String name, FailureCode code, int jobs) {
        return new Incident(
                "i1",
                new IncidentScope(kind, name),
                code,
                Incident.Step.CONNECT,
                "it does not work",
                NOON,
                NOON,
                1,
                jobs(jobs),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static Incident server(int jobs) {
        return open(Kind.SERVER, "sftp.lakeside.example:22", FailureCode.DESTINATION_UNAVAILABLE, jobs);
    }

    static Incident ended(Incident open, Duration lasted, IncidentEnd.How how, String reason, int waiting) {
        IncidentEnd end = new IncidentEnd(open.openedAt().plus(lasted), how, reason, waiting);
        return with(open, open.message(), open.signs(), open.moreJobs(), open.nextTryAt(), Optional.of(end));
    }

    static Incident with(
            Incident of,
            String message,
            long signs,
            boolean moreJobs,
            Optional<Instant> nextTryAt,
            Optional<IncidentEnd> end) {
        return new Incident(
                of.id(),
                of.scope(),
                of.code(),
                of.step(),
                message,
                of.openedAt(),
                NOON.plusSeconds(150),
                signs,
                of.jobs(),
                moreJobs,
                nextTryAt,
                of.wellSince(),
                end);
    }

    private static List<String> jobs(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "job-" + i).toList();
    }
}
