package io.outfeed.sftp.internal.transfer;

import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Converts permissions to the bits that SFTP sends. */
final class PermissionBits {

    private static final PosixFilePermission[] FROM_LOWEST_BIT = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
    };

    private PermissionBits() {}

    static int of(Set<PosixFilePermission> permissions) {
        int bits = 0;
        for (int bit = 0; bit < FROM_LOWEST_BIT.length; bit++) {
            if (permissions.contains(FROM_LOWEST_BIT[bit])) {
                bits |= 1 << bit;
            }
        }
        return bits;
    }
}
