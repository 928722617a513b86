package io.outfeed.internal.connection;

import io.outfeed.internal.text.ServerName;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Addresses of files at servers of files, as clients of people open them. */
public final class FileLink {

    private FileLink() {}

    /**
     * Returns the address of a file.
     *
     * @param scheme such as {@code sftp}
     * @param server the host, {@code :} and the port, as {@link ServerName} has them
     * @param defaultPort the port that the scheme means, which is left out
     * @param path the absolute path; of a path that begins at the home of the user, an address says nothing
     * @return empty if there is no such address
     */
    public static Optional<URI> of(String scheme, String server, int defaultPort, String path) {
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        int colon = server.lastIndexOf(':');
        boolean usual = server.substring(colon).equals(":" + defaultPort);
        String authority = usual ? server.substring(0, colon) : server;
        try {
            return Optional.of(new URI(scheme, authority, path, null, null));
        } catch (URISyntaxException e) { // a host that no address can have
            return Optional.empty();
        }
    }
}
