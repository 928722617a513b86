package io.outfeed.sftp;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a delivery does with the files once it is logged in. {@code permissions} is null where they are left alone. */
record TransferOptions(
        SftpPublication publication,
        boolean makesDirectory,
        @Nullable Set<PosixFilePermission> permissions,
        boolean keepsTimes,
        Duration deliveryTimeout,
        Duration keepIdle,
        int connections) {

    /** No files are transferred. */
    static final TransferOptions NONE =
            new TransferOptions(SftpPublication.PROBE, false, null, false, Duration.ZERO, Duration.ZERO, 1);
}
