package io.outfeed.sftp.internal.crypto;

import java.math.BigInteger;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.transport.kex.DHGroupData;
import net.schmizz.sshj.transport.kex.KeyExchange;

/**
 * Key exchanges by the JVM's providers (RFC 4253, 4419, 5656, 8268, 8731). sshj's own register BouncyCastle, and accept
 * groups of 1024 bits from a server.
 */
final class KeyExchanges {

    private KeyExchanges() {}

    /** {@code name} as SSH calls it: there are two names for the same exchange. */
    static Factory.Named<KeyExchange> curve25519(String name) {
        return fixed(name, "SHA-256", KeyShare::x25519);
    }

    /** The curve is {@code nistp256}, {@code nistp384} or {@code nistp521}. */
    static Factory.Named<KeyExchange> ecdh(String curve, String digest) {
        return fixed("ecdh-sha2-" + curve, digest, () -> KeyShare.ecdh(curve));
    }

    /** A group by its number: 14, 16 or 18, or 1 for servers that support nothing newer. */
    static Factory.Named<KeyExchange> group(int number, String sshDigest, String digest) {
        BigInteger prime = switch (number) {
            case 1 -> DHGroupData.P1;
            case 14 -> DHGroupData.P14;
            case 16 -> DHGroupData.P16;
            case 18 -> DHGroupData.P18;
            default -> throw new IllegalArgumentException("group " + number);
        };
        return fixed(
                "diffie-hellman-group" + number + "-" + sshDigest,
                digest,
                () -> KeyShare.diffieHellman(prime, DHGroupData.G));
    }

    /** A group that the server chooses. */
    static Factory.Named<KeyExchange> groupExchange() {
        return new NamedFactory<>("diffie-hellman-group-exchange-sha256", GroupKeyExchange::new);
    }

    private static Factory.Named<KeyExchange> fixed(String name, String digest, KeyShare.Generator generator) {
        return new NamedFactory<>(name, () -> new FixedKeyExchange(digest, generator));
    }
}
