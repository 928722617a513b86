package io.outfeed.spring;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportEngine;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine after everything else of an application, and closes it before anything else.
 *
 * <p>It is in the last phase: the web server and the connections of the application are there when the first run
 * begins, and until the last one has ended. While an application is processed ahead of time it starts nothing.
 * Thread-safe.
 */
public class OutfeedLifecycle implements SmartLifecycle {

    private final ExportEngine engine;
    private final boolean autoStartup;
    private volatile boolean running;

    /**
     * Makes the life cycle of an engine.
     *
     * @param engine the engine
     * @param autoStartup whether it is started with the application
     */
    public OutfeedLifecycle(ExportEngine engine, boolean autoStartup) {
        this.engine = requireNonNull(engine, "engine");
        this.autoStartup = autoStartup;
    }

    /**
     * Starts the engine.
     *
     * @throws IllegalStateException if it was closed: an application that was stopped can't be started again with the
     *     same engine
     */
    @Override
    public void start() {
        engine.start();
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        engine.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public boolean isAutoStartup() {
        return autoStartup && !Boolean.getBoolean("spring.aot.processing");
    }

    /**
     * Returns that tests which share the application do not stop the engine between them: a closed one can't be started
     * again.
     *
     * @return false
     */
    @SuppressWarnings("MissingOverride") // it overrides from Spring 7 on
    public boolean isPauseable() {
        return false;
    }
}
