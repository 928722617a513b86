package io.outfeed.internal.event;

import io.outfeed.error.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which failures of work that is done again and again were logged: one is news if it is the first of its subject, if it
 * has another code than the one before, or a day later. Thread-safe.
 */
public final class RepeatedWarnings {

    private static final Duration APART = Duration.ofDays(1);

    private record Warning(FailureCode code, Instant at) {}

    /** By subject. Guarded by this. */
    private final Map<String, Warning> logged = new HashMap<>();

    /**
     * Tells whether a failure is to be logged as a warning, and remembers that it was.
     *
     * @param subject what has failed, such as the work at one destination
     * @param code how
     */
    public synchronized boolean isNews(String subject, FailureCode code, Instant now) {
        logged.values()
                .removeIf(warning ->
                        now.isBefore(warning.at()) || !now.isBefore(warning.at().plus(APART)));
        Warning before = logged.get(subject);
        boolean news = before == null || before.code() != code;
        if (news) {
            logged.put(subject, new Warning(code, now));
        }
        return news;
    }

    /** Forgets the failure of a subject, which works again. Returns whether there was one. */
    public synchronized boolean recovered(String subject) {
        return logged.remove(subject) != null;
    }
}
