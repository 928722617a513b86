package io.outfeed.examples;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Invents the host's records: the same ones each time. */
final class DemoRecords {

    private static final List<String> KINDS = List.of("CALL", "VISIT", "EMAIL", "EVENT");
    private static final List<String> CHANNELS = List.of("phone", "in person", "online", "campus");
    private static final List<String> PROGRAMS = List.of("DAY", "DAY", "DAY", "BOARDING");
    private static final List<String> DECISIONS = List.of("WAITLISTED", "APPROVED", "APPROVED", "WITHDRAWN");
    private static final List<String> NOTES = List.of(
            "Left a message, will call again",
            "Asked for the \"Class of 1998\" brochure",
            "Besuch in Zürich, sehr freundlich; möchte im Frühjahr zurückkommen",
            "Loved the spring concert 🎉, sent thanks 🙏",
            "  Prefers email: \"no calls before 10\", please  ",
            "Met at the open house.\nWants to see the science wing next time.",
            "Tour of the campus 🏫, then lunch 🥗 with two trustees; talked about the library, the new boat house, "
                    + "the scholarship fund and the reunion 🎓, and promised a follow-up within the month");

    private final DemoDatabase database;
    private final Random random = new Random(1998);

    DemoRecords(DemoDatabase database) {
        this.database = database;
    }

    /** Inserts records that were last changed in the past months. */
    void insert(String tenant, String letter, int interactions, int registrations) throws SQLException {
        OffsetDateTime now = database.now();
        for (int i = 1; i <= interactions; i++) {
            OffsetDateTime updatedAt = now.minusMinutes(10).minusSeconds(random.nextInt(90 * 24 * 3600));
            insertInteraction(tenant, String.format(Locale.ROOT, "I%s-%05d", letter, i), updatedAt);
        }
        for (int i = 1; i <= registrations; i++) {
            insertRegistration(tenant, String.format(Locale.ROOT, "R%s-%04d", letter, i), now);
        }
    }

    void insertInteraction(String tenant, String id, OffsetDateTime updatedAt) throws SQLException {
        database.update(
                "INSERT INTO interactions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                id,
                tenant,
                "C-" + (10_000 + random.nextInt(900)),
                oneOf(KINDS),
                updatedAt.toLocalDate().minusDays(random.nextInt(5)),
                oneOf(CHANNELS),
                note(),
                "S-" + (100 + random.nextInt(20)),
                updatedAt);
    }

    /** Each is synced when it is made, and most are again when they are decided upon. */
    private void insertRegistration(String tenant, String id, OffsetDateTime now) throws SQLException {
        int year = 2025 + random.nextInt(3);
        database.update(
                "INSERT INTO registrations VALUES (?, ?, ?, ?, ?, ?, 'APPLIED', ?, ?)",
                id,
                tenant,
                "ST-" + (20_000 + random.nextInt(5_000)),
                year + "-" + (year + 1),
                random.nextInt(13),
                oneOf(PROGRAMS),
                LocalDate.of(year, 8, 25 + random.nextInt(6)),
                random.nextBoolean());
        Object[] ids = {id};
        database.sync(ids, now.minusDays(30));
        if (random.nextInt(5) > 0) {
            database.update("UPDATE registrations SET status = ? WHERE registration_id = ?", oneOf(DECISIONS), id);
            database.sync(ids, now.minusDays(2));
        }
    }

    private @Nullable String note() {
        return random.nextInt(5) == 0 ? null : oneOf(NOTES);
    }

    private String oneOf(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
