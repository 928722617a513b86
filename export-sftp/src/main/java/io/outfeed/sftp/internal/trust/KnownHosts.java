package io.outfeed.sftp.internal.trust;

import static io.outfeed.sftp.internal.trust.Verdict.NOT_TRUSTED;
import static io.outfeed.sftp.internal.trust.Verdict.REVOKED;
import static io.outfeed.sftp.internal.trust.Verdict.TRUSTED;

import io.outfeed.sftp.internal.key.HostCertificate;
import io.outfeed.sftp.internal.key.HostKeyTypes;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;

/**
 * Reads what a known_hosts file says about one server.
 *
 * <p>Names must match exactly; the line of a certificate authority may have {@code *} and {@code ?}. A line that is not
 * understood (a pattern, a negation, an unknown type) trusts nothing, and is named when no other line matches. A
 * revoked key is rejected whatever host its line names, alone and in a certificate, and as an authority; a revoked
 * certificate stands for its key, as for {@code ssh}. A line with {@code @revoked} that can't be read makes the whole
 * file fail, since ignoring it would trust too much.
 */
public final class KnownHosts {

    private KnownHosts() {}

    /** One key of the file; the blob is the key in SSH's format and Base64. */
    record Key(KeyType type, String blob) {

        String fingerprint() {
            return PublicKeys.fingerprint(Base64.getDecoder().decode(blob));
        }
    }

    /** What the file says about one server; {@code ignored} names the lines that were not understood. */
    record Keys(List<Key> trusted, List<Key> authorities, List<Key> revoked, List<String> ignored) {

        Verdict verdict(byte[] key) {
            return has(revoked, key) ? REVOKED : has(trusted, key) ? TRUSTED : NOT_TRUSTED;
        }

        /** Judges a certificate for a key by an authority, provided that it is valid otherwise. */
        Verdict verdict(byte[] key, byte[] authority) {
            if (has(revoked, key) || has(revoked, authority)) {
                return REVOKED;
            }
            return has(authorities, authority) ? TRUSTED : NOT_TRUSTED;
        }

        private static boolean has(List<Key> keys, byte[] key) {
            String blob = Base64.getEncoder().encodeToString(key);
            return keys.stream().anyMatch(one -> one.blob().equals(blob));
        }

        Set<KeyType> types() {
            Set<KeyType> types = EnumSet.noneOf(KeyType.class);
            trusted.forEach(key -> types.add(key.type()));
            if (!authorities.isEmpty()) {
                types.addAll(HostKeyTypes.CERTIFICATES);
            }
            return types;
        }
    }

    /** Why a line is ignored. */
    private static final class UnsupportedLineException extends Exception {

        private static final long serialVersionUID = 1L;

        UnsupportedLineException(String reason) {
            super(reason);
        }
    }

    /** The name of a server in the file: without the port if it is 22. */
    public static String name(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        return port == 22 ? name : "[" + name + "]:" + port;
    }

    static Keys read(Path file, String host, int port) throws IOException {
        List<Key> trusted = new ArrayList<>();
        List<Key> authorities = new ArrayList<>();
        List<Key> revoked = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("[ \t]+");
            boolean revoking = words[0].equals("@revoked");
            try {
                if (revoking) {
                    revoked.add(key(words, 2));
                } else if (words[0].equals("@cert-authority")) {
                    if (words.length < 2 || names(words[1], host, port, true)) {
                        authorities.add(key(words, 2));
                    }
                } else if (words[0].startsWith("@")) {
                    throw new UnsupportedLineException("the marker " + printable(words[0]) + " is not supported");
                } else if (names(words[0], host, port, false)) {
                    trusted.add(key(words, 1));
                }
            } catch (UnsupportedLineException e) {
                String problem = "line " + (i + 1) + ": " + e.getMessage();
                if (revoking) {
                    throw new IOException(file + ", " + problem + ": what it revokes is not known", e);
                }
                ignored.add(problem);
            }
        }
        return new Keys(trusted, authorities, revoked, ignored);
    }

    private static boolean names(String field, String host, int port, boolean patterns)
            throws UnsupportedLineException {
        if (field.indexOf('!') >= 0) {
            throw new UnsupportedLineException("a negation (!) is not supported, give the exact names");
        }
        if (!patterns && (field.indexOf('*') >= 0 || field.indexOf('?') >= 0)) {
            throw new UnsupportedLineException("a pattern (* or ?) is not supported, give the exact name");
        }
        String name = name(host, port);
        String withPort = "[" + host.toLowerCase(Locale.ROOT) + "]:" + port;
        for (String candidate : field.split(",", -1)) {
            if (candidate.startsWith("|")) {
                if (isHashOf(candidate, name) || isHashOf(candidate, withPort)) {
                    return true;
                }
            } else if (patterns
                    ? matches(candidate, name) || matches(candidate, withPort)
                    : candidate.equalsIgnoreCase(name) || candidate.equalsIgnoreCase(withPort)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String name) {
        String expression = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(expression, Pattern.CASE_INSENSITIVE)
                .matcher(name)
                .matches();
    }

    /** Whether {@code |1|salt|hash} is the hash of this name. */
    private static boolean isHashOf(String field, String name) throws UnsupportedLineException {
        String[] parts = field.split("\\|", -1);
        if (parts.length != 4 || !parts[1].equals("1")) {
            throw new UnsupportedLineException("the hash of the host name is not of the form |1|salt|hash");
        }
        try {
            Mac hmac = Mac.getInstance("HmacSHA1"); // prescribed by the format; it only hides names
            hmac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            return MessageDigest.isEqual(
                    hmac.doFinal(name.getBytes(StandardCharsets.UTF_8)),
                    Base64.getDecoder().decode(parts[3]));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new UnsupportedLineException("the hash of the host name is no Base64");
        }
    }

    private static Key key(String[] words, int at) throws UnsupportedLineException {
        if (words.length < at + 2) {
            throw new UnsupportedLineException("the key is missing");
        }
        KeyType type = KeyType.fromString(words[at]);
        if (!HostKeyTypes.PLAIN.contains(type) && !words[0].equals("@revoked")) {
            throw new UnsupportedLineException("keys of type " + printable(words[at]) + " are not supported");
        }
        try {
            byte[] blob = Base64.getDecoder().decode(words[at + 1]);
            if (!new Buffer.PlainBuffer(blob).readString().equals(words[at])) {
                throw new UnsupportedLineException("the key is not of the type that the line says");
            }
            byte[] plain = HostCertificate.isCertificate(blob)
                    ? PublicKeys.blob(HostCertificate.read(blob).key())
                    : blob;
            return new Key(type, Base64.getEncoder().encodeToString(plain));
        } catch (IllegalArgumentException | Buffer.BufferException e) {
            throw new UnsupportedLineException("the key is no Base64");
        } catch (GeneralSecurityException e) {
            throw new UnsupportedLineException("the certificate is damaged, or of a type that is not supported");
        }
    }

    private static String printable(String word) {
        return word.replaceAll("[^A-Za-z0-9@._-]", "?");
    }
}
