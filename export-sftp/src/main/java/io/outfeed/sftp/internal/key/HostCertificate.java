package io.outfeed.sftp.internal.key;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.BufferException;
import net.schmizz.sshj.common.KeyType;

/**
 * A certificate of OpenSSH for a host key, as {@code ssh-keygen -s} makes it. Reading one does not verify it.
 *
 * @param blob the whole certificate in SSH's format
 * @param key the host key that is certified
 * @param type 2 for a host
 * @param principals the names that it is for
 * @param validAfter in seconds since 1970, an unsigned number
 * @param validBefore in seconds since 1970, an unsigned number, exclusive
 * @param criticalOptions the names of the options that a client must understand
 * @param authority the key that signed it, in SSH's format
 * @param signature by the authority, of what precedes it
 * @param signedLength how many bytes of the blob are signed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and not public
public record HostCertificate(
        byte[] blob,
        PublicKey key,
        long type,
        List<String> principals,
        long validAfter,
        long validBefore,
        List<String> criticalOptions,
        byte[] authority,
        byte[] signature,
        int signedLength)
        implements PublicKey {

    private static final long serialVersionUID = 1L;
    private static final int HOST = 2;
    private static final String SUFFIX = "-cert-v01@openssh.com";

    /** Its type, such as {@code ssh-ed25519-cert-v01@openssh.com}. */
    public KeyType keyType() {
        return KeyType.fromString(KeyType.fromKey(key) + SUFFIX);
    }

    /** Whether it is for a host, rather than for a user. */
    public boolean isForHost() {
        return type == HOST;
    }

    /** Whether the authority's signature is right, and not by SHA-1. */
    public boolean hasValidSignature() {
        try {
            PublicKey signer = PublicKeys.read(authority);
            String name = new Buffer.PlainBuffer(signature).readString();
            for (SshSignature.Kind kind : SshSignature.Kind.values()) {
                if (kind.getName().equals(name) && kind != SshSignature.Kind.RSA_SHA1 && kind.fits(signer)) {
                    SshSignature check = kind.create();
                    check.initVerify(signer);
                    check.update(blob, 0, signedLength);
                    return check.verify(signature);
                }
            }
            return false;
        } catch (GeneralSecurityException | BufferException e) {
            return false;
        }
    }

    /** Whether its authority is an RSA key that is too short; false if it can't be read, and the signature is wrong. */
    boolean isByShortRsa() {
        try {
            return PublicKeys.isShortRsa(PublicKeys.read(authority));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Whether a blob is a certificate, rather than a plain key. */
    public static boolean isCertificate(byte[] blob) throws BufferException {
        return new Buffer.PlainBuffer(blob).readString().endsWith(SUFFIX);
    }

    public static HostCertificate read(byte[] blob) throws GeneralSecurityException {
        Buffer.PlainBuffer buffer = new Buffer.PlainBuffer(blob);
        try {
            String name = buffer.readString();
            KeyType keyType = KeyType.fromString(name.substring(0, name.length() - SUFFIX.length()));
            buffer.readBytes(); // nonce
            PublicKey key = PublicKeys.readNumbers(keyType, buffer);
            buffer.readUInt64AsBigInteger(); // serial
            long type = buffer.readUInt32();
            buffer.readBytes(); // the authority's name for it
            List<String> principals = strings(buffer.readBytes(), 1);
            long validAfter = buffer.readUInt64AsBigInteger().longValue();
            long validBefore = buffer.readUInt64AsBigInteger().longValue();
            List<String> criticalOptions = strings(buffer.readBytes(), 2);
            buffer.readBytes(); // extensions may be ignored
            buffer.readBytes(); // reserved
            byte[] authority = buffer.readBytes();
            int signedLength = buffer.rpos();
            byte[] signature = buffer.readBytes();
            if (buffer.available() > 0) {
                throw new InvalidKeySpecException("there is something after the certificate");
            }
            return new HostCertificate(
                    blob,
                    key,
                    type,
                    principals,
                    validAfter,
                    validBefore,
                    criticalOptions,
                    authority,
                    signature,
                    signedLength);
        } catch (BufferException e) {
            throw new InvalidKeySpecException("the certificate ends too early", e);
        }
    }

    /** The first string of each group of {@code size}. */
    private static List<String> strings(byte[] packed, int size) throws BufferException {
        List<String> strings = new ArrayList<>();
        Buffer.PlainBuffer buffer = new Buffer.PlainBuffer(packed);
        while (buffer.available() > 0) {
            strings.add(buffer.readString());
            for (int i = 1; i < size; i++) {
                buffer.readBytes();
            }
        }
        return strings;
    }

    @Override
    public String getAlgorithm() {
        return key.getAlgorithm();
    }

    @Override
    public String getFormat() {
        return "OpenSSH";
    }

    @Override
    public byte[] getEncoded() {
        return blob.clone();
    }
}
