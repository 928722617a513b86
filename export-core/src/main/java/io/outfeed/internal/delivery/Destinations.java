package io.outfeed.internal.delivery;

import static java.util.Objects.requireNonNull;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryResources;
import io.outfeed.delivery.DeliverySession;
import io.outfeed.delivery.Protection;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.run.ExportRun;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of a run: one for each delivery, opened when first needed, closed together. Used by one thread. */
public final class Destinations implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Destinations.class);

    private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
    private final Map<String, DeliverySession> open = new LinkedHashMap<>();
    private final DeliveryResources shared;
    private final KnownDirectories directories;

    /** The deliveries whose session could not be opened the last time. */
    private final Set<String> unreached = new HashSet<>();

    public Destinations(List<Delivery> deliveries, DeliveryResources shared, KnownDirectories directories) {
        this.shared = shared;
        this.directories = directories;
        deliveries.forEach(delivery -> this.deliveries.put(delivery.id(), delivery));
    }

    public boolean has(String id) {
        return deliveries.containsKey(id);
    }

    Optional<Delivery> find(String id) {
        return Optional.ofNullable(deliveries.get(id));
    }

    /** Whether the last failure of a delivery was that it could not be reached. */
    public boolean isUnreached(String id) {
        return unreached.contains(id);
    }

    boolean takesAtClose(String id) {
        Delivery delivery = deliveries.get(id);
        return delivery != null && delivery.takesAtClose();
    }

    /** Whether the session is still the one that was returned before. */
    boolean isOpen(String id, DeliverySession session) {
        return open.get(id) == session;
    }

    /**
     * Returns the session of a delivery, to be used at once.
     *
     * @throws DeliveryException if it can't be opened, or if its directory is another one than before
     */
    public DeliverySession session(String id) {
        Delivery delivery = deliveries.get(id);
        if (delivery == null) {
            throw DeliveryException.of(
                    FailureCode.NOT_FOUND, id, "the job has no delivery '" + id + "' any more", null);
        }
        DeliverySession session = open.get(id);
        if (session == null) {
            unreached.add(id);
            session = HostCalls.callDelivery(id, "can't connect to " + delivery, () -> delivery.open(shared));
            unreached.remove(id);
            open.put(id, session);
        }
        directories.check(delivery, session);
        return session;
    }

    /**
     * Checks the directory of an open session once more.
     *
     * @throws DeliveryException if it is another one than before
     */
    void checkDirectory(String id) {
        DeliverySession session = open.get(id);
        if (session != null) {
            directories.check(requireNonNull(deliveries.get(id)), session);
        }
    }

    /**
     * Returns the session that may send the bytes of a run. The job was checked when it was built, but the run may be
     * older: it may have fields that the job no longer has, or be sent again by a delivery that replaced another one.
     *
     * @throws DeliveryException if the run has sensitive fields and the delivery is plain
     */
    public DeliverySession sessionFor(ExportRun run, String id) {
        Delivery delivery = deliveries.get(id);
        if (run.sensitive() && delivery != null && delivery.protection() == Protection.PLAIN) {
            throw DeliveryException.of(
                    FailureCode.PROTECTION_REQUIRED,
                    id,
                    "the files of run " + run.number() + " have sensitive fields, and delivery '" + id
                            + "' is plain: send them by a protected one, such as SFTP" + Context.of(run),
                    null);
        }
        return session(id);
    }

    /** Closes a session that may be broken, so that the next use opens a new one. */
    public void reset(String id) {
        DeliverySession session = open.remove(id);
        if (session != null) {
            close(id, session);
        }
    }

    @Override
    public void close() {
        open.forEach(Destinations::close);
        open.clear();
    }

    private static void close(String id, DeliverySession session) {
        try {
            session.close();
        } catch (Throwable e) {
            log.debug(
                    "Could not close the session of delivery '{}'; what it acknowledged stands",
                    id,
                    HostCalls.redact(e));
        }
    }
}
