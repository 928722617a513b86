package io.outfeed.ftp.internal.tls;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The version of TLS in which the data connections of a server can resume the session of the control connection.
 * Thread-safe.
 *
 * <p>A session of TLS 1.2 can be resumed any number of times, so that version is tried first. The JDK does not use a
 * ticket of TLS 1.2 that is valid for more than a week, as those of vsftpd are: then a server that demands the
 * resumption refuses the first data connection. In TLS 1.3 tickets are never valid for longer, but each is used once,
 * and not each server sends another one by the data connection: that version is tried second, and where the server has
 * no other.
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
