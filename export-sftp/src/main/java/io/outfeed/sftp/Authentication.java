package io.outfeed.sftp;

import io.outfeed.DeliveryException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.Service;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUpdateProvider;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** Logs a connection in, by one method, once. Used by one thread. */
final class Authentication {

    private final SftpConnection connection;
    private final SftpSettings settings;
    private final SSHClient client;
    private final Watchdog watchdog;

    Authentication(SftpConnection connection, SftpSettings settings, SSHClient client, Watchdog watchdog) {
        this.connection = connection;
        this.settings = settings;
        this.client = client;
        this.watchdog = watchdog;
    }

    /** Reads the private key before anything is sent; null if the login is by password. */
    static @Nullable KeyProvider privateKey(SftpSettings settings) {
        if (!(settings.login() instanceof Login.PrivateKey login)) {
            return null;
        }
        char @Nullable [] passphrase =
                login.passphrase() == null ? null : secret(settings, "passphrase", login.passphrase());
        try {
            return new KeyPairWrapper(PrivateKeyFile.read(login.file(), passphrase));
        } catch (PrivateKeyFile.NotUsable e) {
            throw DeliveryException.permanent(
                    settings.id(),
                    "can't use the private key " + login.file() + ", " + e.getMessage()
                            + SftpConnection.where(settings),
                    e);
        } finally {
            if (passphrase != null) {
                Arrays.fill(passphrase, '\0');
            }
        }
    }

    /** A copy, to be wiped. */
    private static char[] secret(SftpSettings settings, String what, Supplier<char[]> supplier) {
        char @Nullable [] secret;
        try {
            secret = supplier.get();
        } catch (RuntimeException e) {
            throw DeliveryException.retryable(
                    settings.id(), "the supplier of the " + what + " failed" + SftpConnection.where(settings), e);
        }
        if (secret == null) {
            throw DeliveryException.retryable(
                    settings.id(), "the supplier of the " + what + " gave null" + SftpConnection.where(settings), null);
        }
        return secret.clone();
    }

    void login(@Nullable KeyProvider key) {
        if (key != null) {
            authenticate(new AuthPublickey(key), new Demand());
        } else if (settings.login() instanceof Login.Password password) {
            char[] secret = secret(settings, "password", password.secret());
            try {
                Demand demand = new Demand();
                authenticate(new AuthPassword(new Once(secret), demand), demand);
            } finally {
                Arrays.fill(secret, '\0');
            }
        }
    }

    private void authenticate(AuthMethod method, Demand demand) {
        method.setLoggerFactory(Algorithms.shared().getLoggerFactory());
        String who = "user '" + settings.user() + "' with " + settings.login().name();
        boolean accepted;
        try {
            accepted = watchdog.watch(
                    settings.connectTimeout(),
                    () -> client.getUserAuth()
                            .authenticate(
                                    settings.user(),
                                    (Service) client.getConnection(),
                                    method,
                                    SftpConnection.millis(settings.connectTimeout())));
        } catch (IOException | RuntimeException e) {
            if (demand.newPassword) {
                throw connection.permanent(
                        settings.server() + " wants a new password of " + who + ": set one with another client", e);
            }
            if (refused(e)) {
                throw connection.permanent(
                        settings.server() + " ended the login of " + who
                                + ": check the user and what it logs in with, it is not tried again",
                        e);
            }
            throw connection.connecting("log in", e);
        }
        if (!accepted) {
            throw connection.permanent(
                    settings.server() + " refused the login of " + who
                            + allowed(client.getUserAuth().getAllowedMethods())
                            + ": check the user and what it logs in with, it is not tried again",
                    null);
        }
    }

    /** The server has said goodbye, or sshj can't use the key; rather than a connection that broke. */
    private static boolean refused(Exception e) {
        TransportException transport = null;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransportException found) {
                transport = found;
            } else if ((cause instanceof IOException && !(cause instanceof SSHException))
                    || cause instanceof TimeoutException
                    || cause instanceof InterruptedException) {
                return false;
            }
        }
        return transport == null || transport.getDisconnectReason() != DisconnectReason.UNKNOWN;
    }

    private static String allowed(Collection<String> methods) {
        String names = String.join(
                ", ",
                methods.stream()
                        .map(name -> name.replaceAll("[^A-Za-z0-9@._-]", "?"))
                        .toList());
        return names.isEmpty() ? "" : " (it allows " + names + ")";
    }

    /** A secret that is not asked for a second time. sshj wipes what it is given. */
    private static final class Once implements PasswordFinder {

        private final char[] secret;

        Once(char[] secret) {
            this.secret = secret;
        }

        @Override
        public char[] reqPassword(@Nullable Resource<?> resource) {
            return secret.clone();
        }

        @Override
        public boolean shouldRetry(@Nullable Resource<?> resource) {
            return false;
        }
    }

    /** Notices that the server wants another password. */
    private static final class Demand implements PasswordUpdateProvider {

        private volatile boolean newPassword;

        @Override
        public char[] provideNewPassword(@Nullable Resource<?> resource, String prompt) {
            newPassword = true;
            throw new SSHRuntimeException("the server wants a new password");
        }

        @Override
        public boolean shouldRetry(@Nullable Resource<?> resource) {
            return false;
        }
    }
}
