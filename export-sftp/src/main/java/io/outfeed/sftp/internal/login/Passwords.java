package io.outfeed.sftp.internal.login;

import io.outfeed.internal.failure.HostCalls;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Handles passwords and passphrases in arrays that the caller wipes. */
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

    /** Encodes a secret and leaves no other copy of it in memory. The caller must wipe the result. */
    public static byte[] utf8(char[] secret) {
        ByteBuffer encoded = ByteBuffer.allocate(secret.length * 3); // no char needs more
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(secret), encoded, true);
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}
