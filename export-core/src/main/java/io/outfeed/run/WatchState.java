package io.outfeed.run;

/** What the watch knows of a delivered file. */
public enum WatchState {
    /** No look was answered yet. */
    NOT_SAID(false),
    /** It was there at the last look that was answered. */
    SEEN(false),
    /** It is missing, and was not yet copied again. */
    MISSING(false),
    /** It was missing, and was copied again. */
    RECOPIED(false),
    /**
     * It is missing together with its directory, or with most other files: a person should look. It is not copied
     * again, unless it is seen once more before.
     */
    HELD(false),
    /**
     * It vanished once more after it had been copied again as often as allowed: something takes it. Watched no more.
     */
    VANISHED(true),
    /** Something of another size, or no regular file, has its name, and stays. Watched no more. */
    CONFLICT(true);

    private final boolean ended;

    WatchState(boolean ended) {
        this.ended = ended;
    }

    /**
     * Tells whether the file is watched no more.
     *
     * @return false while looks follow
     */
    public boolean ended() {
        return ended;
    }
}
