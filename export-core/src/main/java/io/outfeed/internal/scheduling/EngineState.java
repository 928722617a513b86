package io.outfeed.internal.scheduling;

/** Whether an engine was started, and is open. Thread-safe. */
public final class EngineState {

    private enum Phase {
        NEW,
        STARTED,
        CLOSED
    }

    /** Guarded by this. */
    private Phase phase = Phase.NEW;

    /**
     * Marks the engine as started.
     *
     * @throws IllegalStateException if it was started before, or is closed
     */
    public synchronized void start() {
        if (phase != Phase.NEW) {
            throw new IllegalStateException("the engine was started before, or is closed: make a new one");
        }
        phase = Phase.STARTED;
    }

    /** Marks the engine as closed; false if it was before. */
    public synchronized boolean close() {
        boolean open = phase != Phase.CLOSED;
        phase = Phase.CLOSED;
        return open;
    }

    public synchronized boolean isStarted() {
        return phase == Phase.STARTED;
    }

    /**
     * Checks that the engine takes requests.
     *
     * @throws IllegalStateException if it is closed
     */
    public synchronized void checkOpen() {
        if (phase == Phase.CLOSED) {
            throw new IllegalStateException("the engine is closed: make a new one");
        }
    }
}
