package io.outfeed.pgp.internal;

import io.outfeed.error.FailureCode;
import io.outfeed.error.TransformException;
import io.outfeed.internal.failure.HostCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes an OpenPGP message: [armor] encrypted data with a modification detection code [one-pass signature] literal
 * data [signature]. The packets are of partial lengths, so that the size need not be known. Used by one thread.
 */
final class EncryptedOutput extends OutputStream {

    /** The size of the parts of a packet: a power of two. */
    private static final int PART = 1 << 16;

    private final Deque<OutputStream> streams = new ArrayDeque<>();
    private final OutputStream literal;
    private final OutputStream packets;
    private final @Nullable PGPSignatureGenerator signature;

    private interface Call<R> {

        R make() throws PGPException, IOException;
    }

    private EncryptedOutput(
            List<UsableKey> recipients,
            Optional<Signer.Unlocked> signer,
            boolean armored,
            String name,
            Instant at,
            OutputStream out)
            throws IOException {
        OutputStream next = out;
        if (armored) {
            next = ArmoredOutputStream.builder().clearHeaders().build(out);
            streams.push(next);
        }
        OutputStream armor = next;
        this.packets = call(() -> encryptor(recipients).open(armor, new byte[PART]));
        streams.push(packets);
        this.signature = signer.isPresent() ? begin(signer.get(), at, packets) : null;
        this.literal =
                new PGPLiteralDataGenerator().open(packets, PGPLiteralData.BINARY, name, Date.from(at), new byte[PART]);
    }

    /** Begins a file. */
    static OutputStream open(
            List<UsableKey> recipients,
            Optional<Signer.Unlocked> signer,
            boolean armored,
            String name,
            Instant at,
            OutputStream out)
            throws IOException {
        return new EncryptedOutput(recipients, signer, armored, name, at, out);
    }

    private static PGPEncryptedDataGenerator encryptor(List<UsableKey> recipients) {
        SecureRandom random = new SecureRandom();
        PGPEncryptedDataGenerator generator =
                new PGPEncryptedDataGenerator(new BcPGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256)
                        .setWithIntegrityPacket(true)
                        .setSecureRandom(random));
        for (UsableKey recipient : recipients) {
            recipient
                    .parts()
                    .forEach(part ->
                            generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(part.getPGPPublicKey())
                                    .setSecureRandom(random)));
        }
        return generator;
    }

    private static PGPSignatureGenerator begin(Signer.Unlocked signer, Instant at, OutputStream out)
            throws IOException {
        return call(() -> {
            PGPPublicKey key = signer.privateKey().getKeyPair().getPublicKey();
            PGPSignatureGenerator generator = new PGPSignatureGenerator(
                    new BcPGPContentSignerBuilder(key.getAlgorithm(), HashAlgorithmTags.SHA512), key);
            generator.init(
                    PGPSignature.BINARY_DOCUMENT,
                    signer.privateKey().getKeyPair().getPrivateKey());
            PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
            hashed.setSignatureCreationTime(Date.from(at));
            hashed.setIssuerFingerprint(false, key);
            generator.setHashedSubpackets(hashed.generate());
            generator.generateOnePassVersion(false).encode(out);
            return generator;
        });
    }

    private static <R> R call(Call<R> call) throws IOException {
        try {
            return call.make();
        } catch (PGPException e) {
            if (e.getCause() instanceof IOException disk) {
                throw disk;
            }
            throw TransformException.of(
                    FailureCode.KEY_UNUSABLE,
                    "a file can't be encrypted or signed with the keys ("
                            + e.getClass().getName()
                            + "): check that they are of usual kinds, such as RSA or Curve25519",
                    HostCalls.redact(e));
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        if (signature != null) {
            signature.update(buffer, offset, length);
        }
        literal.write(buffer, offset, length);
    }

    /** Completes the message. */
    @Override
    public void close() throws IOException {
        if (streams.isEmpty()) {
            return;
        }
        literal.close();
        if (signature != null) {
            call(() -> {
                signature.generate().encode(packets);
                return true;
            });
        }
        while (!streams.isEmpty()) {
            streams.pop().close();
        }
    }
}
