package io.outfeed.notification;

import static java.util.Objects.requireNonNull;

import io.outfeed.internal.text.VisibleText;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a notifier is given at a time. Immutable.
 *
 * @param id the same if the same notices are given again, to any notifier: letters and digits
 * @param at when, by the engine's clock
 * @param notices one or more: those that tell of something new come first, then reminders, then ends
 */
public record Digest(String id, Instant at, List<Notice> notices) {

    /** What the list of mails of a telephone shows. */
    private static final int SUBJECT_LENGTH = 50;

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
     * Returns a subject: of one notice what it says, of several how many there are of each kind.
     *
     * @return at most 50 characters, in one line
     */
    public String subject() {
        String subject = notices.size() == 1
                ? notices.get(0).headline()
                : List.of(Notice.Kind.values()).stream()
                        .filter(kind -> count(kind) > 0)
                        .map(kind -> count(kind) + " " + kind.label())
                        .collect(Collectors.joining(", ", "Exports: ", ""));
        return VisibleText.of(subject, SUBJECT_LENGTH);
    }

    private long count(Notice.Kind kind) {
        return notices.stream().filter(notice -> notice.kind() == kind).count();
    }

    /**
     * Returns all that the digest says.
     *
     * @return lines of text, an empty one between two notices
     */
    public String text() {
        return notices.stream().map(notice -> notice.text(at)).collect(Collectors.joining("\n"));
    }

    /** The subject. */
    @Override
    public String toString() {
        return subject();
    }
}
