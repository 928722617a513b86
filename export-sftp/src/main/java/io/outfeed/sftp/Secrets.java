package io.outfeed.sftp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Encodes what must not stay in memory. */
final class Secrets {

    private Secrets() {}

    /** A copy, to be wiped by the caller; none other is left behind. */
    static byte[] utf8(char[] secret) {
        ByteBuffer encoded = ByteBuffer.allocate(secret.length * 3); // no char needs more
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(secret), encoded, true);
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        return bytes;
    }
}
