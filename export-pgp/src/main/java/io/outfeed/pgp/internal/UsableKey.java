package io.outfeed.pgp.internal;

import io.outfeed.error.FailureCode;
import io.outfeed.error.Problem;
import io.outfeed.error.TransformException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentSignature;
import org.jspecify.annotations.Nullable;

/**
 * A key, and the parts of it that can be used at a time. Its owner's name is in no message.
 *
 * @param source names where it comes from
 * @param key the whole key
 * @param parts the primary key or subkeys that do what is wanted; one or more
 */
record UsableKey(String source, OpenPGPCertificate key, List<OpenPGPComponentKey> parts) {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** What a key is used for. */
    enum Use {
        ENCRYPT("encrypts", "ask its owner for a key with an encryption subkey") {
            @Override
            boolean fits(OpenPGPComponentKey part, Date at) {
                return part.isEncryptionKey(at);
            }
        },
        SIGN("signs", "use a key with a signing subkey") {
            @Override
            boolean fits(OpenPGPComponentKey part, Date at) {
                return part.isSigningKey(at);
            }
        };

        private final String does;
        private final String advice;

        Use(String does, String advice) {
            this.does = does;
            this.advice = advice;
        }

        abstract boolean fits(OpenPGPComponentKey part, Date at);
    }

    /**
     * Finds the parts of a key that do what is wanted.
     *
     * @throws TransformException if there are none, which says why
     */
    static UsableKey of(String source, OpenPGPCertificate key, Use use, Instant now) {
        Date at = Date.from(now);
        if (isRevoked(key.getPrimaryKey(), at)) {
            throw unusable(source, key, "was revoked: ask its owner for another one");
        }
        Optional<Instant> expired = expiry(key.getExpirationTime(at)).filter(end -> !end.isAfter(now));
        if (expired.isPresent()) {
            throw unusable(source, key, "has expired on " + DAY.format(expired.get()) + ": ask its owner to extend it");
        }
        List<OpenPGPComponentKey> parts =
                key.getValidKeys(at).stream().filter(part -> use.fits(part, at)).toList();
        if (parts.isEmpty()) {
            throw unusable(source, key, without(key, use, now));
        }
        return new UsableKey(source, key, parts);
    }

    /** Says why a valid key has no part that does what is wanted. */
    private static String without(OpenPGPCertificate key, Use use, Instant now) {
        Date at = Date.from(now);
        List<OpenPGPComponentKey> once = key.getKeys().stream()
                .filter(part -> use.fits(
                        part, Date.from(part.getCreationTime().toInstant().plusSeconds(1))))
                .toList();
        Optional<Instant> expired = once.stream()
                .map(part -> expiry(part.getKeyExpirationDateAt(at)))
                .flatMap(Optional::stream)
                .filter(end -> !end.isAfter(now))
                .max(Instant::compareTo);
        if (expired.isPresent()) {
            return "has a subkey that " + use.does + ", which has expired on " + DAY.format(expired.get())
                    + ": ask its owner to extend it";
        } else if (once.stream().anyMatch(part -> isRevoked(part, at))) {
            return "has a subkey that " + use.does + ", which was revoked: ask its owner for another one";
        }
        return "has no part that " + use.does + " and is valid now: " + use.advice;
    }

    private static boolean isRevoked(OpenPGPComponentKey part, Date at) {
        OpenPGPComponentSignature revocation = part.getRevocation(at);
        return revocation != null && !revocation.getCreationTime().toInstant().isAfter(at.toInstant());
    }

    private static Optional<Instant> expiry(@Nullable Date date) {
        return Optional.ofNullable(date).map(Date::toInstant);
    }

    private static TransformException unusable(String source, OpenPGPCertificate key, String what) {
        return TransformException.of(
                FailureCode.KEY_UNUSABLE, "the key " + fingerprint(key) + " in " + source + " " + what, null);
    }

    static String fingerprint(OpenPGPCertificate key) {
        return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
    }

    String fingerprint() {
        return fingerprint(key);
    }

    /** Returns when the last of the parts expires, or the whole key; empty if never. */
    Optional<Instant> expiresAt(Instant now) {
        Date at = Date.from(now);
        Optional<Instant> whole = expiry(key.getExpirationTime(at));
        List<Optional<Instant>> ends = parts.stream()
                .map(part -> expiry(part.getKeyExpirationDateAt(at)))
                .toList();
        Optional<Instant> last = ends.stream().allMatch(Optional::isPresent)
                ? ends.stream().flatMap(Optional::stream).max(Instant::compareTo)
                : Optional.empty();
        return Stream.of(whole, last).flatMap(Optional::stream).min(Instant::compareTo);
    }

    /** Returns the problem of a key that expires soon. */
    Optional<Problem> expiring(Instant now, Duration before) {
        return expiresAt(now)
                .filter(end -> !end.isAfter(now.plus(before)))
                .map(end -> new Problem(
                        FailureCode.KEY_EXPIRING,
                        "the key " + fingerprint() + " in " + source + " expires on " + DAY.format(end)
                                + ": ask its owner to extend it, and replace it"));
    }
}
