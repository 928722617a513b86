package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * The result of inspecting a file at its destination.
 *
 * <p>Immutable.
 *
 * @param presence whether it is there
 * @param bytes its size; zero unless it is {@link Presence#PRESENT}
 * @param modifiedAt when it was modified, by the destination's clock; empty if not said
 * @param fileKey what identifies it whatever its name is, such as an inode with its device; empty if not said
 */
public record Inspection(Presence presence, long bytes, Optional<Instant> modifiedAt, Optional<String> fileKey) {

    /** Whether a file is there. */
    public enum Presence {
        /** A regular file has the name. */
        PRESENT,
        /** Nothing has the name, and the directory where it would be is there. */
        MISSING,
        /** The directory where it would be is not there either. */
        DIRECTORY_MISSING,
        /** Something has the name that is no regular file, such as a directory or a link. */
        OTHER,
        /** The destination can't tell, or must not. */
        NOT_SAID
    }

    /**
     * Checks the size.
     *
     * @param presence whether it is there
     * @param bytes its size; zero unless it is {@link Presence#PRESENT}
     * @param modifiedAt when it was modified; empty unless it is present
     * @param fileKey what identifies it; empty unless it is present
     */
    public Inspection {
        requireNonNull(presence, "presence");
        boolean described = bytes > 0 || modifiedAt.isPresent() || fileKey.isPresent();
        if (bytes < 0 || (described && presence != Presence.PRESENT)) {
            throw new IllegalArgumentException("a file that is " + presence + " can't have " + bytes + " bytes");
        }
    }

    /**
     * A regular file is there.
     *
     * @param bytes its size
     * @return the answer
     */
    public static Inspection present(long bytes) {
        return present(bytes, Optional.empty(), Optional.empty());
    }

    /**
     * A regular file is there, and the destination says more about it.
     *
     * @param bytes its size
     * @param modifiedAt when it was modified, by the destination's clock
     * @param fileKey what identifies it whatever its name is
     * @return the answer
     */
    public static Inspection present(long bytes, Optional<Instant> modifiedAt, Optional<String> fileKey) {
        return new Inspection(Presence.PRESENT, bytes, modifiedAt, fileKey);
    }

    private static Inspection of(Presence presence) {
        return new Inspection(presence, 0, Optional.empty(), Optional.empty());
    }

    /**
     * Tells whether nothing has the name.
     *
     * @return whether the file, or its directory, is missing
     */
    public boolean isMissing() {
        return presence == Presence.MISSING || presence == Presence.DIRECTORY_MISSING;
    }

    /**
     * There is no file, but its directory is there.
     *
     * @return the answer
     */
    public static Inspection missing() {
        return of(Presence.MISSING);
    }

    /**
     * There is no file and no directory for it.
     *
     * @return the answer
     */
    public static Inspection directoryMissing() {
        return of(Presence.DIRECTORY_MISSING);
    }

    /**
     * Something is there that is no regular file.
     *
     * @return the answer
     */
    public static Inspection other() {
        return of(Presence.OTHER);
    }

    /**
     * The destination can't tell.
     *
     * @return the answer
     */
    public static Inspection notSaid() {
        return of(Presence.NOT_SAID);
    }
}
