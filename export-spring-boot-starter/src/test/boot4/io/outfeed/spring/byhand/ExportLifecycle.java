package io.outfeed.spring.byhand;

import io.outfeed.ExportEngine;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Starts the engine after everything else. Spring closes it. */
@Component
class ExportLifecycle implements SmartLifecycle {

    private final ExportEngine engine;
    private volatile boolean running;

    ExportLifecycle(ExportEngine engine) {
        this.engine = engine;
    }

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
}
