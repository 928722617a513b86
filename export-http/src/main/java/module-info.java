/**
 * Delivery by HTTPS, and notifications by webhook.
 */
module io.outfeed.http {
    requires transitive io.outfeed.core;
    requires java.net.http;
    requires static org.jspecify;

    exports io.outfeed.http;
}
