package io.outfeed.sftp.internal.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.digest.Digest;

/** A message digest of the JVM's providers. */
final class JvmDigest implements Digest {

    private final MessageDigest digest;

    JvmDigest(String algorithm) {
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    @Override
    public void init() {
        digest.reset();
    }

    @Override
    public int getBlockSize() {
        return digest.getDigestLength();
    }

    @Override
    public void update(byte[] data) {
        digest.update(data);
    }

    @Override
    public void update(byte[] data, int start, int length) {
        digest.update(data, start, length);
    }

    @Override
    public byte[] digest() {
        return digest.digest();
    }
}
