package io.outfeed.sftp.internal.path;

import io.outfeed.internal.text.PathPart;
import java.util.List;

/** Joins, splits and checks paths of a server: absolute ones, and ones relative to the login's home. */
public final class RemotePaths {

    /** The login's home, as a relative path. */
    public static final String HOME = ".";

    private static final String ROOT = "/";

    private RemotePaths() {}

    public static boolean isAbsolute(String path) {
        return path.startsWith(ROOT);
    }

    public static String join(String directory, String name) {
        if (directory.equals(HOME)) {
            return name;
        }
        return directory.endsWith("/") ? directory + name : directory + "/" + name;
    }

    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 0 ? path.substring(0, slash) : top(path);
    }

    /** The last part of a path. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The directory that contains all others: the root, or the login's home for a relative path. */
    public static String top(String path) {
        return isAbsolute(path) ? ROOT : HOME;
    }

    /** Whether each part of a path is a name: it does not lead elsewhere, for servers on Windows neither. */
    public static boolean isPlain(String path) {
        String relative = isAbsolute(path) ? path.substring(1) : path;
        return path.equals(ROOT) || List.of(relative.split("/", -1)).stream().allMatch(PathPart::isPlain);
    }
}
