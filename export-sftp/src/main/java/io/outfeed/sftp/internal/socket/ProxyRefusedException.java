package io.outfeed.sftp.internal.socket;

import io.outfeed.error.FailureCode;
import java.io.IOException;

/** A proxy answered, but refuses the connection. */
final class ProxyRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final FailureCode code;

    ProxyRefusedException(FailureCode code, String reason) {
        super(reason);
        this.code = code;
    }

    /** The kind of failure. */
    FailureCode code() {
        return code;
    }
}
