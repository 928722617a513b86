package io.outfeed.sftp.internal.crypto;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import io.outfeed.sftp.internal.key.HostKeyTypes;
import io.outfeed.sftp.internal.key.SshSignature.Kind;
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
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.NegotiatedAlgorithms;
import net.schmizz.sshj.transport.cipher.Cipher;
import net.schmizz.sshj.transport.compression.NoneCompression;
import net.schmizz.sshj.transport.kex.KeyExchange;
import net.schmizz.sshj.transport.mac.MAC;
import net.schmizz.sshj.transport.random.JCERandom;
import net.schmizz.sshj.transport.random.Random;
import net.schmizz.sshj.transport.random.SingletonRandomFactory;

/**
 * The algorithms that are offered to a server: nothing with SHA-1, MD5, CBC or DSA, except what was enabled by name.
 *
 * <p>All of them are taken from the JVM's security providers in their order. sshj's own implementations go through its
 * {@code SecurityUtils}, which registers BouncyCastle with the JVM and uses its slower ciphers.
 */
public final class Algorithms {

    /** A {@link java.security.SecureRandom} of the JVM. It makes cookies and padding; keys have their own. */
    private static final Factory<Random> RANDOM = new SingletonRandomFactory(new JCERandom.Factory());

    private static final Set<OptInAlgorithm> CBC =
            EnumSet.of(OptInAlgorithm.AES128_CBC, OptInAlgorithm.AES256_CBC, OptInAlgorithm.TRIPLE_DES_CBC);

    private Algorithms() {}

    /** Returns what to offer to a server. Certificates are requested only where one could be verified. */
    public static Config config(Set<OptInAlgorithm> enabled, boolean certificates) {
        ConfigImpl config = new ConfigImpl();
        config.setLoggerFactory(SilentLoggers.INSTANCE);
        config.setVersion("Outfeed");
        config.setRandomFactory(RANDOM);
        config.setKeyExchangeFactories(keyExchanges(enabled));
        config.setKeyAlgorithms(keyAlgorithms(enabled, certificates));
        config.setCipherFactories(ciphers(enabled));
        config.setMACFactories(macs(enabled));
        config.setCompressionFactories(List.of(new NoneCompression.Factory()));
        config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
        return config;
    }

    /** Returns what to offer to a server that is asked for its host key of one type, and for nothing more. */
    public static Config hostKeyScan(KeyType type, Set<OptInAlgorithm> enabled) {
        Config config = config(EnumSet.allOf(OptInAlgorithm.class), false);
        List<String> names = HostKeyTypes.algorithmNames(EnumSet.of(type));
        config.setKeyAlgorithms(keyAlgorithms(enabled, false).stream()
                .filter(algorithm -> names.contains(algorithm.getName()))
                .toList());
        return config;
    }

    /**
     * Returns true, which lets sshj go on.
     *
     * @throws SSHRuntimeException for CBC with encrypt-then-MAC, of which an attacker could cut off packets
     */
    public static boolean accept(NegotiatedAlgorithms agreed) {
        if (isCbcWithEtm(agreed.getClient2ServerCipherAlgorithm(), agreed.getClient2ServerMACAlgorithm())
                || isCbcWithEtm(agreed.getServer2ClientCipherAlgorithm(), agreed.getServer2ClientMACAlgorithm())) {
            throw new NegotiationErrors.CbcWithEtmException();
        }
        return true;
    }

    private static boolean isCbcWithEtm(String cipher, String mac) {
        return cipher.endsWith("-cbc") && mac.endsWith("-etm@openssh.com");
    }

    private static List<Factory.Named<KeyExchange>> keyExchanges(Set<OptInAlgorithm> enabled) {
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
        if (enabled.contains(OptInAlgorithm.DIFFIE_HELLMAN_GROUP14_SHA1)) {
            offered.add(KeyExchanges.group(14, "sha1", "SHA-1"));
        }
        if (enabled.contains(OptInAlgorithm.DIFFIE_HELLMAN_GROUP1_SHA1)) {
            offered.add(KeyExchanges.group(1, "sha1", "SHA-1"));
        }
        offered.add(new ExtInfoClientFactory());
        return offered;
    }

    private static List<Factory.Named<KeyAlgorithm>> keyAlgorithms(Set<OptInAlgorithm> enabled, boolean certificates) {
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
        if (enabled.contains(OptInAlgorithm.SSH_RSA)) {
            offered.add(keyAlgorithm("ssh-rsa", Kind.RSA_SHA1, KeyType.RSA));
        }
        return offered;
    }

    private static List<Factory.Named<Cipher>> ciphers(Set<OptInAlgorithm> enabled) {
        List<Factory.Named<Cipher>> offered = new ArrayList<>(List.of(
                AesGcm.factory(128),
                AesGcm.factory(256),
                BlockCiphers.ctr(128),
                BlockCiphers.ctr(192),
                BlockCiphers.ctr(256)));
        if (enabled.contains(OptInAlgorithm.AES256_CBC)) {
            offered.add(BlockCiphers.cbc("aes256-cbc", "AES", 16, 32));
        }
        if (enabled.contains(OptInAlgorithm.AES128_CBC)) {
            offered.add(BlockCiphers.cbc("aes128-cbc", "AES", 16, 16));
        }
        if (enabled.contains(OptInAlgorithm.TRIPLE_DES_CBC)) {
            offered.add(BlockCiphers.cbc("3des-cbc", "DESede", 8, 24));
        }
        return offered;
    }

    private static List<Factory.Named<MAC>> macs(Set<OptInAlgorithm> enabled) {
        List<Factory.Named<MAC>> offered = new ArrayList<>(List.of(
                Hmac.factory("hmac-sha2-256", "HmacSHA256", 32, false),
                Hmac.factory("hmac-sha2-512", "HmacSHA512", 64, false)));
        if (enabled.contains(OptInAlgorithm.HMAC_SHA1)) {
            offered.add(Hmac.factory("hmac-sha1", "HmacSHA1", 20, false));
        }
        // these come last with CBC, for which they are not accepted: cipher and checksum are negotiated independently
        offered.addAll(
                Collections.disjoint(enabled, CBC) ? 0 : offered.size(),
                List.of(
                        Hmac.factory("hmac-sha2-256-etm@openssh.com", "HmacSHA256", 32, true),
                        Hmac.factory("hmac-sha2-512-etm@openssh.com", "HmacSHA512", 64, true)));
        return offered;
    }

    private static Factory.Named<KeyAlgorithm> keyAlgorithm(String name, Kind signature, KeyType type) {
        return new KeyAlgorithms.Factory(name, signature, type);
    }
}
