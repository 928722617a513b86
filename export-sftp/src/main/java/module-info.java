/**
 * Delivery by SFTP.
 */
module io.outfeed.sftp {
    requires transitive io.outfeed.core;
    requires com.hierynomus.sshj;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.outfeed.sftp;
}
