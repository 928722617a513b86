package io.outfeed.internal.scheduling;

import java.util.Optional;

/** Whether an engine was started, and is open. Thread-safe. */
public final class EngineState {

    private enum Phase {
        NEW,
        STARTED,
        STOPPED,
        CLOSED
    }

    /** Guarded by this. */
    private Phase phase = Phase.NEW;

    /** Why the engine has stopped by itself; empty before. Guarded by this. */
    private String reason = "";

    /**
     * Marks the engine as started.
     *
     * @throws IllegalStateException if it was started before, or is closed
     */
    public synchronized void start() {
        checkOpen();
        if (phase != Phase.NEW) {
            throw new IllegalStateException("the engine was started before");
        }
        phase = Phase.STARTED;
    }

    /** Marks the engine as stopped by itself, until it is closed; false if it was before, or is closed. */
    synchronized boolean stop(String why) {
        boolean running = phase == Phase.NEW || phase == Phase.STARTED;
        if (running) {
            phase = Phase.STOPPED;
            reason = why;
        }
        return running;
    }

    /** Marks the engine as closed; false if it was before. */
    public synchronized boolean close() {
        boolean open = phase != Phase.CLOSED;
        phase = Phase.CLOSED;
        return open;
    }

    /** Returns why the engine works no more; empty if it does, or is not started yet. */
    public synchronized Optional<String> stopped() {
        return switch (phase) {
            case NEW, STARTED -> Optional.empty();
            case STOPPED -> Optional.of("it has stopped: " + reason);
            case CLOSED -> Optional.of("it is closed");
        };
    }

    public synchronized boolean isStarted() {
        return phase == Phase.STARTED;
    }

    /**
     * Checks that the engine takes requests.
     *
     * @throws IllegalStateException if it is closed, or has stopped by itself
     */
    public synchronized void checkOpen() {
        if (phase == Phase.STOPPED) {
            throw new IllegalStateException("the engine has stopped: " + reason);
        }
        if (phase == Phase.CLOSED) {
            throw new IllegalStateException("the engine is closed: make a new one");
        }
    }
}
