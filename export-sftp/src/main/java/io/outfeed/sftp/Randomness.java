package io.outfeed.sftp;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.random.Random;

/**
 * Random bytes for cookies and padding: AES-CTR with keys of {@link SecureRandom}, a new one for each block. Each packet
 * wants a few bytes, which SecureRandom mixes one by one with SHA-1, and a cold JVM has to compile that. Thread-safe.
 */
final class Randomness implements Random {

    private static final int BLOCK = 4096;
    private static final int KEY_BYTES = 32;
    private static final IvParameterSpec ZERO = new IvParameterSpec(new byte[16]);

    private final SecureRandom source = new SecureRandom();
    private final byte[] block = new byte[BLOCK];
    private final javax.crypto.Cipher cipher;
    private int left;

    Randomness() {
        try {
            cipher = javax.crypto.Cipher.getInstance("AES/CTR/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

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
                refill();
            }
            int count = Math.min(left, end - at);
            System.arraycopy(block, left - count, bytes, at, count);
            Arrays.fill(block, left - count, left, (byte) 0); // given once, and found by nobody
            left -= count;
            at += count;
        }
    }

    /** The block is all zeros, as {@link #fill} leaves it, so that it becomes the key's stream. */
    private void refill() {
        byte[] key = new byte[KEY_BYTES];
        source.nextBytes(key);
        try {
            cipher.init(javax.crypto.Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), ZERO);
            left = cipher.update(block, 0, BLOCK, block, 0);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
