package io.outfeed.spring;

import io.outfeed.jdbc.store.JdbcStore;

/**
 * Sets options of the store in a database that have no property. A bean of an application; several are called in their
 * order.
 *
 * <p>Called once for each builder, on the thread that starts the application. What it throws ends the start.
 */
@FunctionalInterface
public interface JdbcStoreBuilderCustomizer {

    /**
     * Changes a builder after the properties were applied.
     *
     * @param builder the builder of the store
     */
    void customize(JdbcStore.Builder builder);
}
