package io.outfeed.sftp.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.Cipher;
import net.schmizz.sshj.transport.cipher.Cipher.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of all lengths, which are encrypted in pieces, against the JVM's cipher in one piece. */
class AesGcmTest {

    private static final int LENGTH_BYTES = 4;
    private static final int TAG_BYTES = 16;

    private final byte[] key = new byte[32];
    private final byte[] iv = new byte[12];

    /** Enough packets for single blocks at first, and longer pieces later. */
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 48, 8176, 8192, 8208, 16_384, 16_400, 32_784, 262_144})
    void should_encrypt_as_the_jvm_does_in_one_piece(int length) throws Exception {
        Random random = new Random(length);
        random.nextBytes(key);
        random.nextBytes(iv);
        Arrays.fill(
                iv, 8, iv.length, (byte) 0xff); // so that the count of the second packet carries into the other half
        Cipher cipher = cipher(Mode.Encrypt);
        Cipher back = cipher(Mode.Decrypt);

        for (int i = 0; i < 2 + 400_000 / length; i++) {
            byte[] plain = new byte[LENGTH_BYTES + length];
            random.nextBytes(plain);
            byte[] packet = Arrays.copyOf(plain, plain.length + TAG_BYTES);
            cipher.updateWithAAD(packet, 0, LENGTH_BYTES, length);

            assertThat(packet).isEqualTo(inOnePiece(plain, i));

            back.updateWithAAD(packet, 0, LENGTH_BYTES, length);
            assertThat(Arrays.copyOf(packet, plain.length)).isEqualTo(plain);
        }
    }

    @Test
    void should_reject_a_changed_packet() {
        byte[] packet = new byte[LENGTH_BYTES + 64 + TAG_BYTES];
        cipher(Mode.Encrypt).updateWithAAD(packet, 0, LENGTH_BYTES, 64);
        packet[20] ^= 1;

        assertThatThrownBy(() -> cipher(Mode.Decrypt).updateWithAAD(packet, 0, LENGTH_BYTES, 64))
                .isInstanceOf(SSHRuntimeException.class)
                .hasCauseInstanceOf(AEADBadTagException.class);
    }

    private Cipher cipher(Mode mode) {
        Cipher cipher = AesGcm.factory(256).create();
        cipher.init(mode, key, iv);
        return cipher;
    }

    /** The last eight bytes of the initialization vector count packets. */
    private byte[] inOnePiece(byte[] plain, int number) throws Exception {
        byte[] counted = iv.clone();
        long count = 0;
        for (int i = 4; i < counted.length; i++) {
            count = (count << 8) | (counted[i] & 0xff);
        }
        count += number;
        for (int i = counted.length - 1; i >= 4; i--) {
            counted[i] = (byte) count;
            count >>>= 8;
        }
        javax.crypto.Cipher cipher = javax.crypto.Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                javax.crypto.Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(TAG_BYTES * Byte.SIZE, counted));
        cipher.updateAAD(plain, 0, LENGTH_BYTES);
        byte[] packet = Arrays.copyOf(plain, plain.length + TAG_BYTES);
        cipher.doFinal(plain, LENGTH_BYTES, plain.length - LENGTH_BYTES, packet, LENGTH_BYTES);
        return packet;
    }
}
