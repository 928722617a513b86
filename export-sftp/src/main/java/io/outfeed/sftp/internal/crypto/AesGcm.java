package io.outfeed.sftp.internal.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * AES in Galois/counter mode, as RFC 5647 and OpenSSH define it, by the JVM's own provider, which uses the processor's
 * AES instructions. Not thread-safe.
 *
 * <p>It encrypts in pieces, which are single blocks at first: the JVM compiles what is called often, and only compiled
 * code uses those instructions. In a warm JVM the length of the pieces makes no difference.
 */
final class AesGcm implements Cipher {

    private static final int BLOCK_BYTES = 16;
    private static final int PIECE = 8192;

    /** After that many calls the JVM has compiled the code that they run. */
    private static final int SINGLE_BLOCKS = 20_000;

    /** Of all connections together. */
    private static final AtomicInteger singleBlocks = new AtomicInteger();

    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;

    /** The last eight bytes of the initialization vector count packets. */
    private static final int COUNTER_OFFSET = 4;

    private final int keyBytes;
    private final javax.crypto.Cipher cipher;
    private final byte[] iv = new byte[IV_BYTES];
    private @Nullable SecretKeySpec key;
    private int mode;
    private boolean initialized;

    private AesGcm(int keyBytes) {
        this.keyBytes = keyBytes;
        try {
            cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    /** {@code bits} is the length of the key. */
    static Factory.Named<Cipher> factory(int bits) {
        return new NamedFactory<>("aes" + bits + "-gcm@openssh.com", () -> new AesGcm(bits / 8));
    }

    /** The length of the key: what sshj calls the block size. */
    @Override
    public int getBlockSize() {
        return keyBytes;
    }

    @Override
    public int getIVSize() {
        return IV_BYTES;
    }

    @Override
    public int getAuthenticationTagSize() {
        return TAG_BYTES;
    }

    @Override
    public void init(Mode mode, byte[] key, byte[] iv) {
        this.mode = mode == Mode.Encrypt ? javax.crypto.Cipher.ENCRYPT_MODE : javax.crypto.Cipher.DECRYPT_MODE;
        this.key = new SecretKeySpec(Arrays.copyOf(key, keyBytes), "AES");
        System.arraycopy(iv, 0, this.iv, 0, IV_BYTES);
        initialized = false;
    }

    @Override
    public void setSequenceNumber(long number) {
        // the initialization vector counts the packets
    }

    @Override
    public void updateAAD(byte[] data) {
        updateAAD(data, 0, data.length);
    }

    @Override
    public void updateAAD(byte[] data, int offset, int length) {
        try {
            initialize();
            cipher.updateAAD(data, offset, length);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    @Override
    public void updateWithAAD(byte[] data, int offset, int plain, int length) {
        updateAAD(data, offset, plain);
        update(data, offset + plain, length);
    }

    /** Encrypts in place and appends the tag, or checks the tag and decrypts. This ends the packet. */
    @Override
    public void update(byte[] data, int offset, int length) {
        try {
            initialize();
            if (mode == javax.crypto.Cipher.DECRYPT_MODE) {
                cipher.doFinal(data, offset, length + TAG_BYTES, data, offset);
            } else {
                int end = offset + length;
                int at = offset;
                int piece = piece(length);
                while (end - at > BLOCK_BYTES) {
                    int blocks = (end - at - 1)
                            / BLOCK_BYTES
                            * BLOCK_BYTES; // the last stays for doFinal, which is compiled later
                    at += cipher.update(data, at, Math.min(piece, blocks), data, at);
                }
                cipher.doFinal(data, at, end - at, data, at);
            }
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
        ByteBuffer counter = ByteBuffer.wrap(iv);
        counter.putLong(COUNTER_OFFSET, counter.getLong(COUNTER_OFFSET) + 1);
        initialized = false;
    }

    private static int piece(int length) {
        if (singleBlocks.get() >= SINGLE_BLOCKS) {
            return PIECE;
        }
        singleBlocks.addAndGet(length / BLOCK_BYTES);
        return BLOCK_BYTES;
    }

    private void initialize() throws GeneralSecurityException {
        if (!initialized) {
            cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
            initialized = true;
        }
    }
}
