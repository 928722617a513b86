package io.outfeed.pgp;

import io.outfeed.file.transform.FileTransform.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.bcpg.SignatureSubpacketTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.api.OpenPGPApi;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPKeyGenerator;
import org.bouncycastle.openpgp.api.OpenPGPMessageInputStream;
import org.bouncycastle.openpgp.api.OpenPGPSignature.OpenPGPDocumentSignature;
import org.bouncycastle.openpgp.api.SignatureParameters;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;

/** Keys that BouncyCastle makes, and what their owners do with them. */
final class TestKeys {

    /** When the keys were made. */
    static final Instant CREATED = Instant.parse("2026-01-15T08:00:00Z");

    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    static final OpenPGPApi API = new BcOpenPGPApi();

    private TestKeys() {}

    interface Call<R> {

        R make() throws PGPException, IOException;
    }

    static <R> R call(Call<R> call) {
        try {
            return call.make();
        } catch (PGPException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key of the kinds that gpg makes, Ed25519 and Curve25519. */
    static OpenPGPKey curve25519(String name) {
        return call(() -> curve(name).build());
    }

    private static OpenPGPKeyGenerator.WithPrimaryKey curve(String name) throws PGPException {
        return API.generateKey(4, Date.from(CREATED))
                .withPrimaryKey(PGPKeyPairGenerator::generateLegacyEd25519KeyPair)
                .addUserId(name)
                .addSigningSubkey(PGPKeyPairGenerator::generateLegacyEd25519KeyPair)
                .addEncryptionSubkey(PGPKeyPairGenerator::generateLegacyX25519KeyPair);
    }

    /** A key of the same curve in the newer packets of RFC 9580, which gpg 2.2 does not know. */
    static OpenPGPKey x25519(String name) {
        return call(
                () -> API.generateKey(4, Date.from(CREATED)).classicKey(name).build());
    }

    static OpenPGPKey curve25519(String name, char[] passphrase) {
        return call(() -> curve(name).build(passphrase));
    }

    static OpenPGPKey rsa(String name) {
        return call(() -> API.generateKey(4, Date.from(CREATED))
                .compositeRSAKey(3072, name)
                .build());
    }

    static OpenPGPKey signOnly() {
        return call(() -> API.generateKey(4, Date.from(CREATED)).signOnlyKey().build());
    }

    /** A key that expires, or of which only the subkey that encrypts does. */
    static OpenPGPKey expiring(Duration whole, Duration subkey) {
        return call(() -> API.generateKey(4, Date.from(CREATED))
                .withPrimaryKey(PGPKeyPairGenerator::generateLegacyEd25519KeyPair, expiry(whole))
                .addEncryptionSubkey(PGPKeyPairGenerator::generateLegacyX25519KeyPair, expiry(subkey))
                .build());
    }

    private static SignatureParameters.Callback expiry(Duration after) {
        return SignatureParameters.Callback.Util.modifyHashedSubpackets(packets -> {
            packets.removePacketsOfType(SignatureSubpacketTags.KEY_EXPIRE_TIME);
            packets.setKeyExpirationTime(after.toSeconds());
            return packets;
        });
    }

    static OpenPGPKey revoked(OpenPGPKey key) {
        return call(() -> API.editKey(key).revokeKey().done());
    }

    static byte[] publicKey(OpenPGPKey key) {
        return call(() -> key.toCertificate().getEncoded());
    }

    static byte[] privateKey(OpenPGPKey key) {
        return call(key::getEncoded);
    }

    static PgpKeySource source(String name, OpenPGPKey key) {
        byte[] bytes = publicKey(key);
        return PgpKeySource.supplied(name, () -> bytes);
    }

    static PgpKeySource privateSource(String name, OpenPGPKey key) {
        byte[] bytes = privateKey(key);
        return PgpKeySource.supplied(name, () -> bytes);
    }

    static byte[] encrypt(PgpEncryption transform, byte[] plain, Instant at) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream in = transform.write(new Content("visits-1.csv", at), out)) {
            in.write(plain);
        }
        return out.toByteArray();
    }

    /** Decrypts as the owner of a key does. */
    static byte[] decrypt(OpenPGPKey key, byte[] file) throws Exception {
        try (InputStream in =
                API.decryptAndOrVerifyMessage().addDecryptionKey(key).process(new ByteArrayInputStream(file))) {
            return in.readAllBytes();
        }
    }

    /** Whether a file has one signature, which is that of a key. */
    static boolean isSigned(OpenPGPKey key, OpenPGPKey signer, byte[] file) throws Exception {
        OpenPGPMessageInputStream in = API.decryptAndOrVerifyMessage()
                .addDecryptionKey(key)
                .addVerificationCertificate(signer.toCertificate())
                .process(new ByteArrayInputStream(file));
        in.readAllBytes();
        in.close();
        List<OpenPGPDocumentSignature> signatures = in.getResult().getSignatures();
        return signatures.size() == 1 && signatures.get(0).isValid();
    }
}
