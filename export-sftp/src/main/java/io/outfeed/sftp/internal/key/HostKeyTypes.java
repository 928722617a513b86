package io.outfeed.sftp.internal.key;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.schmizz.sshj.common.KeyType;

/** The types of host keys that are supported. */
public final class HostKeyTypes {

    public static final Set<KeyType> PLAIN = Collections.unmodifiableSet(
            EnumSet.of(KeyType.ED25519, KeyType.ECDSA256, KeyType.ECDSA384, KeyType.ECDSA521, KeyType.RSA));

    public static final Set<KeyType> CERTIFICATES = Collections.unmodifiableSet(EnumSet.of(
            KeyType.ED25519_CERT,
            KeyType.ECDSA256_CERT,
            KeyType.ECDSA384_CERT,
            KeyType.ECDSA521_CERT,
            KeyType.RSA_CERT));

    private HostKeyTypes() {}

    /** Returns the names of the signatures that a host key of one of these types can make. */
    public static List<String> algorithmNames(Set<KeyType> types) {
        List<String> names = new ArrayList<>();
        for (KeyType type : types) {
            if (type == KeyType.RSA) {
                names.add("rsa-sha2-512");
                names.add("rsa-sha2-256");
                names.add("ssh-rsa"); // offered only where it was enabled
            } else if (type == KeyType.RSA_CERT) {
                names.add("rsa-sha2-512-cert-v01@openssh.com");
                names.add("rsa-sha2-256-cert-v01@openssh.com");
            } else {
                names.add(type.toString());
            }
        }
        return names;
    }
}
