package io.outfeed.sftp.internal.login;

/** Why a file can't be used as a private key. The message contains no secret. */
final class UnusableKeyException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableKeyException(String reason) {
        super(reason);
    }

    UnusableKeyException(String reason, Exception cause) {
        super(reason, cause);
    }

    static UnusableKeyException damaged() {
        return new UnusableKeyException("its format is damaged");
    }

    static UnusableKeyException damaged(Exception cause) {
        return new UnusableKeyException("its format is damaged", cause);
    }

    static UnusableKeyException unsupportedType() {
        return new UnusableKeyException("its type is not supported: use Ed25519, ECDSA with a NIST curve, or RSA");
    }

    static UnusableKeyException tooShort() {
        return new UnusableKeyException(
                "it is an RSA key of less than 2048 bits, which others can compute: make a longer"
                        + " one, or take the risk of legacyAlgorithm(LegacyAlgorithm.SHORT_RSA_KEYS)");
    }

    static UnusableKeyException wrongPassphrase() {
        return new UnusableKeyException("its passphrase is another one");
    }

    static UnusableKeyException wrongPassphrase(Exception cause) {
        return new UnusableKeyException("its passphrase is another one", cause);
    }

    static UnusableKeyException passphraseMissing() {
        return new UnusableKeyException("it is encrypted: give its passphrase");
    }
}
