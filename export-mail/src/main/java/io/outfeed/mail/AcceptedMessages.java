package io.outfeed.mail;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which messages of a file that is not with all its recipients yet a server has accepted, so that a retry does not send
 * them again. Lost when the process ends. Thread-safe.
 */
final class AcceptedMessages {

    /** Files that are given up are never asked for again: the oldest entries make room. */
    private static final int LIMIT = 10_000;

    private final Set<String> ids = new LinkedHashSet<>();

    synchronized boolean contains(String messageId) {
        return ids.contains(messageId);
    }

    synchronized void add(String messageId) {
        ids.add(messageId);
        if (ids.size() > LIMIT) {
            Iterator<String> oldest = ids.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized void removeAll(Collection<String> messageIds) {
        messageIds.forEach(ids::remove);
    }
}
