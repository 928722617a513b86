package io.outfeed.sftp.outbox;

import io.outfeed.file.IfExists;
import java.util.List;

/**
 * What a test varies of the host.
 *
 * @param permissions those of the files; empty to leave them to the umask
 * @param recopies how often the watch copies a vanished file again
 */
record HostOptions(
        String umask,
        String permissions,
        String fileName,
        String ifExists,
        boolean folders,
        boolean watched,
        int recopies) {

    /** What the page recommends. */
    static HostOptions ofThePage() {
        return new HostOptions("0027", "rw-r-----", "interactions-{sequence}.csv", "FAIL", false, false, 0);
    }

    HostOptions umask(String other) {
        return new HostOptions(other, permissions, fileName, ifExists, folders, watched, recopies);
    }

    HostOptions permissions(String other) {
        return new HostOptions(umask, other, fileName, ifExists, folders, watched, recopies);
    }

    HostOptions ifExists(IfExists other) {
        return new HostOptions(umask, permissions, fileName, other.name(), folders, watched, recopies);
    }

    /** With a folder {@code 2026}. */
    HostOptions inFolders() {
        return new HostOptions(umask, permissions, fileName, ifExists, true, watched, recopies);
    }

    /** With a retention of 90 days, and {@code done} for a folder to which the customer moves files. */
    HostOptions watched(int recopies) {
        return new HostOptions(umask, permissions, fileName, ifExists, folders, true, recopies);
    }

    List<String> arguments() {
        return List.of(
                umask,
                permissions,
                fileName,
                ifExists,
                Boolean.toString(folders),
                Boolean.toString(watched),
                Integer.toString(recopies));
    }

    static HostOptions of(List<String> arguments) {
        return new HostOptions(
                arguments.get(0),
                arguments.get(1),
                arguments.get(2),
                arguments.get(3),
                Boolean.parseBoolean(arguments.get(4)),
                Boolean.parseBoolean(arguments.get(5)),
                Integer.parseInt(arguments.get(6)));
    }
}
