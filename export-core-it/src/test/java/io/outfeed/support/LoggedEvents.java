package io.outfeed.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Keeps what loggers say during a test, for {@code @RegisterExtension}. No other appender gets it. Thread-safe.
 *
 * <p>It sets the level by itself: the tests' configuration logs errors only.
 */
public final class LoggedEvents implements BeforeEachCallback, AfterEachCallback {

    private final Level level;
    private final List<Listening> loggers = new ArrayList<>();
    private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            events.add(event);
        }
    };

    private LoggedEvents(Level level, List<String> names) {
        this.level = level;
        names.forEach(name -> loggers.add(new Listening((Logger) LoggerFactory.getLogger(name))));
    }

    /** Those of all classes of the library, from a level on. */
    public static LoggedEvents from(Level level) {
        return new LoggedEvents(level, List.of("io.outfeed", "io.outfeed.scheduler.InJvmScheduler"));
    }

    /** Those of one class, from a level on. */
    public static LoggedEvents from(Level level, Class<?> type) {
        return new LoggedEvents(level, List.of(type.getName()));
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        events.clear();
        appender.start();
        loggers.forEach(Listening::begin);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        loggers.forEach(Listening::end);
        appender.stop();
    }

    /** Forgets what was said so far. */
    public void clear() {
        events.clear();
    }

    public List<ILoggingEvent> list() {
        return Collections.unmodifiableList(events);
    }

    public List<String> messages() {
        return events.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** One logger and what it was before. */
    private final class Listening {

        private final Logger logger;
        private @Nullable Level before;
        private boolean additive = true;

        Listening(Logger logger) {
            this.logger = logger;
        }

        void begin() {
            before = logger.getLevel();
            additive = logger.isAdditive();
            logger.setLevel(level);
            logger.addAppender(appender);
            logger.setAdditive(false);
        }

        void end() {
            logger.detachAppender(appender);
            logger.setAdditive(additive);
            logger.setLevel(before);
        }
    }
}
