package io.outfeed.schedule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Explains the fires of schedules without a zone. */
final class Explanations {

    private static final int MOST = 10_000;

    private Explanations() {}

    static int checked(int n) {
        if (n < 1 || n > MOST) {
            throw new IllegalArgumentException("n must be 1 to " + MOST + ", not " + n);
        }
        return n;
    }

    static List<ExplainedFire> plain(Schedule schedule, Instant after, int n) {
        checked(n);
        List<ExplainedFire> fires = new ArrayList<>();
        Optional<Instant> fire = schedule.next(after);
        while (fire.isPresent() && fires.size() < n) {
            fires.add(new ExplainedFire(fire.get(), fire.get().atZone(ZoneOffset.UTC), ""));
            fire = schedule.next(fire.get());
        }
        return fires;
    }
}
