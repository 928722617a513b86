package io.outfeed.run.file;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a destination says of the file under a name. Immutable.
 *
 * @param size its size in bytes; empty if the destination does not say it
 * @param modifiedAt when it was modified, by the destination's clock; empty if not said
 * @param fileKey what identifies it whatever its name is, such as an inode; empty if not said
 */
public record FileState(OptionalLong size, Optional<Instant> modifiedAt, Optional<String> fileKey) {

    /**
     * Checks that nothing is missing.
     *
     * @param size its size in bytes
     * @param modifiedAt when it was modified
     * @param fileKey what identifies it
     */
    public FileState {
        requireNonNull(size, "size");
        requireNonNull(modifiedAt, "modifiedAt");
        requireNonNull(fileKey, "fileKey");
    }
}
