package io.outfeed.sftp;

import java.security.SecureRandom;
import java.util.Arrays;
import net.schmizz.sshj.transport.random.Random;

/**
 * Secure random bytes, taken from the JVM in blocks. Each packet wants a few for its padding: asked for one by one they cost a cold JVM
 * about as much as the encryption. Thread-safe.
 */
final class Randomness implements Random {

    private static final int BLOCK = 4096;

    private final SecureRandom source = new SecureRandom();
    private final byte[] block = new byte[BLOCK];
    private int left;

    @Override
    public void fill(byte[] bytes) {
        fill(bytes, 0, bytes.length);
    }

    @Override
    public synchronized void fill(byte[] bytes, int start, int length) {
        int at = start;
        int end = start + length;
        while (at < end) {
            if (left == 0) {
                source.nextBytes(block);
                left = BLOCK;
            }
            int count = Math.min(left, end - at);
            System.arraycopy(block, left - count, bytes, at, count);
            Arrays.fill(block, left - count, left, (byte) 0); // nobody gets them again, nor finds them
            left -= count;
            at += count;
        }
    }
}
