package io.outfeed.mail.internal.smtp;

import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * A mail server as the mail library connects to it.
 *
 * @param name what messages call it
 * @param properties the settings of the mail library
 */
public record SmtpServer(String name, String host, int port, Properties properties, Optional<Login> login) {

    /** The setting of the mail library for addresses that are not ASCII. */
    public static final String UTF8 = "mail.mime.allowutf8";

    /**
     * How to log in.
     *
     * @param secret gives the password or the access token, asked at each connection
     * @param mechanisms the SASL mechanisms, in the order in which they are tried
     */
    public record Login(String user, Supplier<String> secret, String mechanisms) {

        public static final String XOAUTH2 = "XOAUTH2";

        /** Whether it is a token: the mail library knows its mechanism, but not the answers that servers give. */
        public boolean usesToken() {
            return mechanisms.equals(XOAUTH2);
        }

        String secretName() {
            return usesToken() ? "access token" : "password";
        }

        /** Without the supplier: that is the host's, and may show what it supplies. */
        @Override
        public String toString() {
            return user;
        }
    }

    boolean requiresStartTls() {
        return isTrue("mail.smtp.starttls.required");
    }

    boolean requiresTls() {
        return requiresStartTls() || isTrue("mail.smtp.ssl.enable");
    }

    boolean requiresUtf8() {
        return isTrue(UTF8);
    }

    private boolean isTrue(String property) {
        return "true".equals(properties.getProperty(property));
    }

    @Override
    public String toString() {
        return name;
    }
}
