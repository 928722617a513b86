package io.outfeed.sftp;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHPublicKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.DHPublicKeySpec;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.signature.Signature;
import net.schmizz.sshj.transport.Transport;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.transport.digest.Digest;
import net.schmizz.sshj.transport.kex.DHGroupData;
import net.schmizz.sshj.transport.kex.KeyExchange;
import net.schmizz.sshj.transport.kex.KeyExchangeBase;
import org.jspecify.annotations.Nullable;

/**
 * Key exchanges by the providers of the JVM (RFC 4253, 4419, 5656, 8268, 8731). sshj's own register BouncyCastle, and take
 * groups of 1024 bits from a server.
 */
final class KeyExchanges {

    private static final int SMALLEST_GROUP = 2048;
    private static final int PREFERRED_GROUP = 3072;
    private static final int LARGEST_GROUP = 8192;

    private KeyExchanges() {}

    /** {@code name} as SSH calls it: there are two for the same. */
    static Factory.Named<KeyExchange> curve25519(String name) {
        return named(name, "SHA-256", KeyExchanges::x25519);
    }

    /** The curve is {@code nistp256}, {@code nistp384} or {@code nistp521}. */
    static Factory.Named<KeyExchange> ecdh(String curve, String digest) {
        return named("ecdh-sha2-" + curve, digest, () -> nist(curve));
    }

    /** A group by its number: 14, 16 or 18, or 1 for servers that know no better. */
    static Factory.Named<KeyExchange> group(int number, String sshDigest, String digest) {
        BigInteger prime = switch (number) {
            case 1 -> DHGroupData.P1;
            case 14 -> DHGroupData.P14;
            case 16 -> DHGroupData.P16;
            case 18 -> DHGroupData.P18;
            default -> throw new IllegalArgumentException("group " + number);
        };
        return named(
                "diffie-hellman-group" + number + "-" + sshDigest, digest, () -> new Modular(prime, DHGroupData.G));
    }

    /** A group that the server chooses. */
    static Factory.Named<KeyExchange> groupExchange() {
        return new Named("diffie-hellman-group-exchange-sha256", GroupExchange::new);
    }

    private static Factory.Named<KeyExchange> named(String name, String digest, Start start) {
        return new Named(name, () -> new Agreed(digest, start));
    }

    private record Named(String name, Factory<KeyExchange> factory) implements Factory.Named<KeyExchange> {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public KeyExchange create() {
            return factory.create();
        }
    }

    /** Our half of an agreement: a key pair for one use. */
    private interface Half {

        /** What the server is sent. */
        byte[] sent();

        /** What both sides know, once the server has sent its half. */
        BigInteger shared(byte[] received) throws GeneralSecurityException;
    }

    @FunctionalInterface
    private interface Start {
        Half begin() throws GeneralSecurityException;
    }

    private static BigInteger agree(String algorithm, PrivateKey ours, PublicKey theirs)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(algorithm);
        agreement.init(ours);
        agreement.doPhase(theirs, true);
        byte[] secret = agreement.generateSecret();
        try {
            return new BigInteger(1, secret);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static KeyPair pair(String algorithm, @Nullable AlgorithmParameterSpec parameters)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (parameters != null) {
            generator.initialize(parameters);
        }
        return generator.generateKeyPair();
    }

