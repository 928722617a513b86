package io.outfeed.internal.io;

import java.nio.file.Path;

/**
 * The directories that this JVM has locked, over all class loaders. Looked up before a lock file is opened: on POSIX
 * systems closing any channel of the file, that of a refused attempt too, releases the lock of the whole process.
 *
 * <p>They are system properties, which all class loaders share, with texts only, since a copy of the properties may
 * keep nothing else. Thread-safe.
 */
public final class LockedDirectories {

    private static final String PREFIX = "io.outfeed.locked.";

    private LockedDirectories() {}

    /** Adds a directory; false if it is there already. */
    public static boolean add(Path realPath) {
        return System.getProperties().putIfAbsent(PREFIX + realPath, "") == null;
    }

    public static void remove(Path realPath) {
        System.getProperties().remove(PREFIX + realPath);
    }
}
