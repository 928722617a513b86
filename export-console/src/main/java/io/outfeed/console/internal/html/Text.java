package io.outfeed.console.internal.html;

import io.outfeed.console.internal.web.Parameters;
import java.util.Locale;

/** Words and numbers of pages. */
public final class Text {

    private static final long KILO = 1_000;

    private Text() {}

    /** A number with blanks that do not break between its groups of three digits. */
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
    }

    public static String number(int number) {
        return number((long) number);
    }

    /** Such as {@code 12.3 MB}: by powers of ten, as receivers' file managers say it. */
    public static String bytes(long bytes) {
        if (bytes < KILO) {
            return bytes + " B";
        }
        double rest = bytes;
        String unit = "B";
        for (String larger : new String[] {"kB", "MB", "GB", "TB"}) {
            if (rest < KILO) {
                break;
            }
            rest /= KILO;
            unit = larger;
        }
        return String.format(Locale.ROOT, rest < 10 ? "%.1f %s" : "%.0f %s", rest, unit);
    }

    /** Such as {@code 1 job} or {@code 3 jobs}. */
    public static String count(long number, String one, String many) {
        return number(number) + "\u00a0" + (number == 1 ? one : many);
    }

    /** A constant for people: {@code MATCH_CODES} becomes {@code match codes}. */
    public static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** A link with parameters, relative to the console. */
    public static String link(String page, String... namesAndValues) {
        return page + Parameters.query(namesAndValues);
    }
}
