package io.outfeed.sftp.internal.trust;

import net.schmizz.sshj.common.KeyType;
import org.jspecify.annotations.Nullable;

/**
 * The type of the host key that was trusted last. It is requested first, since a server with several keys otherwise
 * needs a connection for each. Thread-safe.
 */
public final class HostKeyTypeHint {

    private volatile @Nullable KeyType type;

    /** Returns null before the first connection. */
    public @Nullable KeyType type() {
        return type;
    }

    public void type(@Nullable KeyType trusted) {
        type = trusted;
    }
}
