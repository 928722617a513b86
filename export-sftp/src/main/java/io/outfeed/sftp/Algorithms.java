package io.outfeed.sftp;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import io.outfeed.sftp.SshSignature.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.ConfigImpl;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.LoggerFactory;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.transport.cipher.Cipher;
import net.schmizz.sshj.transport.compression.NoneCompression;
import net.schmizz.sshj.transport.kex.KeyExchange;
import net.schmizz.sshj.transport.mac.MAC;
import net.schmizz.sshj.transport.random.Random;
import net.schmizz.sshj.transport.random.SingletonRandomFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What is offered to a server: nothing with SHA-1, MD5, CBC or DSA, but for what one
 * destination is allowed by name.
 *
 * <p>All of it asks the providers of the JVM in their order. sshj's own classes ask its SecurityUtils, which puts
 * BouncyCastle into the JVM's list and takes its slow ciphers.
 */
final class Algorithms {

    /** The types of host keys that are understood. */
    static final Set<KeyType> HOST_KEY_TYPES = Collections.unmodifiableSet(
            EnumSet.of(KeyType.ED25519, KeyType.ECDSA256, KeyType.ECDSA384, KeyType.ECDSA521, KeyType.RSA));

    /** The types of certificates of host keys. */
    static final Set<KeyType> CERTIFICATE_TYPES = Collections.unmodifiableSet(EnumSet.of(
            KeyType.ED25519_CERT,
            KeyType.ECDSA256_CERT,
            KeyType.ECDSA384_CERT,
            KeyType.ECDSA521_CERT,
            KeyType.RSA_CERT));

    private static final Factory<Random> RANDOM = new SingletonRandomFactory(Randomness::new);

    private static final Pattern DISAGREEMENT =
            Pattern.compile("Unable to reach a settlement of (\\w+): \\[.*\\] and \\[(.*)\\]", Pattern.DOTALL);

    private Algorithms() {}

    static LoggerFactory silent() {
        return new Silent();
    }

    /** The names of the signatures that a host key of one of these types can make. */
    static List<String> hostKeyAlgorithms(Set<KeyType> types) {
        List<String> names = new ArrayList<>();
        for (KeyType type : types) {
            if (type == KeyType.RSA) {
                names.add("rsa-sha2-512");
                names.add("rsa-sha2-256");
                names.add("ssh-rsa"); // is offered only where it is allowed
            } else if (type == KeyType.RSA_CERT) {
                names.add("rsa-sha2-512-cert-v01@openssh.com");
                names.add("rsa-sha2-256-cert-v01@openssh.com");
            } else {
                names.add(type.toString());
            }
        }
        return names;
    }

    /** What to offer to one server. Certificates are asked for only where one could be checked. */
    static Config config(Set<LegacyAlgorithm> allowed, boolean certificates) {
        ConfigImpl config = new ConfigImpl();
        config.setLoggerFactory(new Silent());
        config.setVersion("Outfeed");
        config.setRandomFactory(RANDOM);
        config.setKeyExchangeFactories(keyExchanges(allowed));
        config.setKeyAlgorithms(keyAlgorithms(allowed, certificates));
        config.setCipherFactories(ciphers(allowed));
        config.setMACFactories(checksums(allowed));
        config.setCompressionFactories(List.of(new NoneCompression.Factory()));
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        return config;
    }

    /** What to offer to a server that is to show its host key of one type, and nothing more. */
    static Config onlyHostKeys(KeyType type, Set<LegacyAlgorithm> allowed) {
        Config config = config(EnumSet.allOf(LegacyAlgorithm.class), false);
        List<String> names = hostKeyAlgorithms(EnumSet.of(type));
        config.setKeyAlgorithms(keyAlgorithms(allowed, false).stream()
                .filter(algorithm -> names.contains(algorithm.getName()))
                .toList());
        return config;
    }

    private static List<Factory.Named<KeyExchange>> keyExchanges(Set<LegacyAlgorithm> allowed) {
        List<Factory.Named<KeyExchange>> offered = new ArrayList<>(List.of(
                KeyExchanges.curve25519("curve25519-sha256"),
                KeyExchanges.curve25519("curve25519-sha256@libssh.org"),
                KeyExchanges.ecdh("nistp521", "SHA-512"),
                KeyExchanges.ecdh("nistp384", "SHA-384"),
                KeyExchanges.ecdh("nistp256", "SHA-256"),
                KeyExchanges.groupExchange(),
                KeyExchanges.group(16, "sha512", "SHA-512"),
                KeyExchanges.group(18, "sha512", "SHA-512"),
                KeyExchanges.group(14, "sha256", "SHA-256")));
        if (allowed.contains(LegacyAlgorithm.DIFFIE_HELLMAN_GROUP14_SHA1)) {
            offered.add(KeyExchanges.group(14, "sha1", "SHA-1"));
        }
        if (allowed.contains(LegacyAlgorithm.DIFFIE_HELLMAN_GROUP1_SHA1)) {
            offered.add(KeyExchanges.group(1, "sha1", "SHA-1"));
        }
        offered.add(new ExtInfoClientFactory());
        return offered;
    }

