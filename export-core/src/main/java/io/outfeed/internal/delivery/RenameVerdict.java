package io.outfeed.internal.delivery;

/** What is known of a file after the request to rename it. A pure function of {@link Facts}. */
enum RenameVerdict {
    /** It is published, and its old name is free. */
    PUBLISHED,
    /** It is published, as the destination says. */
    ACKNOWLEDGED,
    /** It is published, and the temporary file stays as litter. */
    PUBLISHED_WITH_LITTER,
    /** It is published, although the request failed or no answer came. */
    INFERRED,
    /** The same, and the temporary file stays as litter. */
    INFERRED_WITH_LITTER,
    /** It is not published: the failure stands. */
    FAILED,
    /** It is not published, although the destination says so. */
    NOT_DONE,
    /** The temporary file was gone before anything was requested. */
    LOST,
    /** Nothing is known: the request may be sent once more. */
    REQUEST_AGAIN,
    /** It may be published, and a receiver may have taken it. */
    NOT_KNOWN;

    /** What the destination answered to the request. */
    enum Answer {
        /** It is done. */
        DONE,
        /** It failed. */
        FAILED,
        /** There is no such temporary file. */
        GONE,
        /** None came. */
        NONE
    }

    /** What the destination says of the temporary file after the request. */
    enum Temporary {
        THERE,
        GONE,
        NOT_SAID
    }

    /** What the destination says of the final name after the request. */
    enum Target {
        /** It has the identity of the temporary file, and differs from what was there before. */
        OURS,
        /** Nothing is there, or another file, or what was there before. */
        NOT_OURS,
        NOT_SAID
    }

    /**
     * What it depends on.
     *
     * @param answer the answer to the request
     * @param temporary the temporary file, looked at after it
     * @param target the final name, looked at after it
     * @param mayBeDone whether an earlier request may have been carried out, or the temporary file was seen before this
     *     one
     */
    record Facts(Answer answer, Temporary temporary, Target target, boolean mayBeDone) {}

    static RenameVerdict of(Facts facts) {
        boolean ours = facts.target() == Target.OURS;
        return switch (facts.temporary()) {
            case THERE -> ofThere(facts.answer(), ours);
            case GONE -> ofGone(facts, ours);
            case NOT_SAID -> ofNotSaid(facts, ours);
        };
    }

    private static RenameVerdict ofThere(Answer answer, boolean ours) {
        if (answer == Answer.DONE) {
            return ours ? PUBLISHED_WITH_LITTER : NOT_DONE;
        }
        return ours ? INFERRED_WITH_LITTER : FAILED;
    }

    private static RenameVerdict ofGone(Facts facts, boolean ours) {
        if (facts.answer() == Answer.DONE) {
            return PUBLISHED;
        } else if (ours) {
            return INFERRED;
        }
        return facts.answer() == Answer.GONE && !facts.mayBeDone() ? LOST : NOT_KNOWN;
    }

    private static RenameVerdict ofNotSaid(Facts facts, boolean ours) {
        if (facts.answer() == Answer.DONE) {
            return ACKNOWLEDGED;
        } else if (ours) {
            return INFERRED;
        }
        return switch (facts.answer()) {
            case GONE -> facts.mayBeDone() ? NOT_KNOWN : LOST;
            case FAILED -> FAILED;
            default -> REQUEST_AGAIN;
        };
    }
}
