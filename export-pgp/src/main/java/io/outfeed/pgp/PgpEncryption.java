package io.outfeed.pgp;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.Problem;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.pgp.internal.PgpKeys;
import io.outfeed.pgp.internal.Signer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts files for one recipient or more by OpenPGP, and signs them first if a key is given. Files are encrypted by
 * AES-256 with a modification detection code, which gpg and other programs read, also old ones; they are not
 * compressed: put {@link io.outfeed.file.transform.Gzip} before it. Only the recipients can read the result, not this
 * side.
 *
 * <p>Keys are read anew for each file. One that is missing, has expired, was revoked or can't be used fails the attempt
 * of the run with {@link FailureCode#KEY_UNUSABLE} before anything is published, and the run is tried again once an
 * hour. {@link #check} finds such keys too, and those that soon expire.
 *
 * <p>Immutable, comparable and thread-safe. Neither keys nor passphrases are in messages or {@link #toString}.
 */
public final class PgpEncryption implements FileTransform {

    private final Options options;
    private final PgpKeys keys;

    private PgpEncryption(Options options) {
        this.options = options;
        this.keys = options.keys();
    }

    /** The options. Its lists are replaced, never changed. */
    private static final class Options {

        private List<PgpKeySource> recipients = List.of();
        private @Nullable PgpKeySource signer;
        private @Nullable Callable<char[]> passphrase;
        private PgpFormat format = PgpFormat.BINARY;
        private KeyCheck keyCheck = KeyCheck.AT_BUILD;
        private Duration warnBefore = Duration.ofDays(30);
        private Clock clock = Clock.systemUTC();

        private Options() {}

        private Options(Options other) {
            recipients = other.recipients;
            signer = other.signer;
            passphrase = other.passphrase;
            format = other.format;
            keyCheck = other.keyCheck;
            warnBefore = other.warnBefore;
            clock = other.clock;
        }

        private PgpKeys keys() {
            return new PgpKeys(
                    recipients.stream().map(PgpKeySource::bytes).toList(),
                    Optional.ofNullable(signer).map(key -> new Signer(key.bytes(), passphrase)));
        }
    }

    /**
     * Starts an encryption.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Encrypts for the keys of one file, with the defaults.
     *
     * @param recipient a file with one public key or more
     * @return the transform
     * @throws InvalidDefinitionException if a key can't be used
     */
    public static PgpEncryption to(Path recipient) {
        return builder().recipient(PgpKeySource.file(recipient)).build();
    }

    /** Returns {@code .pgp}, or {@code .asc} for {@link PgpFormat#ARMORED}. */
    @Override
    public String ending() {
        return options.format == PgpFormat.ARMORED ? ".asc" : ".pgp";
    }

    /** Returns true. */
    @Override
    public boolean encrypts() {
        return true;
    }

    @Override
    public String fingerprint() {
        return toString();
    }

    @Override
    public OutputStream write(Content content, OutputStream out) throws IOException {
        return keys.encrypt(options.format == PgpFormat.ARMORED, content.name(), content.at(), out);
    }

    /** Reads all keys: returns those that can't be used, and those that expire soon. */
    @Override
    public List<Problem> check(Instant now) {
        return keys.problems(now, options.warnBefore);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PgpEncryption that
                && options.recipients.equals(that.options.recipients)
                && Objects.equals(options.signer, that.options.signer)
                && Objects.equals(options.passphrase, that.options.passphrase)
                && options.format == that.options.format
                && options.keyCheck == that.options.keyCheck
                && options.warnBefore.equals(that.options.warnBefore);
    }

    @Override
    public int hashCode() {
        return Objects.hash(options.recipients, options.signer, options.format, options.warnBefore);
    }

    /** Where the keys come from. */
    @Override
    public String toString() {
        return "PGP for " + options.recipients
                + (options.signer == null ? "" : ", signed with " + options.signer)
                + (options.format == PgpFormat.ARMORED ? ", armored" : "");
    }

    /** Collects the options of an encryption. Not thread-safe. */
    public static final class Builder {

        private final Options options = new Options();

        private Builder() {}

        /**
         * Adds a recipient, who can read the files. Required, once or more.
         *
         * @param publicKey where the public key comes from; several keys in it are several recipients
         * @return this builder
         */
        public Builder recipient(PgpKeySource publicKey) {
            List<PgpKeySource> recipients = new ArrayList<>(options.recipients);
            recipients.add(requireNonNull(publicKey, "publicKey"));
            options.recipients = List.copyOf(recipients);
            return this;
        }

        /**
         * Signs each file before it is encrypted, with a key that has no passphrase. Default: no signature.
         *
         * @param privateKey where the private key comes from: one key, with a part that signs
         * @return this builder
         */
        public Builder signWith(PgpKeySource privateKey) {
            options.signer = requireNonNull(privateKey, "privateKey");
            options.passphrase = null;
            return this;
        }

        /**
         * Signs each file before it is encrypted. Default: no signature.
         *
         * @param privateKey where the private key comes from: one key, with a part that signs
         * @param passphrase gives the passphrase of the key at each use; called by many threads at once. It may throw:
         *     the run is then tried again, and its message is not shown
         * @return this builder
         */
        public Builder signWith(PgpKeySource privateKey, Callable<char[]> passphrase) {
            options.signer = requireNonNull(privateKey, "privateKey");
            options.passphrase = requireNonNull(passphrase, "passphrase");
            return this;
        }

        /**
         * Sets how files are written. Default: {@link PgpFormat#BINARY}.
         *
         * @param format the choice, which decides the ending of the names
         * @return this builder
         */
        public Builder format(PgpFormat format) {
            options.format = requireNonNull(format, "format");
            return this;
        }

        /**
         * Sets whether {@link #build} reads the keys. Default: {@link KeyCheck#AT_BUILD}.
         *
         * @param keyCheck the choice
         * @return this builder
         */
        public Builder keyCheck(KeyCheck keyCheck) {
            options.keyCheck = requireNonNull(keyCheck, "keyCheck");
            return this;
        }

        /**
         * Sets how long before a key expires checks say so. Default: 30 days.
         *
         * @param warnBefore zero or more
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder warnBefore(Duration warnBefore) {
            if (warnBefore.isNegative()) {
                throw new IllegalArgumentException("warnBefore must be zero or more, not " + warnBefore);
            }
            options.warnBefore = warnBefore;
            return this;
        }

        /**
         * Sets the clock by which {@link #build} checks the keys. Default: that of the system. Runs and checks go by
         * the clock of the engine.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            options.clock = requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the encryption.
         *
         * @return the transform; later changes of this builder do not affect it
         * @throws InvalidDefinitionException if there is no recipient, one is there twice, or a key can't be used; all
         *     problems are listed
         */
        public PgpEncryption build() {
            List<String> problems = new ArrayList<>();
            if (options.recipients.isEmpty()) {
                problems.add("recipient is missing: give the public key of the receiver");
            } else if (new HashSet<>(options.recipients).size() < options.recipients.size()) {
                problems.add("recipient has a source twice: " + options.recipients);
            }
            if (options.keyCheck == KeyCheck.AT_BUILD) {
                options.keys().problems(options.clock.instant(), Duration.ZERO).stream()
                        .filter(problem -> problem.code() != FailureCode.KEY_EXPIRING)
                        .map(Problem::message)
                        .forEach(problems::add);
            }
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("PGP encryption", problems);
            }
            return new PgpEncryption(new Options(options));
        }
    }
}
