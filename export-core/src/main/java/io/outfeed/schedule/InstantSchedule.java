package io.outfeed.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A schedule of instants: a local time that occurs twice, where clocks go back, fires twice. */
interface InstantSchedule extends Schedule {

    /** The zone in which dates are read; empty if none was set. */
    Optional<ZoneId> dateZone();

    @Override
    default List<ExplainedFire> explain(Instant after, int n) {
        ZoneId zone = dateZone().orElse(ZoneOffset.UTC);
        List<ExplainedFire> fires = new ArrayList<>();
        Instant before = after;
        Optional<Instant> fire = next(after);
        while (fire.isPresent() && fires.size() < Explanations.checked(n)) {
            fires.add(new ExplainedFire(fire.get(), fire.get().atZone(zone), remark(before, fire.get(), zone)));
            before = fire.get();
            fire = next(before);
        }
        return fires;
    }

    private static String remark(Instant before, Instant fire, ZoneId zone) {
        LocalDateTime local = LocalDateTime.ofInstant(fire, zone);
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.size() == 2) {
            boolean first = offsets.get(0).equals(zone.getRules().getOffset(fire));
            return "overlap: " + local.toLocalTime() + " comes twice, this is the " + (first ? "first" : "second");
        }
        ZoneOffsetTransition change = zone.getRules().nextTransition(before);
        if (change != null && change.isGap() && !change.getInstant().isAfter(fire)) {
            return "gap: clocks go from " + change.getDateTimeBefore().toLocalTime() + " to "
                    + change.getDateTimeAfter().toLocalTime();
        }
        return "";
    }
}
