package io.outfeed.run.file;

/** The state of a delivered file that is watched. */
public enum WatchState {
    /** No inspection was answered yet. */
    NOT_SAID(false),
    /** It was there at the last inspection that was answered. */
    SEEN(false),
    /** It is missing, and was not yet copied again. */
    MISSING(false),
    /** It was missing, and was copied again. */
    RECOPIED(false),
    /**
     * It is missing together with its directory, or with most other files: a person should check the destination. It is
     * not copied again, unless it is seen again before.
     */
    HELD(false),
    /** It vanished again after it had been copied as often as allowed: something takes it. No longer watched. */
    VANISHED(true),
    /** It was found in a folder that the receiver moves files to. No longer watched. */
    TAKEN(true),
    /** Its name has another size or time, or is no regular file, and stays. No longer watched. */
    CONFLICT(true);

    private final boolean ended;

    WatchState(boolean ended) {
        this.ended = ended;
    }

    /**
     * Tells whether the file is no longer watched.
     *
     * @return false while inspections follow
     */
    public boolean ended() {
        return ended;
    }
}
