package io.outfeed.internal.io;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of files and texts. */
public final class Sha256 {

    private Sha256() {}

    /** Returns a digest that has nothing yet. Used by one thread. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
