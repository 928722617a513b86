package io.outfeed.sftp.internal.trust;

import io.outfeed.sftp.internal.key.HostKeyTypes;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the host key over one or more connections. A server shows one of its keys per connection, of the type that
 * both sides prefer; if that key is not trusted, the next connection requests a type that was not shown yet.
 *
 * <p>Thread-safe: sshj verifies on a thread of its own.
 */
public final class HostKeyCheck implements HostKeyVerifier {

    private final TrustedKeys trusted;
    private final Set<KeyType> remaining;
    private final List<String> shown = new ArrayList<>();
    private final @Nullable KeyType first;
    private final boolean shortRsaKeys;
    private @Nullable KeyType matched;
    private @Nullable Verdict last;
    private boolean repeated;

    /**
     * Creates the check of one server.
     *
     * @param first the type to request at the first connection
     * @param shortRsaKeys whether RSA keys of less than 2048 bits may be trusted
     */
    public HostKeyCheck(TrustedKeys trusted, @Nullable KeyType first, boolean shortRsaKeys) {
        this.trusted = trusted;
        this.shortRsaKeys = shortRsaKeys;
        this.remaining = EnumSet.noneOf(KeyType.class);
        remaining.addAll(trusted.types());
        this.first = first != null && remaining.contains(first) ? first : null;
    }

    /** Must be called before each connection. */
    public synchronized void nextConnection() {
        last = null;
    }

    @Override
    public synchronized boolean verify(String hostname, int port, PublicKey key) {
        KeyType type = PublicKeys.typeOf(key);
        String text = trusted.describe(key);
        repeated = shown.contains(text);
        if (!repeated) {
            shown.add(text);
        }
        remaining.remove(type);
        last = verdict(key);
        if (last != Verdict.TRUSTED) {
            // for false sshj would compute a fingerprint by its SecurityUtils, which registers BouncyCastle
            throw new SSHRuntimeException("the host key is not trusted");
        }
        matched = type;
        return true;
    }

    private Verdict verdict(PublicKey key) {
        Verdict verdict = trusted.verdict(key);
        return verdict == Verdict.TRUSTED && !shortRsaKeys && PublicKeys.isShortRsa(key) ? Verdict.TOO_SHORT : verdict;
    }

    /** What sshj requests first; it offers the other types after it. New keys are made with the type that matched. */
    @Override
    public synchronized List<String> findExistingAlgorithms(String hostname, int port) {
        if (matched != null) {
            return HostKeyTypes.algorithmNames(EnumSet.of(matched));
        }
        return HostKeyTypes.algorithmNames(first != null && shown.isEmpty() ? EnumSet.of(first) : remaining);
    }

    /** Whether the last connection ended because of the host key. */
    public synchronized boolean rejected() {
        return last != null && last != Verdict.TRUSTED;
    }

    /** The type of the trusted key; null if none was trusted. */
    public synchronized @Nullable KeyType matched() {
        return matched;
    }

    public synchronized boolean revoked() {
        return last == Verdict.REVOKED;
    }

    /** Whether the key would be trusted if it were longer. */
    public synchronized boolean tooShort() {
        return last == Verdict.TOO_SHORT;
    }

    /** Whether the server may have a key of a type that it has not shown yet, which may be the trusted one. */
    public synchronized boolean mayHaveAnother() {
        return rejected() && !revoked() && !repeated && !remaining.isEmpty();
    }

    /** Names the keys that the server has shown in messages. */
    public synchronized String shown() {
        return String.join(" and ", shown);
    }

    public synchronized String expected() {
        return trusted.expected();
    }

    public synchronized String advice() {
        return trusted.advice();
    }
}
