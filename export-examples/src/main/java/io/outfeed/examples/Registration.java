package io.outfeed.examples;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** A registration of a student for a school year, as it was when it was synced. */
record Registration(
        String id,
        String studentId,
        String schoolYear,
        int grade,
        Program program,
        Status status,
        LocalDate startsOn,
        Instant syncedAt) {

    enum Program {
        DAY,
        BOARDING
    }

    enum Status {
        APPLIED,
        WAITLISTED,
        APPROVED,
        WITHDRAWN
    }

    static Registration read(ResultSet row) throws SQLException {
        return new Registration(
                row.getString("registration_id"),
                row.getString("student_id"),
                row.getString("school_year"),
                row.getInt("grade"),
                Program.valueOf(row.getString("program")),
                Status.valueOf(row.getString("status")),
                row.getObject("starts_on", LocalDate.class),
                row.getObject("synced_at", OffsetDateTime.class).toInstant());
    }
}
