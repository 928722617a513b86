package io.outfeed.ftp.internal.tls;

import io.outfeed.ftp.internal.login.LoginException;
import io.outfeed.ftp.internal.login.Passwords;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate that the client shows, with its key. Its {@code toString} has no secret.
 *
 * @param keyStore is read at each connection
 * @param password of the key store and of the key
 */
public record ClientCertificate(Path keyStore, Supplier<char[]> password) {

    KeyManager[] keyManagers() throws LoginException {
        char[] secret = Passwords.copyOf("password of the client certificate", password);
        try {
            KeyStore keys = KeyStore.getInstance(keyStore.toFile(), secret);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, secret);
            return factory.getKeyManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw LoginException.refused(
                    "the client certificate " + keyStore + " can't be read: check the file and its password", e);
        } finally {
            Arrays.fill(secret, ' ');
        }
    }
}
