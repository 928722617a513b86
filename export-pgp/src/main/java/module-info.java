/**
 * Encryption and signatures by OpenPGP.
 */
module io.outfeed.pgp {
    requires transitive io.outfeed.core;
    requires org.bouncycastle.pg;
    requires org.bouncycastle.provider;
    requires static org.jspecify;

    exports io.outfeed.pgp;
}
