package io.outfeed.store;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.internal.state.StateDirectory;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The incidents in a {@link StateDirectory}, each in a file; all are cached. Thread-safe. */
final class IncidentFiles {

    private static final Logger log = LoggerFactory.getLogger(IncidentFiles.class);

    private static final Comparator<IncidentRecord> BY_TIME = Comparator.comparing(
                    (IncidentRecord record) -> record.incident().openedAt())
            .thenComparing(record -> record.incident().id());

    private final StateDirectory files;

    /** By id; null before the first use. */
    private @Nullable Map<String, IncidentRecord> known;

    IncidentFiles(StateDirectory files) {
        this.files = files;
    }

    synchronized List<IncidentRecord> list(IncidentQuery query) {
        return all().filter(record -> query.matches(record.incident()))
                .sorted(BY_TIME.reversed())
                .limit(query.limit())
                .toList();
    }

    synchronized List<IncidentRecord> unsettled() {
        return all().filter(record -> !record.settled()).sorted(BY_TIME).toList();
    }

    private Stream<IncidentRecord> all() {
        files.checkPresent();
        return known().values().stream();
    }

    synchronized boolean replace(Optional<IncidentRecord> expected, IncidentRecord next) {
        Map<String, IncidentRecord> records = known();
        String id = next.incident().id();
        IncidentRecord stored = records.get(id);
        boolean fits = expected.map(before -> stored != null && stored.version() == before.version())
                .orElse(stored == null);
        boolean taken = next.incident().end().isEmpty()
                && records.values().stream()
                        .anyMatch(other -> other.incident().end().isEmpty()
                                && !other.incident().id().equals(id)
                                && other.key().equals(next.key()));
        if (!fits || taken) {
            return false;
        }
        files.write(files.incident(id), IncidentText.write(next));
        records.put(id, next);
        return true;
    }

    synchronized void prune(Instant endedBefore) {
        Map<String, IncidentRecord> records = known();
        List<String> old = records.values().stream()
                .filter(IncidentRecord::settled)
                .filter(record -> record.incident()
                        .end()
                        .filter(end -> end.at().isBefore(endedBefore))
                        .isPresent())
                .map(record -> record.incident().id())
                .toList();
        for (String id : old) {
            files.delete(files.incident(id));
            records.remove(id);
        }
    }

    private Map<String, IncidentRecord> known() {
        Map<String, IncidentRecord> records = known;
        if (records == null) {
            Map<String, IncidentRecord> read = new HashMap<>();
            files.incidents().forEach(id -> read(id).ifPresent(record -> read.put(id, record)));
            records = read;
            known = read;
        }
        return records;
    }

    /** A damaged incident must not keep jobs from running: it is left out. */
    private Optional<IncidentRecord> read(String id) {
        try {
            return files.read(files.incident(id), IncidentText::read);
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            log.error("An incident is left out: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
