package io.outfeed.sftp;

import io.outfeed.sftp.HostKeys.Trusted;
import io.outfeed.sftp.HostKeys.Verdict;
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
 * Checks the host key over one or more attempts to connect. A server shows one of its keys at a time, of the type that
 * both sides like best; if that is not the trusted one, the next attempt asks for a type that it has not shown yet.
 *
 * <p>Used by one thread and by the threads of sshj that work for it.
 */
final class HostKeyCheck implements HostKeyVerifier {

    private final Trusted trusted;
    private final Set<KeyType> left;
    private final List<String> shown = new ArrayList<>();
    private final @Nullable KeyType first;
    private @Nullable KeyType matched;
    private @Nullable Verdict last;
    private boolean repeated;

    /** {@code first} is the type to ask for at the first attempt: the one that was trusted the last time. */
    HostKeyCheck(Trusted trusted, @Nullable KeyType first) {
        this.trusted = trusted;
        this.left = EnumSet.noneOf(KeyType.class);
        left.addAll(trusted.types());
        this.first = first != null && left.contains(first) ? first : null;
    }

    /** To be called before each attempt. */
    synchronized void begin() {
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
        left.remove(type);
        last = trusted.verdict(key);
        if (last != Verdict.TRUSTED) {
            // returning false would make sshj compute a fingerprint by its SecurityUtils: see Algorithms
            throw new SSHRuntimeException("the host key is not trusted");
        }
        matched = type;
        return true;
    }

    /** What sshj asks for first; it offers the rest too. */
    @Override
    public synchronized List<String> findExistingAlgorithms(String hostname, int port) {
        return Algorithms.hostKeyAlgorithms(first != null && shown.isEmpty() ? EnumSet.of(first) : left);
    }

    /** Whether the last attempt ended because of the host key. */
    synchronized boolean rejected() {
        return last != null && last != Verdict.TRUSTED;
    }

    /** The type of the key that was trusted; null if none was. */
    synchronized @Nullable KeyType matched() {
        return matched;
    }

    synchronized boolean revoked() {
        return last == Verdict.REVOKED;
    }

    /** Whether the server may have a key of a type that it has not shown, which may be the trusted one. */
    synchronized boolean mayHaveAnother() {
        return rejected() && !revoked() && !repeated && !left.isEmpty();
    }

    /** The keys that the server has shown, as messages name them. */
    synchronized String shown() {
        return String.join(" and ", shown);
    }

    synchronized String expected() {
        return trusted.expected();
    }

    synchronized String advice() {
        return trusted.advice();
    }
}
