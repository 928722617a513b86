package io.outfeed.ftp.internal.login;

import io.outfeed.internal.failure.HostCalls;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Handles passwords in arrays that the caller wipes. */
public final class Passwords {

    private Passwords() {}

    /**
     * Asks a supplier, and copies what it returns. The caller must wipe the copy.
     *
     * @param name such as {@code password}, for messages
     */
    public static char[] copyOf(String name, Supplier<char[]> supplier) throws LoginException {
        char @Nullable [] supplied;
        try {
            supplied = supplier.get();
        } catch (Throwable e) { // its message may have the secret
            throw LoginException.noSecret("the supplier of the " + name + " failed", HostCalls.redact(e));
        }
        if (supplied == null) {
            throw LoginException.noSecret("the supplier of the " + name + " gave null", null);
        }
        return supplied.clone();
    }

    /**
     * As above, for a password that is sent as a line: a line break in it would begin another command.
     */
    public static char[] lineOf(String name, Supplier<char[]> supplier) throws LoginException {
        char[] copy = copyOf(name, supplier);
        for (char c : copy) {
            if (c == '\r' || c == '\n' || c == 0) {
                Arrays.fill(copy, ' ');
                throw LoginException.refused(
                        "the " + name + " has a line break, which FTP can't send: correct what supplies it", null);
            }
        }
        return copy;
    }
}
