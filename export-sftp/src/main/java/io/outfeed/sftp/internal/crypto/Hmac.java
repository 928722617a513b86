package io.outfeed.sftp.internal.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.mac.MAC;

/** A message authentication code of the JVM's providers. */
final class Hmac implements MAC {

    private final javax.crypto.Mac mac;
    private final String algorithm;
    private final int bytes;
    private final boolean encryptThenMac;

    private Hmac(String algorithm, int bytes, boolean encryptThenMac) {
        this.algorithm = algorithm;
        this.bytes = bytes;
        this.encryptThenMac = encryptThenMac;
        try {
            this.mac = javax.crypto.Mac.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    /** {@code bytes} is the length of its key and of the code. */
    static Factory.Named<MAC> factory(String name, String algorithm, int bytes, boolean encryptThenMac) {
        return new NamedFactory<>(name, () -> new Hmac(algorithm, bytes, encryptThenMac));
    }

    @Override
    public void init(byte[] key) {
        try {
            mac.init(new SecretKeySpec(Arrays.copyOf(key, bytes), algorithm));
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    @Override
    public int getBlockSize() {
        return bytes;
    }

    @Override
    public boolean isEtm() {
        return encryptThenMac;
    }

    @Override
    public void update(byte[] data) {
        mac.update(data);
    }

    @Override
    public void update(byte[] data, int start, int count) {
        mac.update(data, start, count);
    }

    /** Takes a packet's sequence number. */
    @Override
    public void update(long sequenceNumber) {
        mac.update((byte) (sequenceNumber >>> 24));
        mac.update((byte) (sequenceNumber >>> 16));
        mac.update((byte) (sequenceNumber >>> 8));
        mac.update((byte) sequenceNumber);
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
