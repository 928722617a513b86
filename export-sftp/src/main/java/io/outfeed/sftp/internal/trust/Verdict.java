package io.outfeed.sftp.internal.trust;

/** Whether a host key is trusted. */
public enum Verdict {
    TRUSTED,
    NOT_TRUSTED,
    REVOKED
}
