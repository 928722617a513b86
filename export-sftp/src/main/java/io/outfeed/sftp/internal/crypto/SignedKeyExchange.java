package io.outfeed.sftp.internal.crypto;

import io.outfeed.sftp.internal.key.HostCertificate;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.signature.Signature;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.transport.kex.KeyExchangeBase;
import org.jspecify.annotations.Nullable;

/** What all key exchanges have in common: the server proves its host key by signing the whole exchange. */
abstract class SignedKeyExchange extends KeyExchangeBase {

    private BigInteger secret = BigInteger.ZERO;

    SignedKeyExchange(String digest) {
        super(new JvmDigest(digest));
        this.digest.init();
    }

    @Override
    public BigInteger getK() {
        return secret;
    }

    static KeyShare generate(KeyShare.Generator generator) throws TransportException {
        try {
            return generator.generate();
        } catch (GeneralSecurityException e) {
            throw failed("the JVM can't make the keys for it", e);
        }
    }

    /** Reads the server's reply; {@code group} is what the two sides have exchanged about the group. */
    void finish(SSHPacket reply, KeyShare share, Buffer.PlainBuffer group) throws TransportException {
        try {
            byte[] keyBlob = reply.readBytes();
            byte[] serverValue = reply.readBytes();
            byte[] proof = reply.readBytes();
            PublicKey key =
                    HostCertificate.isCertificate(keyBlob) ? HostCertificate.read(keyBlob) : PublicKeys.read(keyBlob);
            secret = share.sharedSecret(serverValue);
            byte[] exchanged = initializedBuffer()
                    .putBytes(keyBlob)
                    .putBuffer(group)
                    .putBytes(share.publicValue())
                    .putBytes(serverValue)
                    .putMPInt(secret)
                    .getCompactData();
            digest.update(exchanged);
            H = digest.digest();
            Signature signature = trans.getHostKeyAlgorithm().newSignature();
            signature.initVerify(key instanceof HostCertificate certificate ? certificate.key() : key);
            signature.update(H);
            if (!signature.verify(proof)) {
                throw failed("the server can't prove its host key", null);
            }
            hostKey = key;
        } catch (Buffer.BufferException | GeneralSecurityException e) {
            throw failed("the server's answer is wrong: " + e.getMessage(), e);
        }
    }

    static TransportException failed(String reason, @Nullable Exception cause) {
        return new TransportException(DisconnectReason.KEY_EXCHANGE_FAILED, reason, cause);
    }

    static void expect(Message expected, Message message) throws TransportException {
        if (message != expected) {
            throw failed("the server sent " + message + " for " + expected, null);
        }
    }
}
