package io.outfeed.sftp.internal.key;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.signature.Signature;

/** A signature in SSH's format by the JVM's providers. Not thread-safe. */
public final class SshSignature implements Signature {

    private final Kind kind;
    private final java.security.Signature signature;
    private int length;

    private SshSignature(Kind kind) {
        this.kind = kind;
        try {
            this.signature = java.security.Signature.getInstance(kind.algorithm);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    /** The supported signature algorithms. All but {@link #RSA_SHA1} use SHA-2. */
    public enum Kind implements Factory.Named<Signature> {
        ED25519("ssh-ed25519", "Ed25519", 0),
        ECDSA256("ecdsa-sha2-nistp256", "SHA256withECDSAinP1363Format", 32),
        ECDSA384("ecdsa-sha2-nistp384", "SHA384withECDSAinP1363Format", 48),
        ECDSA521("ecdsa-sha2-nistp521", "SHA512withECDSAinP1363Format", 66),
        RSA_SHA512("rsa-sha2-512", "SHA512withRSA", 0),
        RSA_SHA256("rsa-sha2-256", "SHA256withRSA", 0),
        RSA_SHA1("ssh-rsa", "SHA1withRSA", 0);

        private final String sshName;
        private final String algorithm;

        /** The length in bytes of each of the two numbers of an ECDSA signature; 0 for the others. */
        private final int numberBytes;

        Kind(String sshName, String algorithm, int numberBytes) {
            this.sshName = sshName;
            this.algorithm = algorithm;
            this.numberBytes = numberBytes;
        }

        /** Whether a key can make such signatures. */
        public boolean fits(PublicKey key) {
            KeyType type = KeyType.fromKey(key);
            return type == KeyType.RSA
                    ? sshName.contains("rsa")
                    : type.toString().equals(sshName);
        }

        @Override
        public String getName() {
            return sshName;
        }

        @Override
        public SshSignature create() {
            return new SshSignature(this);
        }
    }

    @Override
    public String getSignatureName() {
        return kind.sshName;
    }

    @Override
    public void initVerify(PublicKey key) {
        try {
            signature.initVerify(key);
            length = key instanceof RSAPublicKey rsa ? (rsa.getModulus().bitLength() + 7) / 8 : 0;
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    @Override
    public void initSign(PrivateKey key) {
        try {
            signature.initSign(key);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    @Override
    public void update(byte[] data) {
        update(data, 0, data.length);
    }

    @Override
    public void update(byte[] data, int offset, int count) {
        try {
            signature.update(data, offset, count);
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    @Override
    public byte[] sign() {
        try {
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    @Override
    public byte[] encode(byte[] raw) {
        if (kind.numberBytes == 0) {
            return raw;
        }
        return new Buffer.PlainBuffer()
                .putMPInt(new BigInteger(1, raw, 0, kind.numberBytes))
                .putMPInt(new BigInteger(1, raw, kind.numberBytes, kind.numberBytes))
                .getCompactData();
    }

    /** Also returns false for a signature of another kind. */
    @Override
    public boolean verify(byte[] sent) {
        try {
            Buffer.PlainBuffer buffer = new Buffer.PlainBuffer(sent);
            if (!buffer.readString().equals(kind.sshName)) {
                return false;
            }
            byte[] raw = buffer.readBytes();
            if (buffer.available() > 0) {
                return false;
            }
            if (kind.numberBytes > 0) {
                Buffer.PlainBuffer numbers = new Buffer.PlainBuffer(raw);
                BigInteger r = numbers.readMPInt();
                BigInteger s = numbers.readMPInt();
                int bits = kind.numberBytes * 8;
                if (numbers.available() > 0
                        || r.signum() < 0
                        || s.signum() < 0
                        || r.bitLength() > bits
                        || s.bitLength() > bits) {
                    return false;
                }
                raw = new byte[2 * kind.numberBytes];
                PublicKeys.put(r, raw, 0, kind.numberBytes);
                PublicKeys.put(s, raw, kind.numberBytes, kind.numberBytes);
            } else if (raw.length < length) { // some servers omit leading zeros
                byte[] padded = new byte[length];
                System.arraycopy(raw, 0, padded, length - raw.length, raw.length);
                raw = padded;
            }
            return signature.verify(raw);
        } catch (Buffer.BufferException | GeneralSecurityException e) {
            return false;
        }
    }
}
