package io.outfeed.notification;

import static java.util.Objects.requireNonNull;

import io.outfeed.incident.Incident;
import java.util.function.Predicate;

/** A notifier that is given some incidents only. */
record SelectingNotifier(Notifier notifier, Predicate<? super Incident> incidents) implements Notifier {

    SelectingNotifier {
        requireNonNull(incidents, "incidents");
    }

    @Override
    public String id() {
        return notifier.id();
    }

    @Override
    public boolean accepts(Incident incident) {
        return notifier.accepts(incident) && incidents.test(incident);
    }

    @Override
    public void send(Digest digest) throws Exception {
        notifier.send(digest);
    }

    @Override
    public String toString() {
        return notifier.toString();
    }
}
