package io.outfeed.internal.execution;

import io.outfeed.error.FailureCode;
import io.outfeed.error.FailureCode.Remedy;
import io.outfeed.run.Waiting.Cause;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of a run after an attempt that failed. A pure function of {@link Facts}. */
enum NextStep {
    /** The run ends as FAILED. */
    END_FAILED(null),
    /** The run ends as DEFERRED: the receiver has not taken the old file. */
    END_DEFERRED(null),
    /** A person must decide. */
    HOLD(null),
    /** The run waits, and keeps what it has staged and uploaded. */
    WAIT_BACKOFF(Cause.BACKOFF),
    /** The same, once an hour. */
    WAIT_PERSON(Cause.PERSON),
    /** The run waits for the receiver. */
    WAIT_OCCUPIED(Cause.OCCUPIED),
    /** The run waits for the node that has its bytes. */
    WAIT_BYTES(Cause.BYTES_ELSEWHERE),
    /** The run waits for an engine: the attempt did not fail, but was interrupted. */
    WAIT_RESTART(Cause.RESTART);

    private final @Nullable Cause cause;

    NextStep(@Nullable Cause cause) {
        this.cause = cause;
    }

    /** Returns what the run waits for; empty if it ends or is held. */
    Optional<Cause> waiting() {
        return Optional.ofNullable(cause);
    }

    /**
     * What it depends on.
     *
     * @param code the kind of failure
     * @param kind what was asked for
     * @param extent what the run has done so far
     * @param expired whether the job's {@code retryFor} is over
     */
    record Facts(FailureCode code, Kind kind, Extent extent, boolean expired) {}

    /** What a run was asked for. */
    enum Kind {
        /** The next windows, or a chunk of a backfill: it is tried again. */
        EXPORT,
        /** A test, a redelivery and the like: its caller gets the failure, and it is not tried again. */
        REQUEST
    }

    /** What a run has done so far. */
    enum Extent {
        /** Nothing was published: its window can be read again. */
        UNPUBLISHED,
        /** Nothing was published, but a person has released its bytes. */
        RELEASED,
        /** A receiver may have seen a part: only its own bytes may follow. */
        PUBLISHING
    }

    static NextStep of(Facts facts) {
        if (facts.kind() == Kind.REQUEST) {
            return END_FAILED;
        }
        if (facts.code() == FailureCode.STOPPED) {
            return WAIT_RESTART;
        }
        return facts.extent() == Extent.PUBLISHING ? ofPublishing(facts.code()) : ofUnpublished(facts);
    }

    private static NextStep ofPublishing(FailureCode code) {
        return switch (code) {
            case PROTECTION_REQUIRED -> HOLD;
            case NAME_AWAITED -> WAIT_OCCUPIED;
            case BYTES_ELSEWHERE -> WAIT_BYTES;
            default -> code.remedy() == Remedy.TIME ? WAIT_BACKOFF : WAIT_PERSON;
        };
    }

    private static NextStep ofUnpublished(Facts facts) {
        FailureCode code = facts.code();
        if (code.remedy() == Remedy.CHANGED_JOB || code.remedy() == Remedy.DECISION) {
            return END_FAILED;
        } else if (facts.expired()) {
            return code == FailureCode.NAME_AWAITED ? END_DEFERRED : END_FAILED;
        } else if (code == FailureCode.NAME_AWAITED) {
            return WAIT_OCCUPIED;
        } else if (code == FailureCode.BYTES_ELSEWHERE || code == FailureCode.BYTES_CHANGED) {
            return facts.extent() == Extent.RELEASED ? forBytes(code) : WAIT_BACKOFF; // else they are staged again
        }
        return code.remedy() == Remedy.TIME ? WAIT_BACKOFF : WAIT_PERSON;
    }

    private static NextStep forBytes(FailureCode code) {
        return code == FailureCode.BYTES_ELSEWHERE ? WAIT_BYTES : WAIT_PERSON;
    }
}
