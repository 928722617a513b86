package io.outfeed.sftp.internal.login;

import io.outfeed.sftp.internal.key.PublicKeys;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Provider;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key in PEM or PKCS#8 by BouncyCastle's classes, without registering its provider. Only this class
 * names them, since the JVM opens and verifies BouncyCastle's signed archives once it loads a class that does.
 */
final class PemKeyReader {

    private PemKeyReader() {}

    static KeyPair read(String text, char @Nullable [] passphrase)
            throws UnusableKeyException, GeneralSecurityException {
        Object found = firstKey(text);
        if (found instanceof PEMKeyPair pair) {
            return pair(pair.getPrivateKeyInfo());
        }
        if (found instanceof PrivateKeyInfo info) {
            return pair(info);
        }
        if (found instanceof PEMEncryptedKeyPair encrypted) {
            try {
                return pair(encrypted
                        .decryptKeyPair(new BcPEMDecryptorProvider(required(passphrase)))
                        .getPrivateKeyInfo());
            } catch (IOException | RuntimeException e) {
                throw UnusableKeyException.wrongPassphrase(e);
            }
        }
        if (found instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
            try {
                return pair(encrypted.decryptPrivateKeyInfo(new JceOpenSSLPKCS8DecryptorProviderBuilder()
                        .setProvider(BouncyCastle.PROVIDER)
                        .build(required(passphrase))));
            } catch (OperatorCreationException | PKCSException | RuntimeException e) {
                throw UnusableKeyException.wrongPassphrase(e);
            }
        }
        throw new UnusableKeyException("it is no private key of OpenSSH, PEM or PKCS#8");
    }

    private static char[] required(char @Nullable [] passphrase) throws UnusableKeyException {
        if (passphrase == null) {
            throw UnusableKeyException.passphraseMissing();
        }
        return passphrase;
    }

    /** A file of openssl may contain the parameters of its curve before the key. */
    private static @Nullable Object firstKey(String text) throws UnusableKeyException {
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            Object found = parser.readObject();
            while (found != null
                    && !(found instanceof PEMKeyPair)
                    && !(found instanceof PrivateKeyInfo)
                    && !(found instanceof PEMEncryptedKeyPair)
                    && !(found instanceof PKCS8EncryptedPrivateKeyInfo)) {
                found = parser.readObject();
            }
            return found;
        } catch (IOException | RuntimeException e) { // it throws many kinds
            throw UnusableKeyException.damaged(e);
        }
    }

    private static KeyPair pair(PrivateKeyInfo info) throws UnusableKeyException, GeneralSecurityException {
        try {
            PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(info.getEncoded());
            AsymmetricKeyParameter key = PrivateKeyFactory.createKey(info);
            if (key instanceof Ed25519PrivateKeyParameters ed25519) {
                byte[] point = ed25519.generatePublicKey().getEncoded();
                KeyFactory factory = KeyFactory.getInstance("Ed25519");
                return new KeyPair(
                        factory.generatePublic(
                                new X509EncodedKeySpec(PublicKeys.withHeader(PublicKeys.ED25519_HEADER, point))),
                        factory.generatePrivate(new PKCS8EncodedKeySpec(
                                PublicKeys.withHeader(PrivateKeyFile.ED25519_PKCS8_HEADER, ed25519.getEncoded()))));
            }
            if (key instanceof ECPrivateKeyParameters ec) {
                String curve = curve(info);
                byte[] point = new FixedPointCombMultiplier()
                        .multiply(ec.getParameters().getG(), ec.getD())
                        .getEncoded(false);
                return new KeyPair(
                        PublicKeys.ecKey(curve, point),
                        KeyFactory.getInstance("EC")
                                .generatePrivate(new ECPrivateKeySpec(ec.getD(), PublicKeys.curve(curve))));
            }
            if (KeyFactory.getInstance("RSA").generatePrivate(encoded) instanceof RSAPrivateCrtKey rsa) {
                return new KeyPair(
                        KeyFactory.getInstance("RSA")
                                .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent())),
                        rsa);
            }
        } catch (IOException | RuntimeException e) {
            throw UnusableKeyException.damaged(e);
        }
        throw UnusableKeyException.unsupportedType();
    }

    private static String curve(PrivateKeyInfo info) throws UnusableKeyException {
        X962Parameters parameters =
                X962Parameters.getInstance(info.getPrivateKeyAlgorithm().getParameters());
        return switch (parameters.getParameters().toString()) {
            case "1.2.840.10045.3.1.7" -> "nistp256";
            case "1.3.132.0.34" -> "nistp384";
            case "1.3.132.0.35" -> "nistp521";
            default -> throw UnusableKeyException.unsupportedType();
        };
    }

    /** Created on first use, since that takes long. Passed by reference, never registered. */
    private static final class BouncyCastle {
        private static final Provider PROVIDER = new BouncyCastleProvider();
    }
}
