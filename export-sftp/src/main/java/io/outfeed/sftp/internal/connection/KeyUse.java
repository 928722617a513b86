package io.outfeed.sftp.internal.connection;

import io.outfeed.sftp.internal.channel.Traffic;
import net.schmizz.sshj.transport.NegotiatedAlgorithms;
import net.schmizz.sshj.transport.verification.AlgorithmsVerifier;

/**
 * Measures how long the keys of a connection are in use. sshj reports each negotiation to an {@link
 * AlgorithmsVerifier}, whichever side has asked for it. Thread-safe.
 */
final class KeyUse implements AlgorithmsVerifier {

    private final KeyLimit limit;
    private final Traffic traffic;
    private volatile long bytesBefore;
    private volatile long since = System.nanoTime();

    KeyUse(KeyLimit limit, Traffic traffic) {
        this.limit = limit;
        this.traffic = traffic;
    }

    /** Client and server are about to make keys. Accepts every choice. */
    @Override
    public boolean verify(NegotiatedAlgorithms agreed) {
        bytesBefore = traffic.bytes();
        since = System.nanoTime();
        return true;
    }

    /** Whether the current keys have reached their limit. Keys that have encrypted nothing have none. */
    boolean due() {
        long bytes = traffic.bytes() - bytesBefore;
        return bytes > 0
                && (bytes >= limit.bytes()
                        || System.nanoTime() - since >= limit.age().toNanos());
    }
}
