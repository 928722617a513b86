package io.outfeed.run;

/** Why a run was started. */
public enum Trigger {
    /** A fire of its schedule. */
    SCHEDULED(true, true),
    /** A request to run now. */
    MANUAL(true, true),
    /** A request to send one record, to test the destinations. */
    TEST(false, false),
    /** A request to send the same bytes again. */
    REDELIVERY(false, false),
    /** A request to read and send the windows of an earlier run again. */
    RE_EXPORT(false, false),
    /** A request to export a window again that has been exported. */
    BACKFILL(false, false),
    /** A chunk of a backfill that the engine makes by itself. */
    BACKFILL_CHUNK(false, true),
    /** A position was set by hand: such a run has no file. */
    POSITION_RESET(false, false);

    private final boolean movesPositions;
    private final boolean triedAgain;

    Trigger(boolean movesPositions, boolean triedAgain) {
        this.movesPositions = movesPositions;
        this.triedAgain = triedAgain;
    }

    /**
     * Tells whether the records of such a run count as exported.
     *
     * @return whether the run covers windows, has a sequence and moves positions
     */
    public boolean movesPositions() {
        return movesPositions;
    }

    /**
     * Tells whether a started engine tries such a run again after a failure that time or a person can help. Otherwise
     * its caller gets the failure, and the run ends.
     *
     * @return whether such a run may wait
     */
    public boolean triedAgain() {
        return triedAgain;
    }
}
