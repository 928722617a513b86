package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.internal.text.ServerName;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.mail.internal.smtp.SmtpServer;
import io.outfeed.mail.internal.smtp.SmtpServer.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A mail server that accepts messages for delivery: its address, the protection of the connection, and the login.
 *
 * <p>The server's certificate must be valid for the host's name. With a user, the server must offer a login on the
 * protected connection, and the login must succeed, before anything of a message is sent.
 *
 * <p>Immutable and thread-safe; shared by many deliveries. {@code toString} holds no secret.
 */
public final class MailServer {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:]([A-Za-z0-9._:-]{0,252})");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1");

    private final Options options;

    private MailServer(Options options) {
        this.options = options;
    }

    /**
     * Starts a server.
     *
     * @param host its name or address, such as {@code mail.vendor.example}; its certificate must be for this name
     * @return a builder
     */
    public static Builder builder(String host) {
        return new Builder(host);
    }

    /** The server as a connection needs it. */
    SmtpServer smtp() {
        return new SmtpServer(toString(), options.host, options.port(), properties(), options.login());
    }

    /** The same for messages whose headers and recipients are not ASCII. */
    SmtpServer smtpWithUtf8() {
        SmtpServer server = smtp();
        server.properties().put(SmtpServer.UTF8, "true");
        return server;
    }

    /** The settings of the mail library: its defaults wait for ever, and fall back to what was not asked for. */
    private Properties properties() {
        Properties properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", Long.toString(options.connectTimeout.toMillis()));
        properties.put("mail.smtp.timeout", Long.toString(options.readTimeout.toMillis()));
        properties.put("mail.smtp.writetimeout", Long.toString(options.writeTimeout.toMillis()));
        properties.put("mail.smtp.usesocketchannels", "true"); // an interrupt closes them, whatever they wait for
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        if (options.security == MailSecurity.TLS) {
            properties.put("mail.smtp.ssl.enable", "true");
        }
        if (options.security == MailSecurity.STARTTLS) {
            properties.put("mail.smtp.starttls.enable", "true");
            properties.put("mail.smtp.starttls.required", "true");
        }
        if (options.sslContext != null) {
            properties.put("mail.smtp.ssl.socketFactory", options.sslContext.getSocketFactory());
        }
        options.login().filter(login -> !login.usesToken()).ifPresent(login -> {
            properties.put("mail.smtp.auth", "true");
            properties.put("mail.smtp.auth.mechanisms", login.mechanisms());
        });
        return properties;
    }

    @Override
    public String toString() {
        return ServerName.of(options.host, options.port()) + " (" + options.security + ")";
    }

    private static final class Options {

        private final String host;
        private @Nullable Integer port;
        private MailSecurity security = MailSecurity.STARTTLS;
        private @Nullable String user;
        private @Nullable Supplier<String> password;
        private @Nullable Supplier<String> accessToken;
        private Duration connectTimeout = Duration.ofSeconds(30);
        private Duration readTimeout = Duration.ofSeconds(60);
        private Duration writeTimeout = Duration.ofSeconds(60);
        private @Nullable SSLContext sslContext;

        Options(String host) {
            this.host = requireNonNull(host, "host");
        }

        Options(Options other) {
            host = other.host;
            port = other.port;
            security = other.security;
            user = other.user;
            password = other.password;
            accessToken = other.accessToken;
            connectTimeout = other.connectTimeout;
            readTimeout = other.readTimeout;
            writeTimeout = other.writeTimeout;
            sslContext = other.sslContext;
        }

        int port() {
            return port == null ? security.usualPort() : port;
        }

        Optional<Login> login() {
            if (user == null) {
                return Optional.empty();
            }
            return password != null
                    ? Optional.of(new Login(user, password, "PLAIN LOGIN"))
                    : Optional.of(new Login(user, requireNonNull(accessToken), Login.XOAUTH2));
        }

        void check() {
            List<String> problems = new ArrayList<>();
            boolean hostIsSafe = HOST.matcher(host).matches();
            if (!hostIsSafe) {
                problems.add("the host is no name or address");
            }
            if (port != null && (port < 1 || port > 65535)) {
                problems.add("port is " + port + ", it must be from 1 to 65535");
            }
            if (hostIsSafe
                    && security == MailSecurity.PLAIN_LOOPBACK_ONLY
                    && !LOOPBACK.matcher(host).matches()) {
                problems.add("PLAIN_LOOPBACK_ONLY is for localhost, 127.x.x.x and ::1: use STARTTLS or TLS");
            }
            checkLogin(problems);
            checkTimeout("connectTimeout", connectTimeout, problems);
            checkTimeout("readTimeout", readTimeout, problems);
            checkTimeout("writeTimeout", writeTimeout, problems);
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException(
                        hostIsSafe ? "mail server '" + host + "'" : "mail server", problems);
            }
        }

        private void checkLogin(List<String> problems) {
            if (user != null && (user.isEmpty() || HeaderText.hasControl(user))) {
                problems.add("user is empty or contains a control character");
            }
            if (user != null && password == null && accessToken == null) {
                problems.add("user has neither password nor accessToken");
            }
            if (user == null && (password != null || accessToken != null)) {
                problems.add("user is missing");
            }
            if (password != null && accessToken != null) {
                problems.add("password and accessToken exclude each other");
            }
        }

        private static void checkTimeout(String name, Duration timeout, List<String> problems) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
                problems.add(name + " is " + timeout + ", it must be from a millisecond to a day");
            }
        }
    }

    /** Collects the options of a server. Not thread-safe. */
    public static final class Builder {

        private final Options options;

        private Builder(String host) {
            options = new Options(host);
        }

        /**
         * Sets the port, from 1 to 65535. Default: the usual one of the security, 587 for {@link
         * MailSecurity#STARTTLS}.
         *
         * @param port the port
         * @return this builder
         */
        public Builder port(int port) {
            options.port = port;
            return this;
        }

        /**
         * Sets how the connection is protected. Default: {@link MailSecurity#STARTTLS}, which is then required.
         *
         * @param security the protection
         * @return this builder
         */
        public Builder security(MailSecurity security) {
            options.security = requireNonNull(security, "security");
            return this;
        }

        /**
         * Sets the user to log in as; needs a password or an access token. Default: no login.
         *
         * @param user the user's name
         * @return this builder
         */
        public Builder user(String user) {
            options.user = requireNonNull(user, "user");
            return this;
        }

        /**
         * Sets the password of the user, for the mechanisms PLAIN and LOGIN. Replaces a password set before.
         *
         * @param password the password
         * @return this builder
         */
        public Builder password(String password) {
            requireNonNull(password, "password");
            options.password = () -> password;
            return this;
        }

        /**
         * Sets a supplier of the password, for the mechanisms PLAIN and LOGIN. Replaces a password set before.
         *
         * @param password called at each connection, by the thread that connects; what it throws counts as a retryable
         *     failure. Its array is copied and not changed.
         * @return this builder
         */
        public Builder password(Supplier<char[]> password) {
            requireNonNull(password, "password");
            options.password = () -> new String(password.get());
            return this;
        }

        /**
         * Sets a supplier of the access token, for the mechanism XOAUTH2, instead of a password.
         *
         * @param accessToken called at each connection, by the thread that connects: it renews a token that has
         *     expired. What it throws counts as a retryable failure.
         * @return this builder
         */
        public Builder accessToken(Supplier<String> accessToken) {
            options.accessToken = requireNonNull(accessToken, "accessToken");
            return this;
        }

        /**
         * Sets how long connecting may take. Default: 30 seconds.
         *
         * @param timeout from a millisecond to a day
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            options.connectTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long each reply of the server may take, that to a whole message included. Default: 60 seconds. If
         * the server is slower than this after a message, the recipient gets the message twice.
         *
         * @param timeout from a millisecond to a day
         * @return this builder
         */
        public Builder readTimeout(Duration timeout) {
            options.readTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long a write of some kilobytes may block. Default: 60 seconds.
         *
         * @param timeout from a millisecond to a day
         * @return this builder
         */
        public Builder writeTimeout(Duration timeout) {
            options.writeTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets the trusted certificate authorities, and the client's certificate if there is one. The certificate must
         * be for the host's name all the same. Default: the authorities that the JDK trusts. Ignored without TLS.
         *
         * @param sslContext an initialized context
         * @return this builder
         */
        public Builder sslContext(SSLContext sslContext) {
            options.sslContext = requireNonNull(sslContext, "sslContext");
            return this;
        }

        /**
         * Makes the server.
         *
         * @return the server, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public MailServer build() {
            Options copy = new Options(options);
            copy.check();
            return new MailServer(copy);
        }
    }
}
