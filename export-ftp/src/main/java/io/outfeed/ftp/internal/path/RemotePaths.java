package io.outfeed.ftp.internal.path;

import io.outfeed.internal.text.PathPart;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** Joins, splits and checks paths of a server. */
public final class RemotePaths {

    /** The login's home, as a relative path. */
    public static final String HOME = ".";

    public static final String ROOT = "/";

    private RemotePaths() {}

    public static boolean isAbsolute(String path) {
        return path.startsWith(ROOT);
    }

    public static String join(String directory, String name) {
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    /** The directory of an absolute path; the root for itself. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 0 ? path.substring(0, slash) : ROOT;
    }

    /** The last part of a path. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether each part of a path is a name: it does not lead elsewhere, for servers on Windows neither. */
    public static boolean isPlain(String path) {
        String relative = isAbsolute(path) ? path.substring(1) : path;
        return path.equals(ROOT) || Stream.of(relative.split("/", -1)).allMatch(PathPart::isPlain);
    }

    /** Whether a server that knows no UTF-8 stores a path under the same name. */
    public static boolean isAscii(String path) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(path);
    }
}
