package io.outfeed.http.internal.webhook;

import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.internal.io.JsonWriter;
import io.outfeed.internal.io.JsonWriter.Layout;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notice.Fact;
import java.time.Instant;
import java.util.List;

/** A digest as JSON: docs/guide/webhooks.md has its members. */
final class DigestJson {

    /** A thousand names in each of many notices are more than receivers take. */
    private static final int NAMED_JOBS = 100;

    private final StringBuilder text = new StringBuilder();
    private final JsonWriter json = new JsonWriter(text);

    private DigestJson() {}

    static String of(Digest digest) {
        DigestJson json = new DigestJson();
        json.digest(digest);
        return json.text.toString();
    }

    private void digest(Digest digest) {
        json.beginObject(Layout.LINES);
        json.name("id").value(digest.id());
        time("at", digest.at());
        json.name("subject").value(digest.subject());
        json.name("notices").beginArray(Layout.LINES);
        for (Notice notice : digest.notices()) {
            json.element();
            notice(notice, digest.at());
        }
        json.endArray().endObject();
    }

    private void notice(Notice notice, Instant now) {
        json.beginObject(Layout.LINES);
        json.name("kind").value(notice.kind().name());
        json.name("headline").value(notice.headline());
        json.name("facts").beginArray(Layout.LINES);
        for (Fact fact : notice.facts(now)) {
            json.element().beginObject(Layout.INLINE);
            json.name("label").value(fact.label());
            json.name("text").value(fact.text());
            json.endObject();
        }
        json.endArray();
        json.name("incident");
        incident(notice.incident());
        json.endObject();
    }

    private void incident(Incident incident) {
        json.beginObject(Layout.LINES);
        json.name("id").value(incident.id());
        json.name("scope").beginObject(Layout.INLINE);
        json.name("kind").value(incident.scope().kind().name());
        json.name("name").value(incident.scope().name());
        json.endObject();
        json.name("code").value(incident.code().name());
        json.name("step").value(incident.step().name());
        json.name("status").value(incident.status().name());
        json.name("message").value(incident.message());
        time("openedAt", incident.openedAt());
        time("lastSignAt", incident.lastSignAt());
        json.name("signs").value(incident.signs());
        jobs(incident.jobs());
        json.name("moreJobs").value(incident.moreJobs());
        incident.nextTryAt().ifPresent(at -> time("nextTryAt", at));
        incident.wellSince().ifPresent(at -> time("wellSince", at));
        incident.end().ifPresent(this::end);
        json.endObject();
    }

    private void jobs(List<String> jobs) {
        json.name("jobCount").value(jobs.size());
        json.name("jobs").beginArray(Layout.INLINE);
        jobs.stream().limit(NAMED_JOBS).forEach(job -> json.element().value(job));
        json.endArray();
    }

    private void end(IncidentEnd end) {
        json.name("end").beginObject(Layout.LINES);
        time("at", end.at());
        json.name("how").value(end.how().name());
        json.name("reason").value(end.reason());
        json.name("waitingJobs").value(end.waitingJobs());
        json.endObject();
    }

    private void time(String name, Instant at) {
        json.name(name).value(at.toString());
    }
}
