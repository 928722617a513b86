package io.outfeed.sftp;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.BufferException;
import net.schmizz.sshj.common.KeyType;

/**
 * A certificate that a server shows for its host key, as {@code ssh-keygen -s} makes it. What is read here is not checked
 * yet.
 *
 * @param blob the whole certificate as SSH sends it
 * @param key the host key that is certified
 * @param type whom it is for: 2 is a host
 * @param principals the names that it is for
 * @param validAfter in seconds since 1970, an unsigned number
 * @param validBefore in seconds since 1970, an unsigned number, exclusive
 * @param criticalOptions the names of what must be understood
 * @param authority the key that has signed, as SSH sends it
 * @param signature of what comes before it
 * @param signedLength of what is signed
 */
@SuppressWarnings("ArrayRecordComponent") // compared with nothing, and never seen outside
record HostCertificate(
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
    private static final String SUFFIX = "-cert-v01@openssh.com";

    /** Whether the blob is a certificate rather than a key. */
    static boolean isOne(byte[] blob) throws BufferException {
        return new Buffer.PlainBuffer(blob).readString().endsWith(SUFFIX);
    }

    static HostCertificate read(byte[] blob) throws GeneralSecurityException {
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
