package io.outfeed.jdbc.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.jdbc.internal.sql.Micros;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.store.IncidentText;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Incidents as rows: what queries select by, and the text of the record. */
final class IncidentTable {

    private IncidentTable() {}

    static List<IncidentRecord> list(Sql sql, IncidentQuery query) throws SQLException {
        String condition = query.openOnly()
                ? " where open_hash is not null"
                : query.endedSince()
                        .map(since -> " where ended_at is null or ended_at >= " + Micros.of(since))
                        .orElse("");
        return sql
                .list(
                        "select id, document from #incident" + condition + " order by opened_at desc, id desc",
                        IncidentTable::read)
                .stream()
                .filter(record -> query.matches(record.incident()))
                .limit(query.limit())
                .toList();
    }

    static List<IncidentRecord> unsettled(Sql sql) throws SQLException {
        return sql.list(
                "select id, document from #incident where settled = 0 order by opened_at, id", IncidentTable::read);
    }

    private static IncidentRecord read(ResultSet row) throws SQLException {
        return IncidentText.read(row.getString(2), "incident " + row.getString(1) + " in the database of the store");
    }

    /** @return whether the stored record was the expected one, and no other one with the same key is open */
    static boolean replace(Sql sql, Optional<IncidentRecord> expected, IncidentRecord next) throws SQLException {
        Incident incident = next.incident();
        if (incident.end().isEmpty() && !lockKey(sql, next)) {
            return false;
        }
        Optional<Stored> stored = sql.first(
                "select version, document from #incident where id = ? for update",
                row -> new Stored(row.getLong(1), row.getString(2)),
                incident.id());
        if (sql.isRetry()
                && stored.filter(row -> row.document().equals(IncidentText.of(next)))
                        .isPresent()) {
            return true; // committed before, and the answer was lost
        }
        boolean fits = expected.map(before ->
                        stored.filter(row -> row.version() == before.version()).isPresent())
                .orElse(stored.isEmpty());
        if (!fits) {
            return false;
        }
        if (expected.isEmpty()) {
            insert(sql, next);
        } else {
            update(sql, next);
        }
        return true;
    }

    /** What is there of an incident. */
    private record Stored(long version, String document) {}

    /** Excludes other openings until the transaction ends. Returns whether no other incident has the key. */
    private static boolean lockKey(Sql sql, IncidentRecord next) throws SQLException {
        sql.first("select last_value from #counter where name = 'incident' for update", row -> true);
        return sql.first(
                        "select 1 from #incident where open_hash = ? and id <> ?",
                        row -> true,
                        hash(next.key()),
                        next.incident().id())
                .isEmpty();
    }

    private static void insert(Sql sql, IncidentRecord next) throws SQLException {
        Incident incident = next.incident();
        sql.update(
                "insert into #incident (id, version, open_hash, opened_at, ended_at, settled, document)"
                        + " values (?, ?, ?, ?, " + endedAt(incident) + ", ?, ?)",
                incident.id(),
                next.version(),
                openHash(next),
                Micros.of(incident.openedAt()),
                next.settled() ? 1 : 0,
                IncidentText.of(next));
        sql.update("update #counter set last_value = last_value + 1 where name = 'incident'");
    }

    private static void update(Sql sql, IncidentRecord next) throws SQLException {
        Incident incident = next.incident();
        sql.update(
                "update #incident set version = ?, open_hash = ?, ended_at = " + endedAt(incident)
                        + ", settled = ?, document = ? where id = ?",
                next.version(),
                openHash(next),
                next.settled() ? 1 : 0,
                IncidentText.of(next),
                incident.id());
    }

    /** A literal of the statement: drivers differ in the type of an untyped null. */
    private static String endedAt(Incident incident) {
        return incident.end().map(end -> Long.toString(Micros.of(end.at()))).orElse("null");
    }

    private static @Nullable String openHash(IncidentRecord record) {
        return record.incident().end().isPresent() ? null : hash(record.key());
    }

    static void prune(Sql sql, Instant endedBefore) throws SQLException {
        sql.update("delete from #incident where settled = 1 and ended_at < ?", Micros.of(endedBefore));
    }

    /** A key may be longer than a column that is indexed. */
    private static String hash(String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
