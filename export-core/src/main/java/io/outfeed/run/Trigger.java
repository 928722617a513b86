package io.outfeed.run;

/** Why a run was started. */
public enum Trigger {
    /** A fire of its schedule. */
    SCHEDULED(true),
    /** A request to run now. */
    MANUAL(true),
    /** A request to send one record, to test the destinations. */
    TEST(false),
    /** A request to send the same bytes again. */
    REDELIVERY(false),
    /** A request to read and send the windows of an earlier run again. */
    RE_EXPORT(false),
    /** A request to export a window again that has been exported. */
    BACKFILL(false),
    /** A position was set by hand: such a run has no file. */
    POSITION_RESET(false);

    private final boolean movesPositions;

    Trigger(boolean movesPositions) {
        this.movesPositions = movesPositions;
    }

    /**
     * Tells whether the records of such a run count as exported.
     *
     * @return whether the run covers windows, has a sequence and moves positions
     */
    public boolean movesPositions() {
        return movesPositions;
    }
}