    private static Half x25519() throws GeneralSecurityException {
        KeyPair pair = pair("X25519", null);
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] sent = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return new Half() {
            @Override
            public byte[] sent() {
                return sent;
            }

            @Override
            public BigInteger shared(byte[] received) throws GeneralSecurityException {
                byte[] theirs = PublicKeys.withHeader(PublicKeys.X25519_HEADER, received);
                PublicKey key = KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(theirs));
                BigInteger shared = agree("X25519", pair.getPrivate(), key);
                if (shared.signum() == 0) {
                    throw new InvalidKeyException("the server's half is a point of small order");
                }
                return shared;
            }
        };
    }

    private static Half nist(String curve) throws GeneralSecurityException {
        KeyPair pair = pair("EC", PublicKeys.curve(curve));
        return new Half() {
            @Override
            public byte[] sent() {
                return PublicKeys.point((ECPublicKey) pair.getPublic());
            }

            @Override
            public BigInteger shared(byte[] received) throws GeneralSecurityException {
                return agree("ECDH", pair.getPrivate(), PublicKeys.ecKey(curve, received));
            }
        };
    }

    private static final class Modular implements Half {

        private final BigInteger prime;
        private final BigInteger generator;
        private final KeyPair pair;

        Modular(BigInteger prime, BigInteger generator) throws GeneralSecurityException {
            this.prime = prime;
            this.generator = generator;
            this.pair = pair("DH", new DHParameterSpec(prime, generator));
        }

        @Override
        public byte[] sent() {
            return ((DHPublicKey) pair.getPublic()).getY().toByteArray();
        }

        @Override
        public BigInteger shared(byte[] received) throws GeneralSecurityException {
            BigInteger theirs = new BigInteger(received);
            if (theirs.compareTo(BigInteger.ONE) <= 0 || theirs.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
                throw new InvalidKeyException("the server's half is out of range");
            }
            PublicKey key = KeyFactory.getInstance("DH").generatePublic(new DHPublicKeySpec(theirs, prime, generator));
            return agree("DH", pair.getPrivate(), key);
        }
    }

    /** What all have in common: the server signs everything that was said. */
    private abstract static class Base extends KeyExchangeBase {

        private BigInteger secret = BigInteger.ZERO;

        Base(String digest) {
            super(new Hash(digest));
            this.digest.init();
        }

        @Override
        public BigInteger getK() {
            return secret;
        }

        Half begin(Start start) throws TransportException {
            try {
                return start.begin();
            } catch (GeneralSecurityException e) {
                throw failed("the JVM can't make the keys for it", e);
            }
        }

        /** Reads the server's answer; {@code request} is what the two sides have said of the group. */
        void finish(SSHPacket answer, Half half, Buffer.PlainBuffer request) throws TransportException {
            try {
                byte[] keyBlob = answer.readBytes();
                byte[] theirs = answer.readBytes();
                byte[] proof = answer.readBytes();
                PublicKey key =
                        HostCertificate.isOne(keyBlob) ? HostCertificate.read(keyBlob) : PublicKeys.read(keyBlob);
                secret = half.shared(theirs);
                byte[] said = initializedBuffer()
                        .putBytes(keyBlob)
                        .putBuffer(request)
                        .putBytes(half.sent())
                        .putBytes(theirs)
                        .putMPInt(secret)
                        .getCompactData();
                digest.update(said);
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

        static TransportException failed(String why, @Nullable Exception cause) {
            return new TransportException(DisconnectReason.KEY_EXCHANGE_FAILED, why, cause);
        }

        static void expect(Message expected, Message message) throws TransportException {
            if (message != expected) {
                throw failed("the server sent " + message + " for " + expected, null);
            }
        }
    }

    private static final class Agreed extends Base {

        private final Start start;
        private @Nullable Half half;

        Agreed(String digest, Start start) {
            super(digest);
            this.start = start;
        }

        @Override
        public void init(Transport transport, String serverId, String clientId, byte[] serverInit, byte[] clientInit)
                throws GeneralSecurityException, TransportException {
            super.init(transport, serverId, clientId, serverInit, clientInit);
            half = begin(start);
            transport.write(new SSHPacket(Message.KEXDH_INIT).putBytes(half.sent()));
        }

        @Override
        public boolean next(Message message, SSHPacket packet) throws TransportException {
            Half ours = half;
            expect(Message.KEXDH_31, message);
            if (ours == null) {
                throw new IllegalStateException("init comes first");
            }
            finish(packet, ours, new Buffer.PlainBuffer());
            return true;
        }
    }

    private static final class GroupExchange extends Base {

        private final Buffer.PlainBuffer request = new Buffer.PlainBuffer()
                .putUInt32(SMALLEST_GROUP)
                .putUInt32(PREFERRED_GROUP)
                .putUInt32(LARGEST_GROUP);
        private @Nullable Half half;

        GroupExchange() {
            super("SHA-256");
        }

        @Override
        public void init(Transport transport, String serverId, String clientId, byte[] serverInit, byte[] clientInit)
                throws GeneralSecurityException, TransportException {
            super.init(transport, serverId, clientId, serverInit, clientInit);
            transport.write(new SSHPacket(Message.KEX_DH_GEX_REQUEST).putBuffer(new Buffer.PlainBuffer(request)));
        }

        @Override
        public boolean next(Message message, SSHPacket packet) throws TransportException {
            Half ours = half;
            if (ours != null) {
                expect(Message.KEX_DH_GEX_REPLY, message);
                finish(packet, ours, request);
                return true;
            }
            expect(Message.KEXDH_31, message);
            try {
                BigInteger prime = packet.readMPInt();
                BigInteger generator = packet.readMPInt();
                if (prime.signum() < 0
                        || prime.bitLength() < SMALLEST_GROUP
                        || prime.bitLength() > LARGEST_GROUP
                        || generator.compareTo(BigInteger.ONE) <= 0
                        || generator.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
                    throw failed("the server's group of " + prime.bitLength() + " bits is out of range", null);
                }
                half = begin(() -> new Modular(prime, generator));
                request.putMPInt(prime).putMPInt(generator);
                trans.write(new SSHPacket(Message.KEX_DH_GEX_INIT).putBytes(half.sent()));
                return false;
            } catch (Buffer.BufferException e) {
                throw failed("the server's group ends too early", e);
            }
        }
    }

    /** A digest of the JVM. */
    private static final class Hash implements Digest {

        private final MessageDigest digest;

        Hash(String algorithm) {
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
}
