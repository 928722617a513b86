package io.outfeed.file;

import static java.util.Objects.requireNonNull;

/**
 * The bytes of a file before its transforms.
 *
 * <p>Immutable.
 *
 * @param bytes their number
 * @param sha256 their SHA-256, in 64 small hexadecimal digits
 * @param encrypted whether a transform has encrypted them: only the receivers can read the file
 * @param kept whether they are kept next to the file, as {@link PlainCopies#KEEP} wants it
 */
public record PlainBytes(long bytes, String sha256, boolean encrypted, boolean kept) {

    /**
     * Checks that nothing is missing.
     *
     * @param bytes their number
     * @param sha256 their SHA-256, in 64 small hexadecimal digits
     * @param encrypted whether a transform has encrypted them
     * @param kept whether they are kept next to the file
     */
    public PlainBytes {
        requireNonNull(sha256, "sha256");
    }
}
