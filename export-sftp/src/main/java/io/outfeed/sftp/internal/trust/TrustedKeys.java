package io.outfeed.sftp.internal.trust;

import io.outfeed.sftp.internal.key.PublicKeys;
import java.security.PublicKey;
import java.util.Set;
import net.schmizz.sshj.common.KeyType;

/** The trusted host keys of one server. */
public interface TrustedKeys {

    /** Judges a key whose possession the server has proved. */
    Verdict verdict(PublicKey key);

    /** The types that a trusted key may have. */
    Set<KeyType> types();

    /** Names a key of the server in messages. */
    default String describe(PublicKey key) {
        return PublicKeys.typeOf(key) + " " + PublicKeys.fingerprint(key);
    }

    /** Names the trusted keys in messages. */
    String expected();

    /** What to do when no key matches. */
    String advice();
}
