package io.outfeed.directory;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** An open folder. Its operations follow no link that has one of its names. Used by one thread. */
interface Folder extends Closeable {

    /** Returns the folder of that name in it, open. */
    Folder folder(String name) throws IOException;

    /** Returns what has a name; empty if nothing has it. */
    Optional<BasicFileAttributes> attributes(String name) throws IOException;

    /** Returns the permissions of a file; requires POSIX. */
    Set<PosixFilePermission> permissions(String name) throws IOException;

    /**
     * Makes a file for writing, with these attributes from its first moment.
     *
     * @throws java.nio.file.FileAlreadyExistsException if anything has the name, be it a link that leads nowhere
     */
    FileChannel create(String name, FileAttribute<?>... attributes) throws IOException;

    InputStream read(String name) throws IOException;

    /** Moves a file into a folder that was opened in the same way, in one step, and replaces what has the new name. */
    void rename(String from, Folder into, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Where it is, as far as its path still leads there. */
    Path path();
}
