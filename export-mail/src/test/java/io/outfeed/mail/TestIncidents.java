package io.outfeed.mail;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentScope;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Incidents that began at noon, and digests of them. */
final class TestIncidents {

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private TestIncidents() {}

    static Incident incident(IncidentScope.Kind kind, String name, FailureCode code, String message, String... jobs) {
        return new Incident(
                "i1",
                new IncidentScope(kind, name),
                code,
                Incident.Step.CONNECT,
                message,
                NOON,
                NOON,
                1,
                List.of(jobs),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A server that can't be reached, for 400 jobs that one tries again for. */
    static Incident server() {
        Incident of = incident(
                IncidentScope.Kind.SERVER,
                "sftp.lakeside.example:22",
                FailureCode.DESTINATION_UNAVAILABLE,
                "can't connect to sftp.lakeside.example:22: check the network and the port",
                IntStream.rangeClosed(1, 400).mapToObj(i -> "visits-" + i).toArray(String[]::new));
        return with(of, Optional.of(NOON.plusSeconds(3600)), Optional.empty());
    }

    static Incident ended(Incident of, Duration lasted, int waiting) {
        return with(
                of,
                Optional.empty(),
                Optional.of(new IncidentEnd(NOON.plus(lasted), IncidentEnd.How.RECOVERED, "", waiting)));
    }

    private static Incident with(Incident of, Optional<Instant> nextTryAt, Optional<IncidentEnd> end) {
        return new Incident(
                of.id(),
                of.scope(),
                of.code(),
                of.step(),
                of.message(),
                of.openedAt(),
                NOON.plusSeconds(600),
                7,
                of.jobs(),
                of.moreJobs(),
                nextTryAt,
                of.wellSince(),
                end);
    }

    static Notice notice(Notice.Kind kind, Incident incident) {
        return new Notice(kind, incident);
    }

    static Digest digest(String id, Notice... notices) {
        return new Digest(id, NOON.plus(Duration.ofMinutes(12)), List.of(notices));
    }

    static Digest digest(String id) {
        return digest(id, notice(Notice.Kind.OPENED, server()));
    }

    /** One of each kind, with what HTML and headers would take for their own. */
    static Digest awkward() {
        return digest(
                "d2",
                notice(Notice.Kind.OPENED, server()),
                notice(
                        Notice.Kind.OPENED,
                        incident(
                                IncidentScope.Kind.JOB,
                                "<b>Müller & \"Söhne\"</b>\r\nBcc: evil@x.example\u202e",
                                FailureCode.RUN_HELD,
                                "<script>alert('1')</script> has 0 rows &amp; had 12\nin the run before",
                                "job's")),
                notice(
                        Notice.Kind.REMINDER,
                        incident(
                                IncidentScope.Kind.LOGIN,
                                "exports@sftp.riverside.example:22",
                                FailureCode.LOGIN_REFUSED,
                                "the login was refused: check user and password",
                                "donors",
                                "visits-riverside")),
                notice(Notice.Kind.ENDED, ended(server(), Duration.ofHours(14), 3)),
                notice(Notice.Kind.OPENED_AND_ENDED, ended(server(), Duration.ofSeconds(90), 0)));
    }
}
