/**
 * Delivery by SFTP.
 */
module io.outfeed.sftp {
    requires transitive io.outfeed.core;
    requires com.hierynomus.sshj;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.outfeed.sftp;
}
