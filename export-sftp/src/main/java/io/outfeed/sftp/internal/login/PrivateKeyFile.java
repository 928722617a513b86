package io.outfeed.sftp.internal.login;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.HexFormat;
import net.schmizz.sshj.common.Buffer;
import org.jspecify.annotations.Nullable;

/** Reads a private key, Ed25519, ECDSA or RSA, in OpenSSH's own format, PEM or PKCS#8. */
final class PrivateKeyFile {

    /** What precedes the 32 bytes of an Ed25519 key in its PKCS#8 form. */
    static final byte[] ED25519_PKCS8_HEADER = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private PrivateKeyFile() {}

    /** The caller must wipe the passphrase. */
    static KeyPair read(Path file, char @Nullable [] passphrase) throws UnusableKeyException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UnusableKeyException("it is not there, or must not be read", e);
        }
        if (text.startsWith("PuTTY-User-Key-File")) {
            throw new UnusableKeyException(
                    "it has the format of PuTTY: convert it with puttygen, -O private-openssh-new");
        }
        try {
            return OpenSshKeyReader.recognizes(text)
                    ? OpenSshKeyReader.read(text, passphrase)
                    : PemKeyReader.read(text, passphrase);
        } catch (GeneralSecurityException | Buffer.BufferException e) {
            throw UnusableKeyException.damaged(e);
        }
    }
}
