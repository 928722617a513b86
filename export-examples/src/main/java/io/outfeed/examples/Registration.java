package io.outfeed.examples;

import java.time.Instant;
import java.time.LocalDate;

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
}
