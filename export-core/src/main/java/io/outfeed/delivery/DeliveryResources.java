package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the deliveries of one engine share, such as idle connections. A {@link Delivery} is a value, which several jobs
 * and engines may have: what it opens beyond a session belongs to the engine, which closes it when it is closed.
 *
 * <p>Thread-safe. A host that opens deliveries without an engine may share resources of its own, and closes them.
 */
public final class DeliveryResources implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DeliveryResources.class);

    /** Guarded by this, as all below. */
    private final Map<Class<?>, AutoCloseable> byType = new HashMap<>();

    /** The newest first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private boolean closed;

    /** Makes resources that are empty until a delivery asks for one. */
    public DeliveryResources() {
        // there is nothing to set
    }

    /**
     * Returns the resource of a type, and makes it if no delivery has asked for it yet.
     *
     * @param <R> the type
     * @param type a class of the module that implements the delivery
     * @param maker makes the resource; it must not block
     * @return the resource; the caller does not close it
     * @throws IllegalStateException if the resources are closed
     */
    public synchronized <R extends AutoCloseable> R get(Class<R> type, Supplier<? extends R> maker) {
        requireNonNull(maker, "maker");
        if (closed) {
            throw new IllegalStateException("the engine is closed: nothing was opened");
        }
        AutoCloseable known = byType.get(type);
        if (known == null) {
            known = requireNonNull(maker.get(), "resource");
            byType.put(type, known);
            open.push(known);
        }
        return type.cast(known);
    }

    /** Closes all resources, the newest first. One that can't be closed is logged, and the others are closed. */
    @Override
    public void close() {
        for (AutoCloseable resource : end()) {
            try {
                resource.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                // without its message, which may quote a record or a secret
                log.warn(
                        "{} could not be closed ({})",
                        resource.getClass().getName(),
                        e.getClass().getName());
            }
        }
    }

    private synchronized List<AutoCloseable> end() {
        closed = true;
        List<AutoCloseable> all = new ArrayList<>(open);
        open.clear();
        byType.clear();
        return all;
    }
}
