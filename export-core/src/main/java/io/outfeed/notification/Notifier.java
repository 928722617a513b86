package io.outfeed.notification;

import static java.util.Objects.requireNonNull;

import io.outfeed.incident.Incident;
import java.util.function.Predicate;

/**
 * Sends people what they have to know about incidents: of each that it is there, once a day that it is still there, and
 * that it is over. Added by {@code ExportEngine.builder().notifier(notifier)}, before the engine is started.
 *
 * <p>An SPI. The engine gives a notifier one {@link Digest} at a time, over all nodes that share a store: at once where
 * it was given none for an hour, else when that hour is over. What it was given is in the store when {@link #send} has
 * returned; if {@code send} throws, or the process ends before, the same notices are given again, so that each is sent
 * at least once.
 *
 * <p>Called by a thread that a scheduled run would use. It should return within some seconds, and must be ended by an
 * interrupt.
 */
public interface Notifier {

    /**
     * Returns what identifies the notifier in the store: after a restart, and on all nodes, it is the same.
     *
     * @return letters, digits, {@code .}, {@code _} and {@code -}; another one for each notifier of an engine
     */
    String id();

    /**
     * Tells whether the notifier is for an incident. Asked each time, so that it can depend on the jobs that are
     * touched by then.
     *
     * @param incident the incident as it is now
     * @return whether it is a part of digests; true by default
     */
    default boolean accepts(Incident incident) {
        return true;
    }

    /**
     * Sends a digest.
     *
     * @param digest one or more notices
     * @throws Exception if it was not sent: it is tried again, once a minute at first and once an hour in the end
     */
    void send(Digest digest) throws Exception;

    /**
     * Selects incidents.
     *
     * @param incidents called each time, as {@link #accepts} is
     * @return this notifier, with the same id, for those of its incidents only
     */
    default Notifier forIncidents(Predicate<? super Incident> incidents) {
        return new SelectingNotifier(this, incidents);
    }

    /**
     * Selects the incidents that {@linkplain Incident#mayTouch may touch} one of some jobs, and those of the engine
     * itself.
     *
     * @param names called with the names of jobs: true for a job of these people
     * @return this notifier, with the same id, for those of its incidents only
     */
    default Notifier forJobs(Predicate<? super String> names) {
        requireNonNull(names, "names");
        return forIncidents(incident -> incident.mayTouch(names));
    }
}
