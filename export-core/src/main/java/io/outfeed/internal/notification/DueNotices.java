package io.outfeed.internal.notification;

import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Status;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.incident.NoticeRecord;
import io.outfeed.internal.incident.OneTimeNews;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notice.Kind;
import io.outfeed.notification.Notifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a notifier is to be told. A pure function of the incidents, of what it was given before, and of the time. */
final class DueNotices {

    private static final Duration REMINDED = Duration.ofDays(1);

    /** A notifier that was told of an end is told of a return that lasts. */
    private static final Duration RETURNED = Duration.ofHours(1);

    private DueNotices() {}

    /** A notice with the record that it is about. */
    record Due(Notice notice, IncidentRecord record) {

        /** Returns what the notifier was given, once it has this notice. */
        NoticeRecord given(String notifier, Instant now) {
            NoticeRecord before = DueNotices.given(record, notifier);
            Optional<Instant> at = Optional.of(now);
            return switch (notice.kind()) {
                case OPENED -> new NoticeRecord(at, before.remindedAt(), before.endedAt());
                case REMINDER -> new NoticeRecord(before.openedAt(), at, before.endedAt());
                case ENDED -> new NoticeRecord(before.openedAt(), before.remindedAt(), at);
                case OPENED_AND_ENDED -> new NoticeRecord(at, before.remindedAt(), at);
            };
        }
    }

    static List<Due> of(List<IncidentRecord> records, Notifier notifier, Instant now) {
        return records.stream()
                .flatMap(record -> kind(record, given(record, notifier.id()), now)
                        .filter(kind -> notifier.accepts(record.incident()))
                        .map(kind -> new Due(new Notice(kind, record.incident()), record))
                        .stream())
                .sorted(Comparator.comparing((Due due) -> due.notice().kind())
                        .thenComparing(due -> due.notice().incident().openedAt()))
                .toList();
    }

    private static NoticeRecord given(IncidentRecord record, String notifier) {
        return record.notices().getOrDefault(notifier, NoticeRecord.NONE);
    }

    private static Optional<Kind> kind(IncidentRecord record, NoticeRecord given, Instant now) {
        Incident incident = record.incident();
        boolean ended = incident.end().isPresent();
        boolean once = OneTimeNews.contains(incident);
        if (given.openedAt().isEmpty()) {
            return Optional.of(ended && !once ? Kind.OPENED_AND_ENDED : Kind.OPENED);
        } else if (once) {
            return Optional.empty();
        } else if (ended) {
            return given.believedOpen() ? Optional.of(Kind.ENDED) : Optional.empty();
        }
        return remindAt(record, given).filter(at -> !at.isAfter(now)).map(at -> Kind.REMINDER);
    }

    private static Optional<Instant> remindAt(IncidentRecord record, NoticeRecord given) {
        if (record.incident().status() != Status.OPEN) {
            return Optional.empty();
        }
        return given.believedOpen()
                ? given.lastAt().map(at -> at.plus(REMINDED))
                : record.reopenedAt().map(at -> at.plus(RETURNED));
    }

    /** Returns when the next reminder is due; empty if none is. */
    static Optional<Instant> next(List<IncidentRecord> records, Notifier notifier) {
        return records.stream()
                .filter(record -> record.incident().end().isEmpty() && !OneTimeNews.contains(record.incident()))
                .flatMap(record -> remindAt(record, given(record, notifier.id())).stream())
                .min(Comparator.naturalOrder());
    }

    /** Returns when the notifier was given a digest last. */
    static Optional<Instant> lastGiven(List<IncidentRecord> records, String notifier) {
        return records.stream()
                .flatMap(record -> given(record, notifier).lastAt().stream())
                .max(Comparator.naturalOrder());
    }
}
