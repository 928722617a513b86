package io.outfeed.sftp;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import io.outfeed.sftp.SshSignature.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.ConfigImpl;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.LoggerFactory;
import net.schmizz.sshj.transport.compression.NoneCompression;
import net.schmizz.sshj.transport.random.JCERandom;
import net.schmizz.sshj.transport.random.SingletonRandomFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What is offered to a server: nothing with SHA-1, MD5, CBC, DSA or keys that are too short.
 *
 * <p>All of it asks the providers of the JVM in their order. sshj's own classes ask its SecurityUtils, which puts
 * BouncyCastle into the JVM's list and takes its slow ciphers.
 */
final class Algorithms {

    /** The types of host keys that are understood. */
    static final Set<KeyType> HOST_KEY_TYPES = Collections.unmodifiableSet(
            EnumSet.of(KeyType.ED25519, KeyType.ECDSA256, KeyType.ECDSA384, KeyType.ECDSA521, KeyType.RSA));

    private static final Config CONFIG = config();

    private Algorithms() {}

    static Config shared() {
        return CONFIG;
    }

    /** The names of the signatures that a host key of one of these types can make. */
    static List<String> hostKeyAlgorithms(Set<KeyType> types) {
        List<String> names = new ArrayList<>();
        for (KeyType type : types) {
            if (type == KeyType.RSA) {
                names.add("rsa-sha2-512");
                names.add("rsa-sha2-256");
            } else {
                names.add(type.toString());
            }
        }
        return names;
    }

    private static Config config() {
        ConfigImpl config = new ConfigImpl();
        config.setLoggerFactory(new Silent());
        config.setVersion("Outfeed");
        config.setRandomFactory(new SingletonRandomFactory(new JCERandom.Factory()));
        config.setKeyExchangeFactories(List.of(
                KeyExchanges.curve25519("curve25519-sha256"),
                KeyExchanges.curve25519("curve25519-sha256@libssh.org"),
                KeyExchanges.ecdh("nistp521", "SHA-512"),
                KeyExchanges.ecdh("nistp384", "SHA-384"),
                KeyExchanges.ecdh("nistp256", "SHA-256"),
                KeyExchanges.groupExchange(),
                KeyExchanges.group(16, "sha512", "SHA-512"),
                KeyExchanges.group(18, "sha512", "SHA-512"),
                KeyExchanges.group(14, "sha256", "SHA-256"),
                new ExtInfoClientFactory()));
        config.setKeyAlgorithms(List.of(
                keyAlgorithm("ssh-ed25519", Kind.ED25519, KeyType.ED25519),
                keyAlgorithm("ecdsa-sha2-nistp256", Kind.ECDSA256, KeyType.ECDSA256),
                keyAlgorithm("ecdsa-sha2-nistp384", Kind.ECDSA384, KeyType.ECDSA384),
                keyAlgorithm("ecdsa-sha2-nistp521", Kind.ECDSA521, KeyType.ECDSA521),
                keyAlgorithm("rsa-sha2-512", Kind.RSA_SHA512, KeyType.RSA),
                keyAlgorithm("rsa-sha2-256", Kind.RSA_SHA256, KeyType.RSA)));
        config.setCipherFactories(List.of(
                AesGcm.factory(128),
                AesGcm.factory(256),
                Ciphers.aes(128, "CTR", "ctr"),
                Ciphers.aes(192, "CTR", "ctr"),
                Ciphers.aes(256, "CTR", "ctr")));
        config.setMACFactories(List.of(
                Ciphers.hmac("hmac-sha2-256-etm@openssh.com", "HmacSHA256", 32, true),
                Ciphers.hmac("hmac-sha2-512-etm@openssh.com", "HmacSHA512", 64, true),
                Ciphers.hmac("hmac-sha2-256", "HmacSHA256", 32, false),
                Ciphers.hmac("hmac-sha2-512", "HmacSHA512", 64, false)));
        config.setCompressionFactories(List.of(new NoneCompression.Factory()));
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        return config;
    }

    private static Factory.Named<KeyAlgorithm> keyAlgorithm(String name, Kind signature, KeyType type) {
        return new KeyAlgorithms.Factory(name, signature, type);
    }

    /** At TRACE sshj writes every packet before it is encrypted, the password's too. */
    private static final class Silent implements LoggerFactory {

        @Override
        public Logger getLogger(String name) {
            return NOPLogger.NOP_LOGGER;
        }

        @Override
        public Logger getLogger(Class<?> type) {
            return NOPLogger.NOP_LOGGER;
        }
    }
}
