package io.outfeed.pgp.internal;

import io.outfeed.error.FailureCode;
import io.outfeed.error.TransformException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.pgp.internal.UsableKey.Use;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.bouncycastle.bcpg.S2K;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.OpenPGPKey.OpenPGPPrivateKey;
import org.bouncycastle.openpgp.api.OpenPGPKey.OpenPGPSecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The private key to sign with.
 *
 * @param source where it comes from
 * @param passphrase gives its passphrase; null if it has none
 */
public record Signer(KeyBytes source, @Nullable Callable<char[]> passphrase) {

    /** A key that was unlocked to sign a file. */
    record Unlocked(UsableKey key, OpenPGPPrivateKey privateKey) {}

    /**
     * Reads the key, and unlocks the part that signs.
     *
     * @throws TransformException if it can't be used
     */
    Unlocked unlock(Instant now) {
        List<OpenPGPCertificate> keys = source.read();
        if (keys.size() > 1) {
            throw unusable(source.name() + " has " + keys.size() + " keys, and one signs: export one only", null);
        } else if (!(keys.get(0) instanceof OpenPGPKey key)) {
            throw unusable(
                    source.name() + " has a public key, and a private one signs: export it, such as by gpg"
                            + " --export-secret-keys",
                    null);
        } else {
            return unlock(key, UsableKey.of(source.name(), key, Use.SIGN, now));
        }
    }

    private Unlocked unlock(OpenPGPKey key, UsableKey usable) {
        for (OpenPGPComponentKey part : usable.parts()) {
            OpenPGPSecretKey secret = key.getSecretKey(part.getKeyIdentifier());
            if (secret != null && !isStub(secret)) {
                return new Unlocked(usable, unlock(secret, usable));
            }
        }
        throw unusable(
                "the key " + usable.fingerprint() + " in " + source.name() + " lacks the secret of the part that signs:"
                        + " export it where the secret is",
                null);
    }

    /** A key whose secret was taken out, or is on a card. */
    private static boolean isStub(OpenPGPSecretKey secret) {
        S2K s2k = secret.getPGPSecretKey().getS2K();
        return s2k != null && s2k.getType() == S2K.GNU_DUMMY_S2K;
    }

    private OpenPGPPrivateKey unlock(OpenPGPSecretKey secret, UsableKey usable) {
        String which = "the key " + usable.fingerprint() + " in " + source.name();
        if (!secret.isLocked()) {
            return unlock(secret, null, which + " can't be read: export it again");
        }
        Callable<char[]> supplier = passphrase;
        if (supplier == null) {
            throw unusable(which + " is protected by a passphrase: give a supplier of it to signWith", null);
        }
        char[] given = passphrase(supplier, which);
        try {
            return unlock(secret, given, which + " has another passphrase than the one that was given: correct it");
        } finally {
            Arrays.fill(given, '\0');
        }
    }

    private static char[] passphrase(Callable<char[]> supplier, String which) {
        char[] given;
        try {
            given = supplier.call();
        } catch (Throwable e) {
            throw TransformException.of(
                    FailureCode.SECRET_UNAVAILABLE,
                    "the supplier of the passphrase of " + which + " has failed ("
                            + e.getClass().getName() + "): check what it reads",
                    HostCalls.redact(e));
        }
        if (given == null) {
            throw TransformException.of(
                    FailureCode.SECRET_UNAVAILABLE,
                    "the supplier of the passphrase of " + which + " gave none: check what it reads",
                    null);
        }
        return given.clone();
    }

    private static OpenPGPPrivateKey unlock(OpenPGPSecretKey secret, char @Nullable [] passphrase, String failure) {
        try {
            return secret.unlock(passphrase);
        } catch (PGPException | RuntimeException e) {
            throw unusable(failure, HostCalls.redact(e));
        }
    }

    private static TransformException unusable(String message, @Nullable Throwable cause) {
        return TransformException.of(FailureCode.KEY_UNUSABLE, message, cause);
    }
}
