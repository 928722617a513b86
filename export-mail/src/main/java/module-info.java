/**
 * Delivery of export files, and notifications, by email.
 */
module io.outfeed.mail {
    requires transitive io.outfeed.core;
    requires jakarta.mail;
    requires java.logging;
    requires org.eclipse.angus.mail;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.outfeed.mail;
}
