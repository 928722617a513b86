package io.outfeed.spring;

import io.outfeed.ExportEngine;

/**
 * Sets options of the engine that have no property. A bean of an application; several are called in their order.
 *
 * <p>Called once for each builder, on the thread that starts the application. What it throws ends the start.
 */
@FunctionalInterface
public interface ExportEngineBuilderCustomizer {

    /**
     * Changes a builder after the properties were applied.
     *
     * @param builder the builder of the engine
     */
    void customize(ExportEngine.Builder builder);
}
