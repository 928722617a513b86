package io.outfeed.mail;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
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
 * A mail server that takes messages for delivery: where it is, how the connection is protected, and how to log in.
 *
 * <p>The server's certificate must be valid for the host's name. With a user, the server must offer a login on the
 * protected connection, and the login must succeed, before anything of a message is sent.
 *
 * <p>Immutable and thread-safe; shared by many deliveries. {@code toString} holds no secret.
 */
public final class MailServer {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:]([A-Za-z0-9._:-]{0,252})");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|::1");

    private final String host;
    private final int port;
    private final MailSecurity security;
    private final @Nullable String user;
    private final @Nullable Supplier<String> secret;
    private final String mechanisms;
    private final Duration connectTimeout;
    private final Duration readTimeout;
    private final Duration writeTimeout;
    private final @Nullable SSLContext sslContext;

    private MailServer(Builder builder) {
        host = builder.host;
        security = builder.security;
        port = builder.port == null ? security.usualPort() : builder.port;
        user = builder.user;
        secret = builder.password == null ? builder.accessToken : builder.password;
        mechanisms = builder.password == null ? "XOAUTH2" : "PLAIN LOGIN";
        connectTimeout = builder.connectTimeout;
        readTimeout = builder.readTimeout;
        writeTimeout = builder.writeTimeout;
        sslContext = builder.sslContext;
    }

    /**
     * Begins a server.
     *
     * @param host its name or address, such as {@code mail.vendor.example}; its certificate must be for this name
     * @return a builder
     */
    public static Builder builder(String host) {
        return new Builder(host);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    MailSecurity security() {
        return security;
    }

    Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /** Asks the host for the password or token, afresh each time. */
    Optional<String> secret() {
        return secret == null ? Optional.empty() : Optional.of(secret.get());
    }

    /** The ways of logging in, in the order in which they are tried. */
    String mechanisms() {
        return mechanisms;
    }

    /** The settings of the mail library: without them it waits for ever, and falls back to what was not asked for. */
    Properties properties() {
        Properties properties = new Properties();
        properties.put("mail.smtp.connectiontimeout", Long.toString(connectTimeout.toMillis()));
        properties.put("mail.smtp.timeout", Long.toString(readTimeout.toMillis()));
        properties.put("mail.smtp.writetimeout", Long.toString(writeTimeout.toMillis()));
        properties.put("mail.smtp.socketFactory.fallback", "false");
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        if (security == MailSecurity.TLS) {
            properties.put("mail.smtp.ssl.enable", "true");
        }
        if (security == MailSecurity.STARTTLS) {
            properties.put("mail.smtp.starttls.enable", "true");
            properties.put("mail.smtp.starttls.required", "true");
        }
        if (sslContext != null) {
            properties.put("mail.smtp.ssl.socketFactory", sslContext.getSocketFactory());
        }
        if (user != null) {
            properties.put("mail.smtp.auth", "true");
            properties.put("mail.smtp.auth.mechanisms", mechanisms);
        }
        return properties;
    }

    @Override
    public String toString() {
        return host + ":" + port + " (" + security + ")";
    }

    /** Collects the options of a server. Not thread-safe. */
    public static final class Builder {

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

        private Builder(String host) {
            this.host = requireNonNull(host, "host");
        }

        /**
         * Sets the port, from 1 to 65535. Default: the usual one of the security, 587 for {@link MailSecurity#STARTTLS}.
         *
         * @param port the port
         * @return this builder
         */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /**
         * Sets how the connection is protected. Default: {@link MailSecurity#STARTTLS}, which is then required.
         *
         * @param security the protection
         * @return this builder
         */
        public Builder security(MailSecurity security) {
            this.security = requireNonNull(security, "security");
            return this;
        }

        /**
         * Sets whom to log in as; needs a password or an access token. Default: no login.
         *
         * @param user the user's name
         * @return this builder
         */
        public Builder user(String user) {
            this.user = requireNonNull(user, "user");
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
            this.password = () -> password;
            return this;
        }

        /**
         * Sets where the password comes from, for the mechanisms PLAIN and LOGIN. Replaces a password set before.
         *
         * @param password asked at each connection, by the thread that connects; what it throws counts as a failure that
         *     trying again may mend. Its array is copied and not changed.
         * @return this builder
         */
        public Builder password(Supplier<char[]> password) {
            requireNonNull(password, "password");
            this.password = () -> new String(password.get());
            return this;
        }

        /**
         * Sets where the access token comes from, for the mechanism XOAUTH2, instead of a password.
         *
         * @param accessToken asked at each connection, by the thread that connects: it renews what has expired. What it
         *     throws counts as a failure that trying again may mend.
         * @return this builder
         */
        public Builder accessToken(Supplier<String> accessToken) {
            this.accessToken = requireNonNull(accessToken, "accessToken");
            return this;
        }

        /**
         * Sets how long connecting may take. Default: 30 seconds.
         *
         * @param timeout from a millisecond to a day
         * @return this builder
         */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long each answer of the server may take, the one to a whole message too. Default: 60 seconds. If the
         * server is slower than this after a message, the recipient gets the message twice.
         *
         * @param timeout from a millisecond to a day
         * @return this builder
         */
        public Builder readTimeout(Duration timeout) {
            this.readTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets how long the server may take to let us send the next few kilobytes. Default: 60 seconds.
         *
         * @param timeout from a millisecond to a day
         * @return this builder
         */
        public Builder writeTimeout(Duration timeout) {
            this.writeTimeout = requireNonNull(timeout, "timeout");
            return this;
        }

        /**
         * Sets who is trusted to certify the server, for a certificate authority of one's own, and the client's certificate
         * if there is one. The certificate must be for the host's name all the same. Default: the authorities that the JDK
         * trusts. Ignored without TLS.
         *
         * @param sslContext an initialized context
         * @return this builder
         */
        public Builder sslContext(SSLContext sslContext) {
            this.sslContext = requireNonNull(sslContext, "sslContext");
            return this;
        }

        /**
         * Makes the server.
         *
         * @return the server, a copy of what was collected
         * @throws InvalidDefinitionException if anything is wrong; all problems are listed
         */
        public MailServer build() {
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
            return new MailServer(this);
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
}
