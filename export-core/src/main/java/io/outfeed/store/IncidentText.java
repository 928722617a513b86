package io.outfeed.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.NoticeRecord;
import io.outfeed.internal.state.Document;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The record of an incident as a text, with a version and a checksum: what a store keeps. */
public final class IncidentText {

    private static final String NOTICE = "notice.";

    private IncidentText() {}

    /**
     * Returns what a store keeps.
     *
     * @param record the record
     * @return lines of printable ASCII characters
     */
    public static String of(IncidentRecord record) {
        return new String(write(record).asciiBytes(), UTF_8);
    }

    /**
     * Reads a record back.
     *
     * @param text its text
     * @param source names where the text is stored, for the message of a failure
     * @return the record
     * @throws io.outfeed.error.StoreException if the text is damaged, or was written by a newer version
     */
    public static IncidentRecord read(String text, String source) {
        return Document.read(source, text.getBytes(UTF_8), IncidentText::read);
    }

    static Document write(IncidentRecord record) {
        Incident incident = record.incident();
        Document document = new Document();
        document.put("id", incident.id());
        document.put("version", record.version());
        document.put("scope.kind", incident.scope().kind());
        document.put("scope.name", incident.scope().name());
        document.put("code", incident.code());
        document.put("step", incident.step());
        document.put("message", incident.message());
        document.put("openedAt", incident.openedAt());
        document.put("lastSignAt", incident.lastSignAt());
        document.put("signs", incident.signs());
        List<String> jobs = incident.jobs();
        for (int i = 0; i < jobs.size(); i++) {
            document.put("job." + i, jobs.get(i));
        }
        document.put("moreJobs", incident.moreJobs());
        incident.nextTryAt().ifPresent(at -> document.put("nextTryAt", at));
        incident.wellSince().ifPresent(at -> document.put("wellSince", at));
        incident.end().ifPresent(end -> {
            document.put("end.at", end.at());
            document.put("end.how", end.how());
            document.put("end.reason", end.reason());
            document.put("end.waitingJobs", end.waitingJobs());
        });
        record.triedBy().ifPresent(job -> document.put("triedBy", job));
        document.put("claimed", record.claimed());
        document.put("tries", record.tries());
        record.reopenedAt().ifPresent(at -> document.put("reopenedAt", at));
        document.put("settled", record.settled());
        record.notices().forEach((notifier, notice) -> write(document, NOTICE + notifier + " ", notice));
        return document;
    }

    private static void write(Document document, String key, NoticeRecord notice) {
        notice.openedAt().ifPresent(at -> document.put(key + "openedAt", at));
        notice.remindedAt().ifPresent(at -> document.put(key + "remindedAt", at));
        notice.endedAt().ifPresent(at -> document.put(key + "endedAt", at));
    }

    static IncidentRecord read(Document document) {
        Incident incident = new Incident(
                document.text("id"),
                new IncidentScope(IncidentScope.Kind.valueOf(document.text("scope.kind")), document.text("scope.name")),
                FailureCode.valueOf(document.text("code")),
                Incident.Step.valueOf(document.text("step")),
                document.text("message"),
                document.instant("openedAt").orElseThrow(),
                document.instant("lastSignAt").orElseThrow(),
                document.number("signs"),
                IntStream.range(0, document.count("job"))
                        .mapToObj(i -> document.text("job." + i))
                        .toList(),
                Boolean.parseBoolean(document.text("moreJobs")),
                document.instant("nextTryAt"),
                document.instant("wellSince"),
                document.instant("end.at")
                        .map(at -> new IncidentEnd(
                                at,
                                IncidentEnd.How.valueOf(document.text("end.how")),
                                document.text("end.reason"),
                                (int) document.number("end.waitingJobs"))));
        return new IncidentRecord(
                incident,
                document.number("version"),
                document.find("triedBy"),
                Boolean.parseBoolean(document.text("claimed")),
                (int) document.number("tries"),
                document.instant("reopenedAt"),
                notices(document),
                Boolean.parseBoolean(document.text("settled")));
    }

    private static Map<String, NoticeRecord> notices(Document document) {
        Map<String, NoticeRecord> notices = new HashMap<>();
        document.withPrefix(NOTICE).forEach((key, time) -> {
            String notifier = key.substring(0, key.indexOf(' '));
            Optional<Instant> at = Optional.of(Instant.parse(time));
            NoticeRecord before = notices.getOrDefault(notifier, NoticeRecord.NONE);
            notices.put(
                    notifier,
                    switch (key.substring(key.indexOf(' ') + 1)) {
                        case "openedAt" -> new NoticeRecord(at, before.remindedAt(), before.endedAt());
                        case "remindedAt" -> new NoticeRecord(before.openedAt(), at, before.endedAt());
                        default -> new NoticeRecord(before.openedAt(), before.remindedAt(), at);
                    });
        });
        return notices;
    }
}
