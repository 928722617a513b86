package io.outfeed.sftp.internal.channel;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Converts permissions to the bits that SFTP sends, and back to text. */
public final class PermissionBits {

    private static final PosixFilePermission[] FROM_LOWEST_BIT = {
        PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
    };

    private PermissionBits() {}

    public static int of(Set<PosixFilePermission> permissions) {
        int bits = 0;
        for (int bit = 0; bit < FROM_LOWEST_BIT.length; bit++) {
            if (permissions.contains(FROM_LOWEST_BIT[bit])) {
                bits |= 1 << bit;
            }
        }
        return bits;
    }

    /** Returns the permissions as {@code ls} shows them; other bits are left out. */
    public static String text(int bits) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < FROM_LOWEST_BIT.length; bit++) {
            if ((bits & 1 << bit) != 0) {
                permissions.add(FROM_LOWEST_BIT[bit]);
            }
        }
        return PosixFilePermissions.toString(permissions);
    }
}
