package io.outfeed.examples.leak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/**
 * Everything that is written: by all loggers of SLF4J and java.util.logging at their finest levels, to the console, and
 * what a test adds. Other appenders get nothing meanwhile.
 */
final class Outlets implements AutoCloseable {

    /** A text, and what has written it. */
    record Written(String outlet, String text) {}

    /** Loggers that are not of a host that uses this library, with the reason. */
    private static final Map<String, String> LEFT_OUT =
            Map.of("org.apache.sshd.", "the SFTP server of the receiver, which runs in this JVM only for the test");

    private final Queue<Written> written = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private final java.util.logging.Logger julRoot = LogManager.getLogManager().getLogger("");
    private final java.util.logging.Level julLevel = julRoot.getLevel();
    private final List<Handler> julOthers = List.of(julRoot.getHandlers());
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String thrown =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            add(event.getLoggerName(), event.getFormattedMessage() + " " + event.getMDCPropertyMap() + " " + thrown);
        }
    };

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            add(
                    entry.getLoggerName(),
                    entry.getMessage() + " " + Arrays.toString(entry.getParameters()) + " "
                            + (entry.getThrown() == null ? "" : stackTrace(entry.getThrown())));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Outlets() {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(root::detachAppender);
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        julOthers.forEach(julRoot::removeHandler);
        handler.setLevel(java.util.logging.Level.ALL);
        julRoot.addHandler(handler);
        julRoot.setLevel(java.util.logging.Level.ALL);
        System.setProperty("mail.debug", "true"); // of the host's own mails: it is not for ours
        PrintStream captured = new PrintStream(console, true, StandardCharsets.UTF_8);
        System.setOut(captured);
        System.setErr(captured);
    }

    void add(String outlet, String text) {
        if (LEFT_OUT.keySet().stream().noneMatch(outlet::startsWith)) {
            written.add(new Written(outlet, text));
        }
    }

    /** As a host would log it. */
    void add(String outlet, Throwable thrown) {
        add(outlet, stackTrace(thrown));
    }

    List<Written> all() {
        List<Written> all = new ArrayList<>(written);
        all.add(new Written("console", console.toString(StandardCharsets.UTF_8)));
        return all;
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Override
    public void close() {
        System.clearProperty("mail.debug");
        System.setOut(out);
        System.setErr(err);
        root.detachAppender(appender);
        others.forEach(root::addAppender);
        root.setLevel(level);
        julRoot.removeHandler(handler);
        julOthers.forEach(julRoot::addHandler);
        julRoot.setLevel(julLevel);
    }
}
