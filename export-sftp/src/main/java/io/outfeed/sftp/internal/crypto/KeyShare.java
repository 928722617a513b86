package io.outfeed.sftp.internal.crypto;

import io.outfeed.sftp.internal.key.PublicKeys;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
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
import org.jspecify.annotations.Nullable;

/** The client's share of a key agreement: a key pair that is used once. */
interface KeyShare {

    /** The public half, as SSH sends it. */
    byte[] publicValue();

    /** The secret that both sides know, once the server has sent its public half. */
    BigInteger sharedSecret(byte[] serverValue) throws GeneralSecurityException;

    /** Makes a share for one exchange. */
    @FunctionalInterface
    interface Generator {
        KeyShare generate() throws GeneralSecurityException;
    }

    static KeyShare x25519() throws GeneralSecurityException {
        KeyPair pair = generatePair("X25519", null);
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] publicValue = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return new KeyShare() {
            @Override
            public byte[] publicValue() {
                return publicValue;
            }

            @Override
            public BigInteger sharedSecret(byte[] serverValue) throws GeneralSecurityException {
                byte[] theirs = PublicKeys.withHeader(PublicKeys.X25519_HEADER, serverValue);
                PublicKey key = KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(theirs));
                BigInteger shared = agree("X25519", pair.getPrivate(), key);
                if (shared.signum() == 0) {
                    throw new InvalidKeyException("the server's half is a point of small order");
                }
                return shared;
            }
        };
    }

    static KeyShare ecdh(String curve) throws GeneralSecurityException {
        KeyPair pair = generatePair("EC", PublicKeys.curve(curve));
        return new KeyShare() {
            @Override
            public byte[] publicValue() {
                return PublicKeys.point((ECPublicKey) pair.getPublic());
            }

            @Override
            public BigInteger sharedSecret(byte[] serverValue) throws GeneralSecurityException {
                return agree("ECDH", pair.getPrivate(), PublicKeys.ecKey(curve, serverValue));
            }
        };
    }

    static KeyShare diffieHellman(BigInteger prime, BigInteger generator) throws GeneralSecurityException {
        KeyPair pair = generatePair("DH", new DHParameterSpec(prime, generator));
        return new KeyShare() {
            @Override
            public byte[] publicValue() {
                return ((DHPublicKey) pair.getPublic()).getY().toByteArray();
            }

            @Override
            public BigInteger sharedSecret(byte[] serverValue) throws GeneralSecurityException {
                BigInteger theirs = new BigInteger(serverValue);
                if (theirs.compareTo(BigInteger.ONE) <= 0 || theirs.compareTo(prime.subtract(BigInteger.ONE)) >= 0) {
                    throw new InvalidKeyException("the server's half is out of range");
                }
                PublicKey key =
                        KeyFactory.getInstance("DH").generatePublic(new DHPublicKeySpec(theirs, prime, generator));
                return agree("DH", pair.getPrivate(), key);
            }
        };
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

    private static KeyPair generatePair(String algorithm, @Nullable AlgorithmParameterSpec parameters)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (parameters != null) {
            generator.initialize(parameters);
        }
        return generator.generateKeyPair();
    }
}
