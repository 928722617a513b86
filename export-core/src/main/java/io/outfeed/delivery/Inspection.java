package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

/**
 * The result of inspecting a delivered file at its destination.
 *
 * <p>Immutable.
 *
 * @param presence whether it is there
 * @param bytes its size; zero unless it is {@link Presence#PRESENT}
 */
public record Inspection(Presence presence, long bytes) {

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
     */
    public Inspection {
        requireNonNull(presence, "presence");
        if (bytes < 0 || (bytes > 0 && presence != Presence.PRESENT)) {
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
        return new Inspection(Presence.PRESENT, bytes);
    }

    /**
     * There is no file, but its directory is there.
     *
     * @return the answer
     */
    public static Inspection missing() {
        return new Inspection(Presence.MISSING, 0);
    }

    /**
     * There is no file and no directory for it.
     *
     * @return the answer
     */
    public static Inspection directoryMissing() {
        return new Inspection(Presence.DIRECTORY_MISSING, 0);
    }

    /**
     * Something is there that is no regular file.
     *
     * @return the answer
     */
    public static Inspection other() {
        return new Inspection(Presence.OTHER, 0);
    }

    /**
     * The destination can't tell.
     *
     * @return the answer
     */
    public static Inspection notSaid() {
        return new Inspection(Presence.NOT_SAID, 0);
    }
}
