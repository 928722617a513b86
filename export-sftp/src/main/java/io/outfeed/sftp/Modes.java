package io.outfeed.sftp;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Permissions as the bits that SFTP sends. */
final class Modes {

    private static final PosixFilePermission[] FROM_LOWEST = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
    };

    private Modes() {}

    static int mask(Set<PosixFilePermission> permissions) {
        int mask = 0;
        for (int bit = 0; bit < FROM_LOWEST.length; bit++) {
            if (permissions.contains(FROM_LOWEST[bit])) {
                mask |= 1 << bit;
            }
        }
        return mask;
    }
}
