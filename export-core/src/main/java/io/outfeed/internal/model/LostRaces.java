package io.outfeed.internal.model;

import io.outfeed.error.StoreException;

/**
 * Counts how often a write was refused since another writer was faster. A store that refuses each write, such as one
 * whose reads do not see what its writes see, would keep a thread busy for ever. Used by one thread.
 */
public final class LostRaces {

    /** Far more than there are nodes and threads: each lost race is a write that another one has won. */
    private static final int MOST = 1_000;

    private final String what;
    private int lost;

    /** @param what is written, such as {@code the state of job 'visits'} */
    public LostRaces(String what) {
        this.what = what;
    }

    /**
     * Counts a lost race.
     *
     * @throws StoreException if there were too many to be races
     */
    public void lost() {
        if (++lost >= MOST) {
            throw new StoreException(
                    "the store has refused " + MOST + " times in a row to write " + what
                            + " as if others had just changed it: check that all nodes use one store, and that it reads"
                            + " what it has written (no delayed replica, no stale cache); it is tried again later",
                    null);
        }
    }
}
