package io.outfeed.ftp.internal.tls;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version of TLS in which the data connections of a server can resume the session of the control connection.
 * Thread-safe.
 *
 * <p>A session of TLS 1.2 that has an id can be resumed any number of times. One without an id comes with a ticket,
 * which the JDK does not use in TLS 1.2; in TLS 1.3 it does, and needs another ticket for each connection. So 1.2 is
 * tried first, and 1.3 where the session has no id, or the server does not take 1.2.
 */
public final class TlsVersionHint {

    private volatile @Nullable TlsVersion version;

    /** Nothing is known of the server yet. */
    public TlsVersionHint() {
        // there is nothing to set
    }

    /** What was found out before. */
    public Optional<TlsVersion> version() {
        return Optional.ofNullable(version);
    }

    /** Remembers it for the next connections. */
    public void remember(TlsVersion found) {
        version = found;
    }

    /** The next connection finds it out again. */
    public void forget() {
        version = null;
    }
}
