package io.outfeed.mail;

import io.outfeed.mail.servers.ScriptedMailServer;
import io.outfeed.mail.servers.TestTls;

/** Definitions of the servers of the tests. */
final class MailServers {

    private MailServers() {}

    /** Trusts the server, and has a login. */
    static MailServer.Builder to(ScriptedMailServer mail) {
        return MailServer.builder("127.0.0.1")
                .port(mail.port())
                .user("outfeed-user")
                .password("s3cret")
                .sslContext(TestTls.LOCALHOST.context());
    }
}
