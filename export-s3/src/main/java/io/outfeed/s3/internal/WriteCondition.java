package io.outfeed.s3.internal;

/**
 * On which condition an object is written.
 *
 * @param kind what must be there
 * @param etag the version that is replaced, or an empty text
 */
record WriteCondition(Kind kind, String etag) {

    /** What must be there. */
    enum Kind {
        /** Anything. */
        NONE,
        /** No object. */
        ABSENT,
        /** The version that was seen. */
        SAME
    }

    static final WriteCondition NONE = new WriteCondition(Kind.NONE, "");
    static final WriteCondition ABSENT = new WriteCondition(Kind.ABSENT, "");

    static WriteCondition same(String etag) {
        return etag.isEmpty() ? NONE : new WriteCondition(Kind.SAME, etag);
    }

    boolean isAbsent() {
        return kind == Kind.ABSENT;
    }

    boolean isSame() {
        return kind == Kind.SAME;
    }
}
