package io.outfeed.run;

/**
 * The status of a run.
 *
 * <p>{@code PLANNED → STAGED → PUBLISHING → COMMITTED}. A run that ends before {@code PUBLISHING} has published nothing
 * and its window is covered by the next one; from {@code PUBLISHING} on only the bytes that it staged are sent, until
 * every destination has them.
 */
public enum RunStatus {
    /** The window is frozen and the source is read. */
    PLANNED("in progress", false),
    /** The files are finished and go to the destinations under temporary names. */
    STAGED("in progress", false),
    /** The files become visible, one after the other. Delivery is tried again until all of them are. */
    PUBLISHING("in progress", false),
    /** Every destination has every file, and the positions have moved. */
    COMMITTED("success", true),
    /** There was nothing to export and no file to deliver; the positions have moved. */
    EMPTY("success", true),
    /**
     * A guard holds it before anything was delivered, until a person releases or discards it; later fires are skipped.
     */
    HELD("held", false),
    /** An error ended it before anything was published. */
    FAILED("failed", true),
    /**
     * It ended before anything was published, and the next one covers its window: after a crash, a shutdown, a lost
     * lock, a person's decision, or since a receiver had not taken an old file. The note or the failure has the reason.
     */
    DROPPED("failed", true),
    /** A person has ended it although a destination misses a file. The positions have moved. */
    GIVEN_UP("failed", true);

    private final String label;
    private final boolean ended;

    RunStatus(String label, boolean ended) {
        this.label = label;
        this.ended = ended;
    }

    /**
     * Returns the label for people.
     *
     * @return {@code in progress}, {@code success}, {@code failed} or {@code held}
     */
    public String label() {
        return label;
    }

    /**
     * Tells whether nothing is left to do.
     *
     * @return false for a run that will be finished or dropped
     */
    public boolean ended() {
        return ended;
    }
}
