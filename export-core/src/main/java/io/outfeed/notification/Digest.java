package io.outfeed.notification;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a notifier is given at a time. Immutable.
 *
 * @param id the same if the same notices are given to the same notifier again: letters, digits, {@code .}, {@code _}
 *     and {@code -}
 * @param at when, by the engine's clock
 * @param notices one or more: those that tell of something new come first, then reminders, then ends
 */
public record Digest(String id, Instant at, List<Notice> notices) {

    /** What the list of mails of a telephone shows. */
    private static final int SUBJECT_LENGTH = 50;

    /** With more, mail programs cut the message. */
    private static final int IN_FULL = 30;

    /**
     * Copies the list.
     *
     * @param id the same if the same notices are given again
     * @param at when
     * @param notices one or more
     */
    public Digest {
        requireNonNull(id, "id");
        requireNonNull(at, "at");
        notices = List.copyOf(notices);
        if (notices.isEmpty()) {
            throw new IllegalArgumentException("a digest has one or more notices");
        }
    }

    /**
     * Returns a subject. Of one notice it is the headline, if need be without the number of jobs and with a shorter
     * name; of several it is how many there are that are new, still open and over.
     *
     * @return at most 50 visible characters, in one line
     */
    public String subject() {
        return notices.size() == 1 ? IncidentWords.headline(notices.get(0), SUBJECT_LENGTH) : "Exports: " + counts();
    }

    private String counts() {
        return Stream.of(Notice.Kind.values())
                .map(Notice.Kind::label)
                .distinct()
                .filter(label -> count(label) > 0)
                .map(label -> count(label) + " " + label)
                .collect(Collectors.joining(", "));
    }

    private long count(String label) {
        return notices.stream()
                .filter(notice -> notice.kind().label().equals(label))
                .count();
    }

    /**
     * Returns the notices that are told with all their facts.
     *
     * @return the first 30
     */
    public List<Notice> inFull() {
        return notices.subList(0, Math.min(notices.size(), IN_FULL));
    }

    /**
     * Returns the notices of which only the headline is told, so that a digest after a long silence stays readable.
     *
     * @return those that are not {@link #inFull()}; empty in most digests
     */
    public List<Notice> byHeadline() {
        return notices.subList(inFull().size(), notices.size());
    }

    /**
     * Returns what the digest says: the notices {@link #inFull()}, then the headlines of the others.
     *
     * @return lines of text, an empty one between two notices
     */
    public String text() {
        String full = inFull().stream().map(notice -> notice.text(at)).collect(Collectors.joining("\n"));
        return byHeadline().isEmpty() ? full : full + "\nAnd " + byHeadline().size() + " more:\n" + headlines();
    }

    private String headlines() {
        return byHeadline().stream()
                .map(notice -> "  " + notice.headline() + "\n")
                .collect(Collectors.joining());
    }

    /** The subject. */
    @Override
    public String toString() {
        return subject();
    }
}
