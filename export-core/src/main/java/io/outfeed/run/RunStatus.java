package io.outfeed.run;

/**
 * The status of a run.
 *
 * <p>{@code PLANNED → STAGED → PUBLISHING → COMMITTED}. A run that ends before {@code PUBLISHING} has published nothing
 * and its window is covered by the next one; from {@code PUBLISHING} on only the bytes that it staged are sent, until
 * every destination has them. In between it may be {@code WAITING} for its next attempt, or {@code HELD}.
 */
public enum RunStatus {
    /** An attempt reads the source, or was interrupted at it. */
    PLANNED("in progress", false),
    /** The files are finished and go to the destinations under temporary names. */
    STAGED("in progress", false),
    /** The files become visible, one after the other. */
    PUBLISHING("in progress", false),
    /** No attempt is in progress: {@link ExportRun#waiting()} says what for, and until when. */
    WAITING("waiting", false),
    /** A guard or three crashes hold it until a person decides; later fire times are skipped. */
    HELD("held", false),
    /** Every destination has every file, and the positions have moved. */
    COMMITTED("success", true),
    /** There was nothing to export and no file to deliver; the positions have moved. */
    EMPTY("success", true),
    /** An error ended it before anything was published. */
    FAILED("failed", true),
    /** It was never tried: {@link ExportRun#skipReason()} says why. */
    SKIPPED("skipped", true),
    /** A person has discarded it, or set a position, before anything was published. */
    DISCARDED("discarded", true),
    /** A person has cancelled it before anything was published. */
    CANCELLED("cancelled", true),
    /** The receiver has not taken the old file; nothing was published, and the next run covers the window too. */
    DEFERRED("deferred", true),
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
     * @return one or two words in lower case, such as {@code in progress}, {@code success} or {@code failed}
     */
    public String label() {
        return label;
    }

    /**
     * Tells whether nothing is left to do.
     *
     * @return false for a run that will be finished
     */
    public boolean ended() {
        return ended;
    }
}
