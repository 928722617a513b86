package io.outfeed.sftp.internal.login;

import io.outfeed.sftp.internal.crypto.SilentLoggers;
import io.outfeed.sftp.internal.key.PublicKeys;
import java.io.IOException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.Service;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuth;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** Logs a user in by the configured methods, each of which is attempted once. Not thread-safe. */
public final class Authentication {

    private final SSHClient client;
    private final String server;
    private final String user;
    private final List<LoginMethod> methods;

    /**
     * Creates the login of one connection.
     *
     * @param client connected, with the host key verified
     * @param server host and port, for messages
     * @param methods a second one is used only if the server requires it after the first
     */
    public Authentication(SSHClient client, String server, String user, List<LoginMethod> methods) {
        this.client = client;
        this.server = server;
        this.user = user;
        this.methods = methods;
    }

    /**
     * Reads the private key before anything is sent. Returns null if no method needs one.
     *
     * @param shortRsaKeys whether an RSA key may have less than 2048 bits
     */
    public static @Nullable KeyProvider readPrivateKey(List<LoginMethod> methods, boolean shortRsaKeys)
            throws LoginException {
        for (LoginMethod method : methods) {
            if (method instanceof LoginMethod.PrivateKey key) {
                return readPrivateKey(key, shortRsaKeys);
            }
        }
        return null;
    }

    private static KeyProvider readPrivateKey(LoginMethod.PrivateKey method, boolean shortRsaKeys)
            throws LoginException {
        char @Nullable [] passphrase =
                method.passphrase() == null ? null : Passwords.copyOf("passphrase", method.passphrase());
        try {
            KeyPair pair = PrivateKeyFile.read(method.file(), passphrase);
            if (!shortRsaKeys && PublicKeys.isShortRsa(pair.getPublic())) {
                throw UnusableKeyException.tooShort();
            }
            return new KeyPairWrapper(pair);
        } catch (UnusableKeyException e) {
            throw LoginException.refused("can't use the private key " + method.file() + ", " + e.getMessage(), e);
        } finally {
            if (passphrase != null) {
                Arrays.fill(passphrase, '\0');
            }
        }
    }

    /**
     * Logs in.
     *
     * @param key from {@link #readPrivateKey}
     * @param limit for each request to the server
     * @param timeoutMillis sshj's own limit for each request, longer than {@code limit}
     * @throws LoginException if the server rejects the login, or a password is not available
     * @throws IOException if the connection breaks
     */
    public void login(@Nullable KeyProvider key, TimeLimit limit, int timeoutMillis)
            throws LoginException, IOException {
        Iterator<LoginMethod> remaining = methods.iterator();
        while (remaining.hasNext()) {
            LoginMethod method = remaining.next();
            if (attempt(method, key, limit, timeoutMillis)) {
                return;
            }
            UserAuth answer = client.getUserAuth();
            if (!answer.hadPartialSuccess()) {
                throw LoginException.refused(
                        server + " refused the login of " + userWith(method) + allowed(answer.getAllowedMethods())
                                + ": check the user and what it logs in with",
                        null);
            }
            if (!remaining.hasNext()) {
                throw LoginException.refused(
                        server + " took the login of " + userWith(method) + ", and wants another one after it"
                                + allowed(answer.getAllowedMethods())
                                + ": ask its operator, and set passwordAfterKey or keyboardInteractiveAfterKey",
                        null);
            }
        }
    }

    private String userWith(LoginMethod method) {
        return "user '" + user + "' with " + method.name();
    }

    /** Returns whether the user is logged in. */
    private boolean attempt(LoginMethod method, @Nullable KeyProvider key, TimeLimit limit, int timeoutMillis)
            throws LoginException, IOException {
        if (method instanceof LoginMethod.PrivateKey) {
            if (key == null) {
                throw new IllegalStateException("the private key is read first");
            }
            return authenticate(method, new SingleSignature(key), new PromptAnswers(null), limit, timeoutMillis);
        }
        boolean interactive = method instanceof LoginMethod.KeyboardInteractive;
        char[] secret = Passwords.copyOf(
                "password",
                method instanceof LoginMethod.KeyboardInteractive keyboard
                        ? keyboard.secret()
                        : ((LoginMethod.Password) method).secret());
        PromptAnswers answers = new PromptAnswers(secret);
        try {
            return authenticate(
                    method,
                    interactive
                            ? new AuthKeyboardInteractive(answers)
                            : new AuthPassword(new SingleUsePassword(secret), answers),
                    answers,
                    limit,
                    timeoutMillis);
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    private boolean authenticate(
            LoginMethod method, AuthMethod sshjMethod, PromptAnswers answers, TimeLimit limit, int timeoutMillis)
            throws LoginException, IOException {
        sshjMethod.setLoggerFactory(SilentLoggers.INSTANCE);
        try {
            return limit.run(() -> client.getUserAuth()
                    .authenticate(user, (Service) client.getConnection(), sshjMethod, timeoutMillis));
        } catch (IOException | RuntimeException e) {
            if (answers.newPasswordRequested()) {
                throw LoginException.refused(
                        server + " wants a new password of " + userWith(method) + ": set one with another client", e);
            }
            if (answers.otherPrompt()) {
                throw LoginException.refused(
                        server + " asks " + userWith(method)
                                + " something else than a password, once: only a person could answer",
                        e);
            }
            if (rejected(e)) {
                throw LoginException.refused(
                        server + " ended the login of " + userWith(method)
                                + ": check the user and what it logs in with",
                        e);
            }
            throw e;
        }
    }

    /** Whether the server disconnected, or sshj can't use the key, rather than that the connection broke. */
    private static boolean rejected(Exception e) {
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

    /** Gives the password once. sshj wipes what it is given. */
    private static final class SingleUsePassword implements PasswordFinder {

        private final char[] secret;

        SingleUsePassword(char[] secret) {
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

    /**
     * Signs once. A server that does not accept the key with one hash is asked about another, which is part of the same
     * login; no further request follows a rejected signature.
     */
    private static final class SingleSignature extends AuthPublickey {

        private volatile boolean signed;

        SingleSignature(KeyProvider key) {
            super(key);
        }

        @Override
        protected SSHPacket putSig(SSHPacket request) throws UserAuthException {
            signed = true;
            return super.putSig(request);
        }

        @Override
        public boolean shouldRetry() {
            return !signed && super.shouldRetry();
        }
    }
}
