package io.outfeed.sftp.internal.trust;

import io.outfeed.sftp.internal.key.HostCertificate;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.common.KeyType;

/** The keys and authorities that a known_hosts file trusts for one server. */
record KnownHostsKeys(KnownHosts.Keys keys, Path file, String host, int port) implements TrustedKeys {

    @Override
    public Verdict verdict(PublicKey key) {
        if (key instanceof HostCertificate certificate) {
            Verdict verdict = keys.verdict(PublicKeys.blob(certificate.key()), certificate.authority());
            return verdict == Verdict.TRUSTED && CertificateCheck.problem(certificate, host, Instant.now()) != null
                    ? Verdict.NOT_TRUSTED
                    : verdict;
        }
        return keys.verdict(PublicKeys.blob(key));
    }

    @Override
    public String describe(PublicKey key) {
        if (key instanceof HostCertificate certificate) {
            String problem = CertificateCheck.problem(certificate, host, Instant.now());
            return "a certificate of " + PublicKeys.fingerprint(certificate.authority()) + " for "
                    + KeyType.fromKey(certificate.key()) + " " + PublicKeys.fingerprint(certificate.key())
                    + (problem == null ? "" : " (" + problem + ")");
        }
        return TrustedKeys.super.describe(key);
    }

    @Override
    public Set<KeyType> types() {
        return keys.types();
    }

    @Override
    public String expected() {
        List<String> trusted = new ArrayList<>();
        keys.trusted().forEach(key -> trusted.add(key.type() + " " + key.fingerprint()));
        keys.authorities().forEach(key -> trusted.add("a certificate of " + key.fingerprint()));
        String found = trusted.isEmpty()
                ? "no key for " + KnownHosts.name(host, port) + " in " + file
                : String.join(" or ", trusted) + " as " + file + " has it";
        return keys.ignored().isEmpty()
                ? found
                : found + " (not understood: " + String.join("; ", keys.ignored()) + ")";
    }

    @Override
    public String advice() {
        return "ask the server's operator which key is right, and then change " + file;
    }
}
