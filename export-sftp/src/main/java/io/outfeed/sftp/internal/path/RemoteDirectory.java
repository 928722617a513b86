package io.outfeed.sftp.internal.path;

import static io.outfeed.sftp.internal.path.RemotePaths.join;

import io.outfeed.delivery.OutgoingFile;
import io.outfeed.delivery.TemporaryNames;
import java.io.IOException;
import java.util.Optional;

/**
 * The directory of a delivery, as a session knows it.
 *
 * @param path the real path where the server tells it, otherwise the path that is configured
 * @param temporaryNames the names of uploads
 */
public record RemoteDirectory(String path, TemporaryNames temporaryNames) {

    /** Asks a server for the real path of a path. */
    @FunctionalInterface
    public interface RealPaths {
        /** Returns empty if the server refuses, or knows no such path. */
        Optional<String> of(String path) throws IOException;
    }

    /**
     * Resolves a configured directory. An absolute one is taken as it is. A relative one may be missing yet: then its
     * path follows from that of the login's home.
     */
    public static RemoteDirectory resolve(String configured, TemporaryNames names, RealPaths server)
            throws IOException {
        if (RemotePaths.isAbsolute(configured)) {
            return new RemoteDirectory(configured, names);
        }
        Optional<String> real = server.of(configured).filter(RemoteDirectory::isUsable);
        if (real.isEmpty() && !configured.equals(RemotePaths.HOME)) {
            real = server.of(RemotePaths.HOME).filter(RemoteDirectory::isUsable).map(home -> join(home, configured));
        }
        return new RemoteDirectory(real.orElse(configured), names);
    }

    private static boolean isUsable(String answer) {
        return RemotePaths.isAbsolute(answer) && RemotePaths.isPlain(answer);
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
        String prefix = path.equals(RemotePaths.HOME) ? "" : join(path, "");
        return location.startsWith(prefix)
                && !RemotePaths.isAbsolute(location.substring(prefix.length()))
                && RemotePaths.isPlain(location.substring(prefix.length()));
    }
}
