package io.outfeed.mail;

/** How the connection to a mail server is protected. There is no mode that falls back to plain text. */
public enum MailSecurity {
    /**
     * The connection begins in plain text and must become TLS before the login: a server that does not offer STARTTLS
     * is refused. The usual port is 587. Protects the connection to this server, not those from there to the mailbox.
     */
    STARTTLS(587),
    /**
     * TLS from the first byte. The usual port is 465. Protects the connection to this server, not those from there to
     * the mailbox.
     */
    TLS(465),
    /**
     * No TLS at all. For tests and for a relay on this very machine: any host but {@code localhost}, {@code 127.x.x.x}
     * and {@code ::1} is refused. The usual port is 25. Protects nothing.
     */
    PLAIN_LOOPBACK_ONLY(25);

    private final int usualPort;

    MailSecurity(int usualPort) {
        this.usualPort = usualPort;
    }

    int usualPort() {
        return usualPort;
    }
}
