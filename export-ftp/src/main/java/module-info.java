/**
 * Delivery by FTPS, and by FTP.
 */
module io.outfeed.ftp {
    requires transitive io.outfeed.core;
    requires jdk.net;
    requires org.apache.commons.net;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.outfeed.ftp;
}
