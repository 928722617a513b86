package io.outfeed.mail.internal.smtp;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The messages that a server has accepted for some recipients while others are still to be served, so that a retry does
 * not send them again. Lost when the process ends. Thread-safe.
 */
public final class AcceptedMessages {

    /** Messages of abandoned files are never removed: the oldest entries make room. */
    private static final int LIMIT = 10_000;

    private final Set<String> ids = new LinkedHashSet<>();

    public synchronized boolean contains(String messageId) {
        return ids.contains(messageId);
    }

    public synchronized void add(String messageId) {
        ids.add(messageId);
        if (ids.size() > LIMIT) {
            Iterator<String> oldest = ids.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    public synchronized void removeAll(Collection<String> messageIds) {
        messageIds.forEach(ids::remove);
    }
}
