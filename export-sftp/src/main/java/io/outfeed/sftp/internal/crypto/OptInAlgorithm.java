package io.outfeed.sftp.internal.crypto;

/** An old algorithm that is offered only where it was enabled. The public enumeration says what each one risks. */
public enum OptInAlgorithm {
    SSH_RSA("ssh-rsa"),
    DIFFIE_HELLMAN_GROUP14_SHA1("diffie-hellman-group14-sha1"),
    DIFFIE_HELLMAN_GROUP1_SHA1("diffie-hellman-group1-sha1"),
    AES128_CBC("aes128-cbc"),
    AES256_CBC("aes256-cbc"),
    TRIPLE_DES_CBC("3des-cbc"),
    HMAC_SHA1("hmac-sha1"),
    /** No algorithm of the protocol, and never offered: keys that are accepted. */
    SHORT_RSA_KEYS("rsa-keys-under-2048-bits");

    private final String sshName;

    OptInAlgorithm(String sshName) {
        this.sshName = sshName;
    }

    public String sshName() {
        return sshName;
    }
}
