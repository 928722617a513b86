package io.outfeed.schedule;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.cron.Cron;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;

/** A {@link Schedule#cron} that fires in each hour: it fires whenever the local clock matches. */
record HourlyCronSchedule(Cron cron, ZoneId zone) implements InstantSchedule {

    HourlyCronSchedule {
        requireNonNull(zone, "zone");
    }

    @Override
    public Optional<Instant> next(Instant after) {
        ZoneRules rules = zone.getRules();
        Instant beforeAll = LocalFire.FIRST.atStartOfDay(zone).toInstant().minusNanos(1);
        Instant from = after.isBefore(beforeAll) ? beforeAll : after;
        LocalDateTime earliest = LocalFire.local(from, zone).plusNanos(1);
        ZoneOffset offset = rules.getOffset(from);
        while (!earliest.toLocalDate().isAfter(LocalFire.LAST)) { // from one change of clocks to the next
            Optional<LocalDateTime> wanted = cron.from(earliest);
            ZoneOffsetTransition change = rules.nextTransition(from);
            if (wanted.isPresent()) {
                Instant fire = wanted.get().toInstant(offset);
                if (change == null || fire.isBefore(change.getInstant())) {
                    return Optional.of(fire);
                }
            }
            if (change == null) {
                return Optional.empty();
            }
            from = change.getInstant();
            offset = change.getOffsetAfter();
            earliest = change.getDateTimeAfter();
        }
        return Optional.empty();
    }

    @Override
    public Optional<ZoneId> dateZone() {
        return Optional.of(zone);
    }

    @Override
    public Frequency frequency() {
        return Frequency.OTHER;
    }

    @Override
    public String description() {
        return "cron " + cron + " " + zone;
    }

    @Override
    public String toString() {
        return description();
    }
}
