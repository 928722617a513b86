package io.outfeed.internal.connection;

/** A connection to a server that sessions use one after the other. */
public interface PooledConnection {

    /** Returns what releases it when it hangs. */
    Watchdog watchdog();

    /** Asks the server whether it is still there. */
    boolean answers();

    /** Whether nothing can be sent on it any more. */
    boolean broken();

    void close();
}
