package io.outfeed.console.internal.html;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Times for people: in the zone of the console, with GMT beside it, and how long ago.
 *
 * @param zone the zone of the console
 * @param now the time of the page
 */
public record Times(ZoneId zone, Instant now) {

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm:ss", Locale.ENGLISH);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);

    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("EEE d MMM, HH:mm", Locale.ENGLISH);

    /** Such as {@code Mon 30 Nov, 07:00}. */
    public String brief(Instant at) {
        return SHORT.format(at.atZone(zone));
    }

    /** Such as {@code Mon 30 Nov 2026, 07:00:00 America/New_York = 12:00:00 GMT}. */
    public String exact(Instant at) {
        String local = LOCAL.format(at.atZone(zone)) + " " + zone.getId();
        return zone.equals(ZoneOffset.UTC) || zone.getId().equals("GMT")
                ? LOCAL.format(at.atZone(zone)) + " GMT"
                : local + " = " + LOCAL.format(at.atZone(ZoneOffset.UTC)) + " GMT";
    }

    /** Such as {@code 12:00 GMT}, for a line below the local time; with the day where that is another one. */
    public String gmt(Instant at) {
        boolean sameDay =
                at.atZone(zone).toLocalDate().equals(at.atZone(ZoneOffset.UTC).toLocalDate());
        return (sameDay ? TIME : SHORT).format(at.atZone(ZoneOffset.UTC)) + " GMT";
    }

    /** Such as {@code 3 h ago} or {@code in 5 min}. */
    public String distance(Instant at) {
        Duration ago = Duration.between(at, now);
        if (ago.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return "now";
        }
        return ago.isNegative() ? "in " + length(ago.negated()) : length(ago) + " ago";
    }

    /** Such as {@code 3 h}. */
    public static String length(Duration duration) {
        if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
            return duration.toSeconds() + " s";
        } else if (duration.compareTo(Duration.ofHours(2)) < 0) {
            return duration.toMinutes() + " min";
        } else if (duration.compareTo(Duration.ofDays(2)) < 0) {
            return duration.toHours() + " h";
        }
        return duration.toDays() + " days";
    }
}
