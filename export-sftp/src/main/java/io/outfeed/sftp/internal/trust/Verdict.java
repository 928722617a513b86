package io.outfeed.sftp.internal.trust;

/** Whether a host key is trusted. */
public enum Verdict {
    TRUSTED,
    NOT_TRUSTED,
    REVOKED,
    /** It is an RSA key that others could have computed. */
    TOO_SHORT
}
