package io.outfeed.internal.incident;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentScope.Kind;
import java.util.Optional;

/**
 * What an incident of a kind of failure is about, and how it ends.
 *
 * @param kind what it is about
 * @param end how it ends
 */
record IncidentRule(Kind kind, End end) {

    /** How an incident ends by itself. */
    enum End {
        /** What had failed succeeds, and nothing fails for a while. */
        SUCCESS,
        /** The store does not have any more what it tells of: a held run, a pause. Most often a person has acted. */
        CONDITION,
        /** The next load of its job source finds it right. */
        LOAD,
        /** The next check of the job's transforms does not find it. */
        CHECK,
        /** Nothing like it happens for a while: it has told of something that was over at once. */
        QUIET
    }

    /** Whether the jobs that use what an incident is about wait for it, and one of them tries for all. */
    static boolean blocks(Incident incident) {
        boolean shared = switch (incident.scope().kind()) {
            case SERVER, LOGIN, DESTINATION, SOURCE -> true;
            case RECIPIENT, JOB, JOB_SOURCE, NODE, STORE, NOTIFIER -> false;
        };
        return shared && incident.status() == Incident.Status.OPEN && endOf(incident) == End.SUCCESS;
    }

    static End endOf(Incident incident) {
        return of(incident.code()).map(IncidentRule::end).orElse(End.QUIET);
    }

    /** Returns the rule of a kind of failure; empty if it makes no incident. */
    static Optional<IncidentRule> of(FailureCode code) {
        return switch (code) {
            case DESTINATION_UNAVAILABLE, IDENTITY_REFUSED -> success(Kind.SERVER);
            case LOGIN_REFUSED, SECRET_UNAVAILABLE -> success(Kind.LOGIN);
            case PERMISSION_DENIED,
                    DESTINATION_MISSING,
                    DESTINATION_CHANGED,
                    DESTINATION_FULL,
                    DESTINATION_REFUSED,
                    TEMPORARY_TAKEN -> success(Kind.DESTINATION);
            case SOURCE_UNAVAILABLE, SOURCE_ACCESS_DENIED -> success(Kind.SOURCE);
            case DISK_FULL, STORE_UNAVAILABLE, SPOOL_UNAVAILABLE ->
                success(Kind.NODE); // a run has it on record: its store is there
            case DEFINITION_INVALID,
                    SOURCE_REFUSED,
                    MAPPING_FAILED,
                    UNEXPECTED,
                    NAME_OCCUPIED,
                    NAME_AWAITED,
                    PROTECTION_REQUIRED,
                    KEY_UNUSABLE,
                    POSITIONS_MOVED,
                    BYTES_CHANGED,
                    CRASHED,
                    TIME_LIMIT_EXCEEDED -> success(Kind.JOB);
            case RUN_HELD, RUN_UNCONFIRMED, JOB_PAUSED, DELIVERY_OVERDUE, STORE_DAMAGED ->
                Optional.of(new IncidentRule(Kind.JOB, End.CONDITION));
            case CLOCK_SKEW -> Optional.of(new IncidentRule(Kind.NODE, End.QUIET));
            case FILE_MISSING, RECORDS_LATE, FIRES_SKIPPED -> Optional.of(new IncidentRule(Kind.JOB, End.QUIET));
            case JOBS_NOT_LOADED, JOBS_MISSING -> Optional.of(new IncidentRule(Kind.JOB_SOURCE, End.LOAD));
            case KEY_EXPIRING -> Optional.of(new IncidentRule(Kind.JOB, End.CHECK));
            case JOB_INVALID -> Optional.of(new IncidentRule(Kind.JOB, End.LOAD));
            case POSITION_AHEAD, // the job is paused
                    STORE_MISSING, // the engine has stopped
                    BYTES_ELSEWHERE,
                    DELIVERY_WINDOW_CLOSED,
                    LOCK_LOST,
                    STOPPED,
                    ALREADY_RUNNING,
                    NOT_FOUND -> Optional.empty();
        };
    }

    private static Optional<IncidentRule> success(Kind kind) {
        return Optional.of(new IncidentRule(kind, End.SUCCESS));
    }
}
