package io.outfeed.ftp.internal.path;

import static io.outfeed.ftp.internal.path.RemotePaths.join;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.TemporaryNames;
import java.util.Optional;

/**
 * The directory of a delivery, as a session knows it.
 *
 * @param path absolute
 * @param temporaryNames the names of uploads
 */
public record RemoteDirectory(String path, TemporaryNames temporaryNames) {

    /**
     * Resolves a configured directory: a relative one begins at the login's home.
     *
     * @param home as the server says
     * @return empty if the directory is relative, and the server does not say where its home is
     */
    public static Optional<RemoteDirectory> resolve(String configured, TemporaryNames names, Optional<String> home) {
        if (RemotePaths.isAbsolute(configured)) {
            return Optional.of(new RemoteDirectory(configured, names));
        }
        return home.filter(path -> RemotePaths.isAbsolute(path) && RemotePaths.isPlain(path))
                .map(path -> new RemoteDirectory(
                        configured.equals(RemotePaths.HOME) ? path : join(path, configured), names));
    }

    /** The final path of a file. */
    public String target(OutgoingFile file) {
        return join(path, file.file().path());
    }

    /** The path of a file until it is published. */
    public String temporary(OutgoingFile file) {
        return join(path, temporaryNames.path(file));
    }

    /** Whether a path is one of a file below the directory. What is stored may be damaged, or forged. */
    public boolean contains(String location) {
        String prefix = join(path, "");
        return location.startsWith(prefix)
                && !RemotePaths.isAbsolute(location.substring(prefix.length()))
                && RemotePaths.isPlain(location.substring(prefix.length()));
    }
}
