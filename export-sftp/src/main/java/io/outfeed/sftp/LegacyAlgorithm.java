package io.outfeed.sftp;

import io.outfeed.sftp.internal.crypto.OptInAlgorithm;

/**
 * An old algorithm that is offered only if it is enabled, by name, for the one destination whose server supports
 * nothing newer. Ask the server's operator for an update first. What is broken beyond use, such as arcfour, MD5 and DSA
 * keys, can't be enabled.
 *
 * @see SftpDelivery.Builder#legacyAlgorithm
 */
public enum LegacyAlgorithm {

    /**
     * RSA keys with signatures over SHA-1, of the server and of a login. An attacker who can make two texts of the same
     * SHA-1, which has been done for some ten thousand dollars, may impersonate the server.
     */
    SSH_RSA(OptInAlgorithm.SSH_RSA),

    /** A key exchange with a good group, but over SHA-1. No practical attack is known. */
    DIFFIE_HELLMAN_GROUP14_SHA1(OptInAlgorithm.DIFFIE_HELLMAN_GROUP14_SHA1),

    /**
     * A key exchange with one group of 1024 bits for all servers, over SHA-1. An attacker who has spent the effort
     * once, which states can, reads everything that was ever sent with it.
     */
    DIFFIE_HELLMAN_GROUP1_SHA1(OptInAlgorithm.DIFFIE_HELLMAN_GROUP1_SHA1),

    /** AES with a key of 128 bits in CBC mode. An attacker in the network may recover parts of the plain text. */
    AES128_CBC(OptInAlgorithm.AES128_CBC),

    /** AES with a key of 256 bits in CBC mode. An attacker in the network may recover parts of the plain text. */
    AES256_CBC(OptInAlgorithm.AES256_CBC),

    /**
     * Triple DES in CBC mode. An attacker in the network may recover parts of the plain text, the more the longer the
     * connection: its blocks repeat after some gigabytes. It is slow, too.
     */
    TRIPLE_DES_CBC(OptInAlgorithm.TRIPLE_DES_CBC),

    /** Message authentication codes over SHA-1. The weakness of SHA-1 is not known to affect them. */
    HMAC_SHA1(OptInAlgorithm.HMAC_SHA1),

    /**
     * RSA keys of less than 2,048 bits, of the server, of an authority, and of a login. An attacker with much computing
     * power can find the private key, and impersonate its owner. A server whose only key is such an RSA key mostly
     * needs {@link #SSH_RSA} too.
     */
    SHORT_RSA_KEYS(OptInAlgorithm.SHORT_RSA_KEYS);

    private final OptInAlgorithm algorithm;

    LegacyAlgorithm(OptInAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /**
     * Returns the algorithm's name in the SSH protocol.
     *
     * @return such as {@code ssh-rsa}; {@code rsa-keys-under-2048-bits}, which is none, for {@link #SHORT_RSA_KEYS}
     */
    public String sshName() {
        return algorithm.sshName();
    }

    OptInAlgorithm algorithm() {
        return algorithm;
    }
}
