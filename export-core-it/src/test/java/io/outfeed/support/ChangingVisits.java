package io.outfeed.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.run.ExportRun;
import io.outfeed.source.Window;
import io.outfeed.testing.ListSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Visits that change while they are exported, and what a receiver must have in the end. */
public final class ChangingVisits {

    private final ListSource<Visit> source = Visit.source();
    private final Map<Long, String> last = new HashMap<>();
    private int version;

    public ListSource<Visit> source() {
        return source;
    }

    /** New versions of some records. */
    public void change(Instant now, long... ids) {
        for (long id : ids) {
            put(id, now);
        }
    }

    /** A record with a time of an hour before the end of the last window, which was not visible then. */
    public void comeLate(List<ExportRun> runs, long id) {
        Instant end = Instant.EPOCH;
        for (ExportRun run : runs) {
            for (Window window : run.windows().values()) {
                Instant until = window.until().toInstant();
                end = until.isAfter(end) ? until : end;
            }
        }
        put(id, end.minus(Duration.ofHours(1)));
    }

    private void put(long id, Instant updatedAt) {
        String note = "v" + ++version;
        last.put(id, note);
        source.put(new Visit(id, note, updatedAt));
    }

    /** Verifies that files, in order, have every record's last version, and each version once. */
    public void check(String what, Collection<ArchiveEntry> files) {
        List<Visit> rows = new ArrayList<>();
        for (ArchiveEntry file : files) {
            for (String line : file.lines().subList(1, file.lines().size())) {
                String[] cells = line.split(",", -1);
                rows.add(new Visit(Long.parseLong(cells[0]), cells[1], Instant.EPOCH));
            }
        }
        Set<Visit> once = new HashSet<>(rows);
        assertThat(rows).as("%s: rows, each once", what).hasSameSizeAs(once);
        Map<Long, String> delivered = new HashMap<>();
        rows.forEach(row -> delivered.put(row.id(), row.note()));
        assertThat(delivered).as("%s: last versions", what).isEqualTo(last);
    }
}
