package io.outfeed.pgp.internal;

import io.outfeed.error.FailureCode;
import io.outfeed.error.TransformException;
import io.outfeed.pgp.internal.UsableKey.Use;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;

/** The public keys to encrypt for. */
final class Recipients {

    private Recipients() {}

    /**
     * Reads the keys of a source.
     *
     * @throws TransformException if one of them can't be used
     */
    static List<UsableKey> read(KeyBytes source, Instant now) {
        return source.read().stream().map(key -> usable(source, key, now)).toList();
    }

    private static UsableKey usable(KeyBytes source, OpenPGPCertificate key, Instant now) {
        if (key.isSecretKey()) {
            throw TransformException.of(
                    FailureCode.KEY_UNUSABLE,
                    "the key " + UsableKey.fingerprint(key) + " in " + source.name()
                            + " is a private one, which only its owner may have: ask for the public key, and remove"
                            + " this one",
                    null);
        }
        return UsableKey.of(source.name(), key, Use.ENCRYPT, now);
    }

    /** Reads the keys of all sources, each key once. */
    static List<UsableKey> readAll(List<KeyBytes> sources, Instant now) {
        Map<String, UsableKey> keys = new LinkedHashMap<>();
        sources.stream()
                .flatMap(source -> read(source, now).stream())
                .forEach(key -> keys.putIfAbsent(key.fingerprint(), key));
        return List.copyOf(keys.values());
    }
}
