package io.outfeed.spring;

import io.outfeed.ExportJob;

/**
 * Sets options of jobs in the configuration that have no property, such as guards. A bean of an application; several
 * are called in their order.
 *
 * <p>Called once for each builder, on the thread that starts the application. What it throws ends the start.
 */
@FunctionalInterface
public interface ExportJobBuilderCustomizer {

    /**
     * Changes a builder after the properties were applied.
     *
     * @param job the name of the job
     * @param builder its builder
     */
    void customize(String job, ExportJob.Builder builder);
}
