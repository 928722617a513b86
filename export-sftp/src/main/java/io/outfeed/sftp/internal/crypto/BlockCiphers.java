package io.outfeed.sftp.internal.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.BlockCipher;
import net.schmizz.sshj.transport.cipher.Cipher;

/** Ciphers of the JVM's providers, which use the processor's AES instructions; sshj's own use BouncyCastle's. */
final class BlockCiphers {

    private BlockCiphers() {}

    static Factory.Named<Cipher> ctr(int bits) {
        return new NamedFactory<>("aes" + bits + "-ctr", () -> new JvmBlockCipher(16, bits / 8, "AES", "CTR"));
    }

    /** Only for servers that support nothing newer. */
    static Factory.Named<Cipher> cbc(String name, String algorithm, int blockBytes, int keyBytes) {
        return new NamedFactory<>(name, () -> new JvmBlockCipher(blockBytes, keyBytes, algorithm, "CBC"));
    }

    private static final class JvmBlockCipher extends BlockCipher {

        private final String transformation;

        JvmBlockCipher(int ivBytes, int keyBytes, String algorithm, String mode) {
            super(ivBytes, keyBytes, algorithm, algorithm + "/" + mode + "/NoPadding");
            this.transformation = algorithm + "/" + mode + "/NoPadding";
        }

        @Override
        public void init(Mode mode, byte[] key, byte[] iv) {
            try {
                cipher = javax.crypto.Cipher.getInstance(transformation);
                initCipher(cipher, mode, Arrays.copyOf(key, getBlockSize()), Arrays.copyOf(iv, getIVSize()));
            } catch (GeneralSecurityException e) {
                throw new SSHRuntimeException(e);
            }
        }
    }
}
