package io.outfeed.spring;

import io.outfeed.mail.MailServer;

/**
 * Sets options of mail servers in the configuration that have no property. A bean of an application; several are called
 * in their order.
 *
 * <p>Called once for each builder, on the thread that starts the application. What it throws ends the start.
 */
@FunctionalInterface
public interface MailServerBuilderCustomizer {

    /**
     * Changes a builder after the properties were applied.
     *
     * @param server the name of the mail server
     * @param builder its builder
     */
    void customize(String server, MailServer.Builder builder);
}
