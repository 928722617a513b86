package io.outfeed.sftp;

import com.hierynomus.sshj.userauth.keyprovider.bcrypt.BCrypt;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import org.jspecify.annotations.Nullable;

/** Reads a private key: Ed25519, ECDSA or RSA, in OpenSSH's own format, PEM or PKCS#8, which {@link PemKey} reads. */
final class PrivateKeyFile {

    private static final String OPENSSH = "OPENSSH PRIVATE KEY";
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
    static final byte[] ED25519_PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private PrivateKeyFile() {}

    /** What keeps a file from being used; the message has nothing secret. */
    static final class NotUsable extends Exception {

        private static final long serialVersionUID = 1L;

        NotUsable(String why) {
            super(why);
        }

        NotUsable(String why, Exception cause) {
            super(why, cause);
        }
    }

    /** The passphrase is the caller's to be wiped. */
    static KeyPair read(Path file, char @Nullable [] passphrase) throws NotUsable {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new NotUsable("it is not there, or must not be read", e);
        }
        if (text.startsWith("PuTTY-User-Key-File")) {
            throw new NotUsable("it has the format of PuTTY: convert it with puttygen, -O private-openssh-new");
        }
        try {
            return text.contains("-----BEGIN " + OPENSSH) ? openSsh(text, passphrase) : PemKey.read(text, passphrase);
        } catch (GeneralSecurityException | Buffer.BufferException e) {
            throw new NotUsable("its format is damaged", e);
        }
    }

    // ---- OpenSSH's own format

    private static KeyPair openSsh(String text, char @Nullable [] passphrase)
            throws NotUsable, GeneralSecurityException, Buffer.BufferException {
        int from = text.indexOf("-----BEGIN " + OPENSSH + "-----");
        int until = text.indexOf("-----END " + OPENSSH + "-----");
        if (from < 0 || until < from) {
            throw new NotUsable("its format is damaged");
        }
        Buffer.PlainBuffer buffer;
        try {
            buffer = new Buffer.PlainBuffer(Base64.getMimeDecoder()
                    .decode(text.substring(from + "-----BEGIN -----".length() + OPENSSH.length(), until)));
        } catch (IllegalArgumentException e) {
            throw new NotUsable("its format is damaged", e);
        }
        byte[] magic = new byte[MAGIC.length];
        buffer.readRawBytes(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new NotUsable("its format is damaged");
        }
        String cipher = buffer.readString();
        String derivation = buffer.readString();
        Buffer.PlainBuffer options = new Buffer.PlainBuffer(buffer.readBytes());
        if (buffer.readUInt32() != 1) {
            throw new NotUsable("it has several keys");
        }
        PublicKey publicKey = PublicKeys.read(buffer.readBytes());
        byte[] secret = buffer.readBytes();
        byte[] tag = new byte[buffer.available()];
        buffer.readRawBytes(tag);
        if (!cipher.equals("none")) {
            if (!derivation.equals("bcrypt")) {
                throw new NotUsable("its passphrase is protected in a way that is not supported");
            }
            byte[] salt = options.readBytes();
            int rounds = options.readUInt32AsInt();
            secret = decrypt(cipher, needed(passphrase), salt, rounds, secret, tag);
        }
        try {
            return new KeyPair(publicKey, openSshPrivate(new Buffer.PlainBuffer(secret)));
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static byte[] decrypt(String name, char[] passphrase, byte[] salt, int rounds, byte[] secret, byte[] tag)
            throws NotUsable {
        List<String> parts = List.of(name.replace("@openssh.com", "").split("-", -1));
        boolean known = parts.size() == 2
                && List.of("aes128", "aes192", "aes256").contains(parts.get(0))
                && List.of("ctr", "cbc", "gcm").contains(parts.get(1));
        if (!known || rounds < 1) {
            throw new NotUsable(
                    "it is encrypted in a way that is not supported: ssh-keygen -p -Z aes256-ctr changes that");
        }
        int keyLength = Integer.parseInt(parts.get(0).substring(3)) / 8;
        boolean gcm = parts.get(1).equals("gcm");
        byte[] derived = new byte[keyLength + (gcm ? 12 : 16)];
        byte[] utf8 = Secrets.utf8(passphrase);
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
            throw new NotUsable("its passphrase is another one", e);
        } finally {
            Arrays.fill(utf8, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }

    private static PrivateKey openSshPrivate(Buffer.PlainBuffer buffer)
            throws NotUsable, GeneralSecurityException, Buffer.BufferException {
        long check = buffer.readUInt32();
        if (check != buffer.readUInt32()) {
            throw new NotUsable("its passphrase is another one");
        }
        KeyType type = KeyType.fromString(buffer.readString());
        switch (type) {
            case ED25519 -> {
                buffer.readBytes(); // the public key
                byte[] seed = Arrays.copyOf(buffer.readBytes(), 32);
                return KeyFactory.getInstance("Ed25519")
                        .generatePrivate(new PKCS8EncodedKeySpec(PublicKeys.withHeader(ED25519_PKCS8, seed)));
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
            default -> throw unsupported();
        }
    }

    static NotUsable unsupported() {
        return new NotUsable("its type is not supported: use Ed25519, ECDSA with a NIST curve, or RSA");
    }

    static char[] needed(char @Nullable [] passphrase) throws NotUsable {
        if (passphrase == null) {
            throw new NotUsable("it is encrypted: give its passphrase");
        }
        return passphrase;
    }
}
