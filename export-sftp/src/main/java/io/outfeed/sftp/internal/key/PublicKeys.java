package io.outfeed.sftp.internal.key;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.BufferException;
import net.schmizz.sshj.common.KeyType;

/**
 * Reads and writes public keys in SSH's format by the JVM's providers; sshj's own reader would register BouncyCastle.
 */
public final class PublicKeys {

    /** What precedes the 32 bytes of a key in its X.509 form. */
    public static final byte[] ED25519_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");

    public static final byte[] X25519_HEADER = HexFormat.of().parseHex("302a300506032b656e032100");

    /** Longer than any key in use. A limit, since each bit costs time. */
    private static final int LONGEST_RSA = 16_384;

    private static final int SHORTEST_RSA = 2048;

    private PublicKeys() {}

    /** The key in SSH's format. */
    public static byte[] blob(PublicKey key) {
        return key instanceof HostCertificate certificate
                ? certificate.blob()
                : new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    }

    /** The type of a key or a certificate. */
    public static KeyType typeOf(PublicKey key) {
        return key instanceof HostCertificate certificate ? certificate.keyType() : KeyType.fromKey(key);
    }

    /**
     * Whether it is an RSA key that is too short to prove anything today; or a certificate of such a key, or by such a
     * key.
     */
    public static boolean isShortRsa(PublicKey key) {
        if (key instanceof HostCertificate certificate) {
            return isShortRsa(certificate.key()) || certificate.isByShortRsa();
        }
        return key instanceof RSAKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA;
    }

    /** The key as in a line of authorized_keys or known_hosts: its type, and its blob in Base64. */
    public static String line(PublicKey key) {
        return KeyType.fromKey(key) + " " + Base64.getEncoder().encodeToString(blob(key));
    }

    /** The fingerprint of a key as {@code ssh-keygen -l} shows it. */
    public static String fingerprint(PublicKey key) {
        return fingerprint(blob(key));
    }

    /** The fingerprint of a key in SSH's format. */
    public static String fingerprint(byte[] blob) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** Reads a whole key: its type, its numbers, and nothing after them. */
    public static PublicKey read(byte[] blob) throws GeneralSecurityException {
        Buffer.PlainBuffer buffer = new Buffer.PlainBuffer(blob);
        try {
            PublicKey key = readNumbers(KeyType.fromString(buffer.readString()), buffer);
            if (buffer.available() > 0) {
                throw new InvalidKeySpecException("there is something after the key");
            }
            return key;
        } catch (BufferException e) {
            throw new InvalidKeySpecException("the key ends too early", e);
        }
    }

    /** Reads the numbers of a key, which follow its type. */
    static PublicKey readNumbers(KeyType type, Buffer<?> buffer) throws GeneralSecurityException, BufferException {
        switch (type) {
            case RSA -> {
                BigInteger exponent = buffer.readMPInt();
                BigInteger modulus = buffer.readMPInt();
                if (modulus.signum() <= 0 || exponent.signum() <= 0 || modulus.bitLength() > LONGEST_RSA) {
                    throw new InvalidKeySpecException("the numbers are no RSA key");
                }
                return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
            }
            case ECDSA256, ECDSA384, ECDSA521 -> {
                String curve = type.toString().substring("ecdsa-sha2-".length());
                if (!buffer.readString().equals(curve)) {
                    throw new InvalidKeySpecException("the curve is not that of the type");
                }
                return ecKey(curve, buffer.readBytes());
            }
            case ED25519 -> {
                return KeyFactory.getInstance("Ed25519")
                        .generatePublic(new X509EncodedKeySpec(withHeader(ED25519_HEADER, buffer.readBytes())));
            }
            default -> throw new InvalidKeySpecException("keys of this type are not supported");
        }
    }

    /** The X.509 form of a key of 32 bytes. */
    public static byte[] withHeader(byte[] header, byte[] key) throws InvalidKeySpecException {
        if (key.length != 32) {
            throw new InvalidKeySpecException("the key is not 32 bytes long");
        }
        byte[] encoded = new byte[header.length + key.length];
        System.arraycopy(header, 0, encoded, 0, header.length);
        System.arraycopy(key, 0, encoded, header.length, key.length);
        return encoded;
    }

    /** {@code curve} is {@code nistp256}, {@code nistp384} or {@code nistp521}. */
    public static ECParameterSpec curve(String curve) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve.replace("nist", "sec") + "r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    /** Reads an uncompressed point, and verifies that it is on the curve. */
    public static ECPublicKey ecKey(String curve, byte[] point) throws GeneralSecurityException {
        ECParameterSpec parameters = curve(curve);
        int length = (parameters.getCurve().getField().getFieldSize() + 7) / 8;
        if (point.length != 1 + 2 * length || point[0] != 4) {
            throw new InvalidKeySpecException("the point is not of the uncompressed form");
        }
        ECPoint read = new ECPoint(new BigInteger(1, point, 1, length), new BigInteger(1, point, 1 + length, length));
        if (!isOn(parameters.getCurve(), read)) {
            throw new InvalidKeySpecException("the point is not on the curve");
        }
        return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(read, parameters));
    }

    /** The point of a key in SSH's format. */
    public static byte[] point(ECPublicKey key) {
        int length = (key.getParams().getCurve().getField().getFieldSize() + 7) / 8;
        byte[] point = new byte[1 + 2 * length];
        point[0] = 4;
        put(key.getW().getAffineX(), point, 1, length);
        put(key.getW().getAffineY(), point, 1 + length, length);
        return point;
    }

    /** Writes a number that is not negative, with leading zeros. */
    static void put(BigInteger number, byte[] target, int at, int length) {
        byte[] bytes = number.toByteArray();
        int from = Math.max(0, bytes.length - length);
        System.arraycopy(bytes, from, target, at + length - (bytes.length - from), bytes.length - from);
    }

    private static boolean isOn(EllipticCurve curve, ECPoint point) {
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right = x.multiply(x).add(curve.getA()).multiply(x).add(curve.getB());
        return y.multiply(y).subtract(right).mod(p).signum() == 0;
    }
}
