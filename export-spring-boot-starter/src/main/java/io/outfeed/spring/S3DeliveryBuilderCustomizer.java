package io.outfeed.spring;

import io.outfeed.s3.S3Delivery;

/**
 * Sets options of S3 destinations in the configuration that have no property. A bean of an application; several are
 * called in their order.
 *
 * <p>Called once for each builder, on the thread that starts the application. What it throws ends the start.
 */
@FunctionalInterface
public interface S3DeliveryBuilderCustomizer {

    /**
     * Changes a builder after the properties were applied.
     *
     * @param destination the id of the destination
     * @param builder its builder
     */
    void customize(String destination, S3Delivery.Builder builder);
}
