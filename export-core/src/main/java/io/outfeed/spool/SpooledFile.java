package io.outfeed.spool;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * A file in a {@link Spool}, as the ledger knows it.
 *
 * <p>Immutable.
 *
 * @param run the number of the run
 * @param token the fencing token of the attempt that has saved it
 * @param name its name, unique in the run without regard to case: 1 to {@value #MAX_NAME} of the characters A-Z, a-z,
 *     0-9, {@code .}, {@code _}, {@code -} and {@code /}
 * @param bytes its size in bytes
 * @param sha256 the SHA-256 of its bytes, in 64 small hexadecimal digits
 */
public record SpooledFile(long run, long token, String name, long bytes, String sha256) {

    /** The longest name, in characters. */
    public static final int MAX_NAME = 250;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._/-]{1," + MAX_NAME + "}");

    /**
     * Checks the name and the size.
     *
     * @param run the number of the run
     * @param token the fencing token of the attempt that has saved it
     * @param name its name, unique in the run without regard to case
     * @param bytes its size in bytes
     * @param sha256 the SHA-256 of its bytes, in 64 small hexadecimal digits
     * @throws IllegalArgumentException if the name has other characters or is too long, or the size is less than zero
     */
    public SpooledFile {
        requireNonNull(name, "name");
        requireNonNull(sha256, "sha256");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a file in a spool must be 1 to " + MAX_NAME
                    + " of the characters A-Z, a-z, 0-9, '.', '_', '-' and '/'");
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be zero or more, not " + bytes);
        }
    }

    /**
     * Returns which attempt has saved it.
     *
     * @return its run and its token
     */
    public SpooledAttempt attempt() {
        return new SpooledAttempt(run, token);
    }
}
