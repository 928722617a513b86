package io.outfeed.mail;

import io.outfeed.event.ExportEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.mail.internal.notification.Successes;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The events that a {@link MailNotifier} mails. Combined by {@link Predicate#or}: {@code
 * alarms().or(successesOf("visits"))}.
 *
 * <p>All are immutable and thread-safe.
 */
public final class MailEvents {

    private MailEvents() {}

    /**
     * Every run whose files are at all their destinations now: by schedule or by hand, tests and redeliveries included.
     * A run without files has delivered nothing, and is not included: add {@link #emptyRuns} to mail it too.
     *
     * @return true for those events only
     */
    public static Predicate<ExportEvent> successes() {
        return event -> event instanceof RunEvent of && Successes.contains(of);
    }

    /**
     * The {@link #successes} of some jobs.
     *
     * @param jobs the names of the jobs, one or more
     * @return true for those events only
     * @throws IllegalArgumentException if there is no name
     */
    public static Predicate<ExportEvent> successesOf(String... jobs) {
        if (jobs.length == 0) {
            throw new IllegalArgumentException("successesOf needs the name of a job; successes() are those of all");
        }
        Set<String> names = Set.of(jobs);
        return event -> event instanceof RunEvent of
                && Successes.contains(of)
                && names.contains(of.run().job());
    }

    /**
     * Every run that had nothing to deliver, so that its recipients know that it was there: {@code
     * successes().or(emptyRuns())}.
     *
     * @return true for those events only
     */
    public static Predicate<ExportEvent> emptyRuns() {
        return event -> event instanceof RunEvent of && of.kind() == RunEvent.Kind.EMPTY;
    }

    /**
     * What needs attention in a single run, job or destination: what failed, is held or delayed, overdue or missed,
     * jobs that are paused after failures. With it a notifier mails the end of each run that was delayed, too.
     *
     * <p>Each run, job and destination has a mail of its own, also where one dead server is the cause of all: to
     * operators send a {@link MailDigest}, which has one notice for it. For the same reason incidents are not included.
     *
     * @return true for each {@linkplain ExportEvent#alarm alarm}
     */
    public static Predicate<ExportEvent> alarms() {
        return ExportEvent::alarm;
    }
}
