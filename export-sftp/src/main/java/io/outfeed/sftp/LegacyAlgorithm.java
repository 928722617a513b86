package io.outfeed.sftp;

/**
 * An old algorithm that is not offered unless it is allowed, by name, for the one destination whose server knows no
 * better. Have the server's operator update it instead, where that can be had. What is broken beyond use, such as arcfour,
 * MD5 and DSA keys, can't be allowed.
 *
 * <p>Immutable and thread-safe.
 *
 * @see SftpDelivery.Builder#allow
 */
public enum LegacyAlgorithm {

    /**
     * RSA keys with signatures over SHA-1, of the server and of a login. Who can make two texts of the same SHA-1, which
     * has been done for some ten thousand dollars, may come to pass for the server.
     */
    SSH_RSA("ssh-rsa"),

    /** A key exchange with a good group, but over SHA-1. The weakness is not known to be of use to anybody yet. */
    DIFFIE_HELLMAN_GROUP14_SHA1("diffie-hellman-group14-sha1"),

    /**
     * A key exchange with one group of 1024 bits for all, over SHA-1. Who has spent the effort once, which states can,
     * reads everything that was ever sent by it.
     */
    DIFFIE_HELLMAN_GROUP1_SHA1("diffie-hellman-group1-sha1"),

    /** AES with a key of 128 bits by chained blocks. Who sits between the two sides may guess at parts of the text. */
    AES128_CBC("aes128-cbc"),

    /** AES with a key of 256 bits by chained blocks. Who sits between the two sides may guess at parts of the text. */
    AES256_CBC("aes256-cbc"),

    /**
     * Triple DES. Who sits between the two sides may guess at parts of the text, the more the longer the connection: its
     * blocks repeat after some gigabytes. It is slow, too.
     */
    TRIPLE_DES_CBC("3des-cbc"),

    /** Checksums over SHA-1. The weakness of SHA-1 is not known to help against them. */
    HMAC_SHA1("hmac-sha1");

    private final String sshName;

    LegacyAlgorithm(String sshName) {
        this.sshName = sshName;
    }

    /**
     * Returns what the protocol calls it.
     *
     * @return such as {@code ssh-rsa}
     */
    public String sshName() {
        return sshName;
    }
}
