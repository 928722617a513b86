package io.outfeed.sftp;

import io.outfeed.error.DeliveryException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.Service;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.common.SSHException;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuth;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyPairWrapper;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.method.ChallengeResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.PasswordUpdateProvider;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** Logs a connection in, by the methods that were chosen, each once. Used by one thread. */
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

    /** Reads the private key before anything is sent; null if none is needed. */
    static @Nullable KeyProvider privateKey(SftpSettings settings) {
        for (Login login : settings.logins()) {
            if (login instanceof Login.PrivateKey key) {
                return privateKey(settings, key);
            }
        }
        return null;
    }

    private static KeyProvider privateKey(SftpSettings settings, Login.PrivateKey login) {
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
        Iterator<Login> steps = settings.logins().iterator();
        while (steps.hasNext()) {
            Login step = steps.next();
            if (attempt(step, key)) {
                return;
            }
            UserAuth answer = client.getUserAuth();
            String who = "user '" + settings.user() + "' with " + step.name();
            if (!answer.hadPartialSuccess()) {
                throw connection.permanent(
                        settings.server() + " refused the login of " + who + allowed(answer.getAllowedMethods())
                                + ": check the user and what it logs in with, it is not tried again",
                        null);
            }
            if (!steps.hasNext()) {
                throw connection.permanent(
                        settings.server() + " took the login of " + who + ", and wants another one after it"
                                + allowed(answer.getAllowedMethods())
                                + ": ask its operator, and set thenPassword or thenKeyboardInteractive",
                        null);
            }
        }
    }

    /** Returns whether the connection is logged in. */
    private boolean attempt(Login step, @Nullable KeyProvider key) {
        Answers answers = new Answers();
        if (step instanceof Login.PrivateKey) {
            if (key == null) {
                throw new IllegalStateException("the private key is read first");
            }
            return authenticate(step, new OneSignature(key), answers);
        }
        boolean interactive = step instanceof Login.KeyboardInteractive;
        char[] secret = secret(
                settings,
                "password",
                step instanceof Login.KeyboardInteractive keyboard
                        ? keyboard.secret()
                        : ((Login.Password) step).secret());
        answers.secret = secret;
        try {
            return authenticate(
                    step,
                    interactive ? new AuthKeyboardInteractive(answers) : new AuthPassword(new Once(secret), answers),
                    answers);
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    private boolean authenticate(Login step, AuthMethod method, Answers answers) {
        method.setLoggerFactory(Algorithms.silent());
        String who = "user '" + settings.user() + "' with " + step.name();
        try {
            return watchdog.watch(
                    settings.connectTimeout(),
                    () -> client.getUserAuth()
                            .authenticate(
                                    settings.user(),
                                    (Service) client.getConnection(),
                                    method,
                                    SftpConnection.millis(settings.connectTimeout())));
        } catch (IOException | RuntimeException e) {
            if (answers.newPassword) {
                throw connection.permanent(
                        settings.server() + " wants a new password of " + who + ": set one with another client", e);
            }
            if (answers.otherQuestion) {
                throw connection.permanent(
                        settings.server() + " asks " + who
                                + " something else than a password, once: only a person could answer",
                        e);
            }
            if (refused(e)) {
                throw connection.permanent(
                        settings.server() + " ended the login of " + who
                                + ": check the user and what it logs in with, it is not tried again",
                        e);
            }
            throw connection.connecting("log in", e);
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

    /**
     * A login by a key that signs once. A server that does not take the key with one hash is asked about another, which is
     * part of the same login; nothing is asked after a signature was refused.
     */
    private static final class OneSignature extends AuthPublickey {

        private volatile boolean signed;

        OneSignature(KeyProvider key) {
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

    /** Answers one question, for the password, and notices any other. */
    private static final class Answers implements PasswordUpdateProvider, ChallengeResponseProvider {

        private static final Pattern FOR_PASSWORD = Pattern.compile(
                "(?!.*\\b(new|again|retype|old|current)\\b).*pass(word|code|phrase).*",
                Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

        private volatile boolean newPassword;
        private volatile boolean otherQuestion;
        private volatile boolean answered;
        private char @Nullable [] secret;

        @Override
        public char[] provideNewPassword(@Nullable Resource<?> resource, String prompt) {
            newPassword = true;
            throw new SSHRuntimeException("the server wants a new password");
        }

        @Override
        public List<String> getSubmethods() {
            return List.of();
        }

        @Override
        @SuppressWarnings("rawtypes") // as sshj declares it
        public void init(@Nullable Resource resource, String name, String instruction) {
            // what the server says to a person
        }

        @Override
        public char[] getResponse(String prompt, boolean echo) {
            char[] answer = secret;
            if (answered
                    || echo
                    || answer == null
                    || !FOR_PASSWORD.matcher(prompt).matches()) {
                otherQuestion = true;
                throw new SSHRuntimeException("the server asks for something else than a password");
            }
            answered = true;
            return answer.clone(); // sshj wipes it
        }

        @Override
        public boolean shouldRetry(@Nullable Resource<?> resource) {
            return false;
        }

        @Override
        public boolean shouldRetry() {
            return false;
        }
    }
}
