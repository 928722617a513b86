package io.outfeed.event;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;

/**
 * Receives events, for notifications and metrics.
 *
 * <p>An SPI. Called after the event is in the store, in order, by one thread at a time that belongs to no run. An
 * exception is logged and changes nothing. A slow listener delays no run; while 1,000 events wait for it, further ones
 * are discarded, and that is logged. When the engine is closed, waiting events are delivered for up to 10 seconds. Each
 * event is delivered at most once: for what must not be missed, query the store.
 */
@FunctionalInterface
public interface ExportListener {

    /**
     * Receives an event.
     *
     * @param event the event; its {@code toString} is a line for a person
     */
    void onEvent(ExportEvent event);

    /**
     * Returns a listener for one type of events.
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
     * Returns a listener for {@linkplain ExportEvent#alarm() alarms} only.
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
