package io.outfeed.mail.internal.smtp;

import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * The library's transport without its log, which has the addresses of recipients, the texts of the server and, at
 * FINEST, the messages with their files. The library names the loggers after the package of the transport's class:
 * those of the host's own transports are others. The loggers are of the JVM: no object of this class is set on them,
 * which would keep its class loader.
 */
final class SilentTransport extends SMTPTransport {

    /** Kept here: java.util.logging forgets a logger to which nothing refers, and how it is set. */
    private static final List<Logger> LOGGERS = Stream.of("", ".protocol")
            .map(name -> Logger.getLogger(SilentTransport.class.getPackageName() + name))
            .toList();

    static {
        LOGGERS.forEach(logger -> {
            logger.setUseParentHandlers(false); // stays when levels are reset
            logger.setLevel(Level.OFF);
        });
    }

    SilentTransport(Session session, String host, int port) {
        super(session, new URLName("smtp", host, port, null, null, null));
    }
}