    private static List<Factory.Named<KeyAlgorithm>> keyAlgorithms(Set<LegacyAlgorithm> allowed, boolean certificates) {
        List<Factory.Named<KeyAlgorithm>> offered = new ArrayList<>();
        if (certificates) {
            String suffix = "-cert-v01@openssh.com";
            offered.add(keyAlgorithm("ssh-ed25519" + suffix, Kind.ED25519, KeyType.ED25519_CERT));
            offered.add(keyAlgorithm("ecdsa-sha2-nistp256" + suffix, Kind.ECDSA256, KeyType.ECDSA256_CERT));
            offered.add(keyAlgorithm("ecdsa-sha2-nistp384" + suffix, Kind.ECDSA384, KeyType.ECDSA384_CERT));
            offered.add(keyAlgorithm("ecdsa-sha2-nistp521" + suffix, Kind.ECDSA521, KeyType.ECDSA521_CERT));
            offered.add(keyAlgorithm("rsa-sha2-512" + suffix, Kind.RSA_SHA512, KeyType.RSA_CERT));
            offered.add(keyAlgorithm("rsa-sha2-256" + suffix, Kind.RSA_SHA256, KeyType.RSA_CERT));
        }
        offered.add(keyAlgorithm("ssh-ed25519", Kind.ED25519, KeyType.ED25519));
        offered.add(keyAlgorithm("ecdsa-sha2-nistp256", Kind.ECDSA256, KeyType.ECDSA256));
        offered.add(keyAlgorithm("ecdsa-sha2-nistp384", Kind.ECDSA384, KeyType.ECDSA384));
        offered.add(keyAlgorithm("ecdsa-sha2-nistp521", Kind.ECDSA521, KeyType.ECDSA521));
        offered.add(keyAlgorithm("rsa-sha2-512", Kind.RSA_SHA512, KeyType.RSA));
        offered.add(keyAlgorithm("rsa-sha2-256", Kind.RSA_SHA256, KeyType.RSA));
        if (allowed.contains(LegacyAlgorithm.SSH_RSA)) {
            offered.add(keyAlgorithm("ssh-rsa", Kind.RSA_SHA1, KeyType.RSA));
        }
        return offered;
    }

    private static List<Factory.Named<Cipher>> ciphers(Set<LegacyAlgorithm> allowed) {
        List<Factory.Named<Cipher>> offered = new ArrayList<>(List.of(
                AesGcm.factory(128), AesGcm.factory(256), Ciphers.ctr(128), Ciphers.ctr(192), Ciphers.ctr(256)));
        if (allowed.contains(LegacyAlgorithm.AES256_CBC)) {
            offered.add(Ciphers.cbc("aes256-cbc", "AES", 16, 32));
        }
        if (allowed.contains(LegacyAlgorithm.AES128_CBC)) {
            offered.add(Ciphers.cbc("aes128-cbc", "AES", 16, 16));
        }
        if (allowed.contains(LegacyAlgorithm.TRIPLE_DES_CBC)) {
            offered.add(Ciphers.cbc("3des-cbc", "DESede", 8, 24));
        }
        return offered;
    }

    private static List<Factory.Named<MAC>> checksums(Set<LegacyAlgorithm> allowed) {
        List<Factory.Named<MAC>> offered = new ArrayList<>(List.of(
                Ciphers.hmac("hmac-sha2-256-etm@openssh.com", "HmacSHA256", 32, true),
                Ciphers.hmac("hmac-sha2-512-etm@openssh.com", "HmacSHA512", 64, true),
                Ciphers.hmac("hmac-sha2-256", "HmacSHA256", 32, false),
                Ciphers.hmac("hmac-sha2-512", "HmacSHA512", 64, false)));
        if (allowed.contains(LegacyAlgorithm.HMAC_SHA1)) {
            offered.add(Ciphers.hmac("hmac-sha1", "HmacSHA1", 20, false));
        }
        return offered;
    }

    /** Says that the two sides have no algorithm in common, and what could be done; null if that is not what failed. */
    static @Nullable String disagreement(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher found = DISAGREEMENT.matcher(String.valueOf(cause.getMessage()));
            if (cause instanceof TransportException && found.find()) {
                List<String> offered = Arrays.stream(found.group(2).split(",", -1))
                        .map(name -> name.strip().replaceAll("[^A-Za-z0-9@._-]", "?"))
                        .filter(name -> !name.startsWith("kex-strict-") && !name.startsWith("ext-info-"))
                        .limit(20)
                        .toList();
                List<String> allowable = Arrays.stream(LegacyAlgorithm.values())
                        .filter(legacy -> offered.contains(legacy.sshName()))
                        .map(legacy -> "allow(LegacyAlgorithm." + legacy + ")")
                        .toList();
                return "offers only old " + what(found.group(1)) + " (" + String.join(", ", offered)
                        + "): have its operator enable newer ones"
                        + (allowable.isEmpty() ? "" : ", or take the risk of " + String.join(" or ", allowable));
            }
        }
        return null;
    }

    /** Whether the server has no host key of the types that it was asked for. */
    static boolean lacksHostKey(Throwable failure) {
        String message = disagreement(failure);
        return message != null && message.startsWith("offers only old " + what("HostKeyAlgorithms"));
    }

    private static String what(String list) {
        return switch (list) {
            case "KeyExchangeAlgorithms" -> "key exchanges";
            case "HostKeyAlgorithms" -> "host key algorithms";
            case "Client2ServerCipherAlgorithms", "Server2ClientCipherAlgorithms" -> "ciphers";
            case "Client2ServerMACAlgorithms", "Server2ClientMACAlgorithms" -> "checksums";
            default -> "compressions";
        };
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
