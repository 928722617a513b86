package io.outfeed.sftp.internal.socket;

import java.io.IOException;

/** A proxy answered, but refuses the connection. */
final class ProxyRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean permanent;

    ProxyRefusedException(String reason, boolean permanent) {
        super(reason);
        this.permanent = permanent;
    }

    boolean permanent() {
        return permanent;
    }
}
