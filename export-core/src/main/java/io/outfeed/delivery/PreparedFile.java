package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A file that a destination has but does not show yet; kept in the ledger until it is published.
 *
 * <p>Immutable and comparable.
 */
public final class PreparedFile {

    private final String location;
    private final String temporary;
    private final boolean touched;

    private PreparedFile(String location, String temporary, boolean touched) {
        this.location = requireNonNull(location, "location");
        this.temporary = requireNonNull(temporary, "temporary");
        this.touched = touched;
    }

    /**
     * A file under a temporary name, which is renamed when it is published.
     *
     * @param location where it will appear, as the destination's path
     * @param temporary its temporary path, as the destination's path
     * @return the prepared file
     */
    public static PreparedFile renamed(String location, String temporary) {
        if (temporary.isEmpty()) {
            throw new IllegalArgumentException("the temporary path is empty: use PreparedFile.direct");
        }
        return new PreparedFile(location, temporary, false);
    }

    /**
     * A file that is sent when it is published, since the destination has no rename. After a lost answer it is sent
     * again: {@link #touched} tells then that what has its name may be its own half.
     *
     * @param location where it will appear
     * @return the prepared file
     */
    public static PreparedFile direct(String location) {
        return new PreparedFile(location, "", false);
    }

    /**
     * Returns where the file will appear.
     *
     * @return the destination's path, or an address
     */
    public String location() {
        return location;
    }

    /**
     * Returns the temporary path of the file.
     *
     * @return the destination's path; empty for a file that is sent when it is published
     */
    public Optional<String> temporary() {
        return temporary.isEmpty() ? Optional.empty() : Optional.of(temporary);
    }

    /**
     * Returns the same file after a request to publish it, which the ledger has.
     *
     * @return another file that is {@link #touched}
     */
    public PreparedFile toTouched() {
        return new PreparedFile(location, temporary, true);
    }

    /**
     * Tells whether a request to publish it may have been sent before, by this process or another one. What a
     * destination without a rename has at the location may then be this file, or a part of it, and is overwritten. If
     * it was certainly not sent, what is there belongs to others.
     *
     * @return false for a file that was only prepared; not a part of {@link #equals}
     */
    public boolean touched() {
        return touched;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PreparedFile that && location.equals(that.location) && temporary.equals(that.temporary);
    }

    @Override
    public int hashCode() {
        return location.hashCode() * 31 + temporary.hashCode();
    }

    @Override
    public String toString() {
        return temporary.isEmpty() ? location : temporary + " -> " + location;
    }
}
