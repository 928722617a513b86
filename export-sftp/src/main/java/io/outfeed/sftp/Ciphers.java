package io.outfeed.sftp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.cipher.BlockCipher;
import net.schmizz.sshj.transport.cipher.Cipher;
import net.schmizz.sshj.transport.mac.MAC;

/** Ciphers and checksums by the providers of the JVM, that run on the processor's AES. sshj's own use BouncyCastle's. */
final class Ciphers {

    private Ciphers() {}

    static Factory.Named<Cipher> ctr(int bits) {
        return new Named<>("aes" + bits + "-ctr", () -> new Block(16, bits / 8, "AES", "CTR"));
    }

    /** Only for servers that know no better. */
    static Factory.Named<Cipher> cbc(String name, String algorithm, int blockBytes, int keyBytes) {
        return new Named<>(name, () -> new Block(blockBytes, keyBytes, algorithm, "CBC"));
    }

    /** {@code length} is that of the checksum in bytes; one with {@code etm} is made of what is encrypted. */
    static Factory.Named<MAC> hmac(String name, String algorithm, int length, boolean etm) {
        return new Named<>(name, () -> new Hmac(algorithm, length, etm));
    }

    private record Named<T>(String name, Factory<T> factory) implements Factory.Named<T> {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public T create() {
            return factory.create();
        }
    }

    private static javax.crypto.Cipher jvm(String transformation) {
        try {
            return javax.crypto.Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    private static final class Block extends BlockCipher {

        private final String transformation;

        Block(int ivBytes, int keyBytes, String algorithm, String mode) {
            super(ivBytes, keyBytes, algorithm, algorithm + "/" + mode + "/NoPadding");
            this.transformation = algorithm + "/" + mode + "/NoPadding";
        }

        @Override
        public void init(Mode mode, byte[] key, byte[] iv) {
            cipher = jvm(transformation);
            try {
                initCipher(cipher, mode, Arrays.copyOf(key, getBlockSize()), Arrays.copyOf(iv, getIVSize()));
            } catch (GeneralSecurityException e) {
                throw new SSHRuntimeException(e);
            }
        }
    }

    private static final class Hmac implements MAC {

        private final javax.crypto.Mac mac;
        private final String algorithm;
        private final int length;
        private final boolean etm;

        Hmac(String algorithm, int length, boolean etm) {
            this.algorithm = algorithm;
            this.length = length;
            this.etm = etm;
            try {
                this.mac = javax.crypto.Mac.getInstance(algorithm);
            } catch (GeneralSecurityException e) {
                throw new SSHRuntimeException(e);
            }
        }

        @Override
        public void init(byte[] key) {
            try {
                mac.init(new SecretKeySpec(Arrays.copyOf(key, length), algorithm));
            } catch (GeneralSecurityException e) {
                throw new SSHRuntimeException(e);
            }
        }

        @Override
        public int getBlockSize() {
            return length;
        }

        @Override
        public boolean isEtm() {
            return etm;
        }

        @Override
        public void update(byte[] data) {
            mac.update(data);
        }

        @Override
        public void update(byte[] data, int start, int count) {
            mac.update(data, start, count);
        }

        /** Takes the number of a packet. */
        @Override
        public void update(long number) {
            mac.update((byte) (number >>> 24));
            mac.update((byte) (number >>> 16));
            mac.update((byte) (number >>> 8));
            mac.update((byte) number);
        }

        @Override
        public byte[] doFinal() {
            return mac.doFinal();
        }

        @Override
        public byte[] doFinal(byte[] input) {
            return mac.doFinal(input);
        }

        @Override
        public void doFinal(byte[] target, int offset) {
            try {
                mac.doFinal(target, offset);
            } catch (ShortBufferException e) {
                throw new SSHRuntimeException(e);
            }
        }
    }
}
