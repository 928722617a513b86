package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;

/**
 * Is told what happens: the place for notifications and metrics.
 *
 * <p>An SPI. Told after the store has the fact, in order, by one thread at a time that belongs to no run. What it
 * throws is logged and changes nothing; a slow one delays no run, and misses events when 1,000 wait for it, which the
 * log says. Events that still wait when the engine is closed are told for up to 10 seconds. What must not be missed is
 * in the store: an event is told at most once.
 */
@FunctionalInterface
public interface ExportListener {

    /**
     * Something has happened.
     *
     * @param event what; its {@code toString} is a line for a person
     */
    void onEvent(ExportEvent event);

    /**
     * A listener that is told of one type of events only.
     *
     * @param <E> the type
     * @param type the type, such as {@code RunEvent.class}
     * @param action what to do with each event
     * @return the listener
     */
    static <E extends ExportEvent> ExportListener of(Class<E> type, Consumer<? super E> action) {
        requireNonNull(type, "type");
        requireNonNull(action, "action");
        return event -> {
            if (type.isInstance(event)) {
                action.accept(type.cast(event));
            }
        };
    }

    /**
     * A listener that is told only of what a person should look at.
     *
     * @param action what to do with each event
     * @return the listener
     */
    static ExportListener alarms(Consumer<? super ExportEvent> action) {
        requireNonNull(action, "action");
        return event -> {
            if (event.alarm()) {
                action.accept(event);
            }
        };
    }
}
