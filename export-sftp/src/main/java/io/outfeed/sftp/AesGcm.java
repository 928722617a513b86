package io.outfeed.sftp;

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
 * AES in Galois/counter mode, as RFC 5647 and OpenSSH have it, by the JVM's own provider, which runs it on the processor's
 * instructions. Used by one thread at a time.
 *
 * <p>It encrypts in pieces, which are single blocks at first: the JVM compiles what is called often, and only what is
 * compiled runs on those instructions. In a JVM that is warm the length of the pieces makes no difference.
 */
final class AesGcm implements Cipher {

    private static final int BLOCK_BYTES = 16;
    private static final int PIECE = 8192;

    /** So many calls that the JVM has compiled what they call. */
    private static final int SINGLE_BLOCKS = 20_000;

    /** Of all connections. */
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
    private boolean ready;

    private AesGcm(int keyBytes) {
        this.keyBytes = keyBytes;
        try {
            cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    /** The cipher with a key of that many bits. */
    static Factory.Named<Cipher> factory(int bits) {
        return new Factory.Named<>() {
            @Override
            public String getName() {
                return "aes" + bits + "-gcm@openssh.com";
            }

            @Override
            public Cipher create() {
                return new AesGcm(bits / 8);
            }
        };
    }

    /** For sshj that is the length of the key. */
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
        ready = false;
    }

    @Override
    public void setSequenceNumber(long number) {
        // the initialization vector counts
    }

    @Override
    public void updateAAD(byte[] data) {
        updateAAD(data, 0, data.length);
    }

    @Override
    public void updateAAD(byte[] data, int offset, int length) {
        try {
            begin();
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

    /** Encrypts in place and appends the tag, or checks the tag and decrypts; then the packet is over. */
    @Override
    public void update(byte[] data, int offset, int length) {
        try {
            begin();
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
        ready = false;
    }

    private static int piece(int length) {
        if (singleBlocks.get() >= SINGLE_BLOCKS) {
            return PIECE;
        }
        singleBlocks.addAndGet(length / BLOCK_BYTES);
        return BLOCK_BYTES;
    }

    private void begin() throws GeneralSecurityException {
        if (!ready) {
            cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, iv));
            ready = true;
        }
    }
}
