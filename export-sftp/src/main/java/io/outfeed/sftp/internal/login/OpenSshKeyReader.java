package io.outfeed.sftp.internal.login;

import com.hierynomus.sshj.userauth.keyprovider.bcrypt.BCrypt;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import org.jspecify.annotations.Nullable;

/** Reads a private key in OpenSSH's own format. */
final class OpenSshKeyReader {

    private static final String OPENSSH = "OPENSSH PRIVATE KEY";
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

    private OpenSshKeyReader() {}

    static boolean recognizes(String text) {
        return text.contains("-----BEGIN " + OPENSSH);
    }

    static KeyPair read(String text, char @Nullable [] passphrase)
            throws UnusableKeyException, GeneralSecurityException, Buffer.BufferException {
        int from = text.indexOf("-----BEGIN " + OPENSSH + "-----");
        int until = text.indexOf("-----END " + OPENSSH + "-----");
        if (from < 0 || until < from) {
            throw UnusableKeyException.damaged();
        }
        Buffer.PlainBuffer buffer;
        try {
            buffer = new Buffer.PlainBuffer(Base64.getMimeDecoder()
                    .decode(text.substring(from + "-----BEGIN -----".length() + OPENSSH.length(), until)));
        } catch (IllegalArgumentException e) {
            throw UnusableKeyException.damaged(e);
        }
        byte[] magic = new byte[MAGIC.length];
        buffer.readRawBytes(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw UnusableKeyException.damaged();
        }
        String cipher = buffer.readString();
        String derivation = buffer.readString();
        Buffer.PlainBuffer options = new Buffer.PlainBuffer(buffer.readBytes());
        if (buffer.readUInt32() != 1) {
            throw new UnusableKeyException("it has several keys");
        }
        PublicKey publicKey = PublicKeys.read(buffer.readBytes());
        byte[] secret = buffer.readBytes();
        byte[] tag = new byte[buffer.available()];
        buffer.readRawBytes(tag);
        if (!cipher.equals("none")) {
            if (!derivation.equals("bcrypt")) {
                throw new UnusableKeyException("its passphrase is protected by a method that is not supported");
            }
            byte[] salt = options.readBytes();
            int rounds = options.readUInt32AsInt();
            if (passphrase == null) {
                throw UnusableKeyException.passphraseMissing();
            }
            secret = decrypt(cipher, passphrase, salt, rounds, secret, tag);
        }
        try {
            return new KeyPair(publicKey, privateKey(new Buffer.PlainBuffer(secret)));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] decrypt(String name, char[] passphrase, byte[] salt, int rounds, byte[] secret, byte[] tag)
            throws UnusableKeyException {
        List<String> parts = List.of(name.replace("@openssh.com", "").split("-", -1));
        boolean known = parts.size() == 2
                && List.of("aes128", "aes192", "aes256").contains(parts.get(0))
                && List.of("ctr", "cbc", "gcm").contains(parts.get(1));
        if (!known || rounds < 1) {
            throw new UnusableKeyException(
                    "it is encrypted by a method that is not supported: ssh-keygen -p -Z aes256-ctr changes that");
        }
        int keyLength = Integer.parseInt(parts.get(0).substring(3)) / 8;
        boolean gcm = parts.get(1).equals("gcm");
        byte[] derived = new byte[keyLength + (gcm ? 12 : 16)];
        byte[] utf8 = Passwords.utf8(passphrase);
        try {
            new BCrypt().pbkdf(utf8, salt, rounds, derived);
            SecretKeySpec key = new SecretKeySpec(derived, 0, keyLength, "AES");
            Cipher cipher = Cipher.getInstance("AES/" + parts.get(1).toUpperCase(Locale.ROOT) + "/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    key,
                    gcm
                            ? new GCMParameterSpec(128, derived, keyLength, 12)
                            : new IvParameterSpec(derived, keyLength, 16));
            if (!gcm) {
                return cipher.doFinal(secret);
            }
            byte[] all = Arrays.copyOf(secret, secret.length + tag.length);
            System.arraycopy(tag, 0, all, secret.length, tag.length);
            return cipher.doFinal(all);
        } catch (GeneralSecurityException e) {
            throw UnusableKeyException.wrongPassphrase(e);
        } finally {
            Arrays.fill(utf8, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }

    private static PrivateKey privateKey(Buffer.PlainBuffer buffer)
            throws UnusableKeyException, GeneralSecurityException, Buffer.BufferException {
        long check = buffer.readUInt32();
        if (check != buffer.readUInt32()) {
            throw UnusableKeyException.wrongPassphrase();
        }
        KeyType type = KeyType.fromString(buffer.readString());
        switch (type) {
            case ED25519 -> {
                buffer.readBytes(); // the public key
                byte[] seed = Arrays.copyOf(buffer.readBytes(), 32);
                return KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new PKCS8EncodedKeySpec(
                                PublicKeys.withHeader(PrivateKeyFile.ED25519_PKCS8_HEADER, seed)));
            }
            case ECDSA256, ECDSA384, ECDSA521 -> {
                String curve = buffer.readString();
                buffer.readBytes(); // the public key
                return KeyFactory.getInstance("EC")
                        .generatePrivate(new ECPrivateKeySpec(buffer.readMPInt(), PublicKeys.curve(curve)));
            }
            case RSA -> {
                BigInteger modulus = buffer.readMPInt();
                BigInteger publicExponent = buffer.readMPInt();
                BigInteger exponent = buffer.readMPInt();
                BigInteger coefficient = buffer.readMPInt();
                BigInteger p = buffer.readMPInt();
                BigInteger q = buffer.readMPInt();
                return KeyFactory.getInstance("RSA")
                        .generatePrivate(new RSAPrivateCrtKeySpec(
                                modulus,
                                publicExponent,
                                exponent,
                                p,
                                q,
                                exponent.mod(p.subtract(BigInteger.ONE)),
                                exponent.mod(q.subtract(BigInteger.ONE)),
                                coefficient));
            }
            default -> throw UnusableKeyException.unsupportedType();
        }
    }
}
