package io.outfeed.run;

/** Why a run was started. */
public enum Trigger {
    /** Its schedule said so. */
    SCHEDULED(true),
    /** Somebody asked for it. */
    MANUAL(true),
    /** Somebody asked for one record, to try the way to the destinations. */
    TEST(false),
    /** Somebody asked for the same bytes again. */
    REDELIVERY(false),
    /** Somebody asked for the window of an earlier run again, read afresh. */
    RE_EXPORT(false),
    /** Somebody asked for a window that has been exported. */
    BACKFILL(false),
    /** Somebody has set a position by hand: such a run has no file. */
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
