package io.outfeed.internal.format;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Writes cells of CSV which commons-csv would write without quotes, byte by byte and without a text of each value. It
 * leaves all others alone. The text of a value is that of {@code ValueText}. For charsets that keep ASCII. Used by one
 * thread.
 */
public final class PlainCells {

    /** What the text of a value may have, besides digits. */
    private static final String VALUE_CHARACTERS = "-+.:TZtruefals";

    private static final int MOST_BYTES_OF_VALUE = 64;
    private static final int MOST_BYTES_OF_CHAR = 3;

    /** How many digits surely fit into a long. */
    private static final int LONG_DIGITS = 18;

    private static final int NANO_DIGITS = 9;

    /** Beyond the years that are written here, and not beyond those that can be computed. */
    private static final long MOST_SECONDS = 400_000_000_000L;

    /** The digits of the largest long. */
    private static final int MOST_DIGITS = 19;

    /** The digits of the numbers up to 99. */
    private static final byte[] TENS = new byte[100];

    private static final byte[] ONES = new byte[100];

    static {
        for (int i = 0; i < TENS.length; i++) {
            TENS[i] = (byte) ('0' + i / 10);
            ONES[i] = (byte) ('0' + i % 10);
        }
    }

    private static final int[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private final EncodedOutput out;
    private final boolean utf8;

    /** The ASCII characters that a cell without quotes does not have. */
    private final boolean[] special = new boolean[0x80];

    private final boolean writesValues;

    /** @param quoted the characters that need quotes, wherever they are */
    public PlainCells(EncodedOutput out, boolean utf8, String quoted) {
        this.out = out;
        this.utf8 = utf8;
        quoted.chars().forEach(c -> special[c] = true);
        this.writesValues = VALUE_CHARACTERS.chars().noneMatch(c -> special[c]);
    }

    /**
     * Writes a text that is not empty.
     *
     * @return whether it was written; if not, nothing was
     */
    public boolean text(String text) throws IOException {
        int length = text.length();
        char c = text.charAt(0);
        // '\' may begin a line that ends PostgreSQL's COPY, and U+FEFF a file that seems to have a byte order mark
        if (c <= '#' || c == '\\' || c == '\ufeff' || text.charAt(length - 1) <= ' ') {
            return false;
        }
        byte[] buffer = out.room(length * MOST_BYTES_OF_CHAR);
        int to = out.position();
        for (int i = 0; i < length; i++) {
            c = text.charAt(i);
            if (c < 0x80) {
                if (special[c]) {
                    return false;
                }
                buffer[to++] = (byte) c;
            } else if (!utf8) {
                return false;
            } else if (c < 0x800) {
                buffer[to++] = (byte) (0xc0 | (c >> 6));
                buffer[to++] = (byte) (0x80 | (c & 0x3f));
            } else if (!Character.isSurrogate(c)) {
                buffer[to++] = (byte) (0xe0 | (c >> 12));
                buffer[to++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                buffer[to++] = (byte) (0x80 | (c & 0x3f));
            } else {
                i++;
                if (!Character.isHighSurrogate(c) || i == length || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
                int point = Character.toCodePoint(c, text.charAt(i));
                buffer[to++] = (byte) (0xf0 | (point >> 18));
                buffer[to++] = (byte) (0x80 | ((point >> 12) & 0x3f));
                buffer[to++] = (byte) (0x80 | ((point >> 6) & 0x3f));
                buffer[to++] = (byte) (0x80 | (point & 0x3f));
            }
        }
        out.used(to);
        return true;
    }

    /**
     * Writes a value.
     *
     * @return whether it was written; if not, nothing was
     */
    public boolean value(Object value) throws IOException {
        if (!writesValues) {
            return false;
        }
        byte[] buffer = out.room(MOST_BYTES_OF_VALUE);
        int at = out.position();
        int end = at;
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            end = number(buffer, at, ((Number) value).longValue());
        } else if (value instanceof BigDecimal decimal) {
            end = decimal(buffer, at, decimal);
        } else if (value instanceof Boolean truth) {
            end = ascii(buffer, at, truth ? "true" : "false");
        } else if (value instanceof LocalDate date) {
            end = date(buffer, at, date);
        } else if (value instanceof Instant instant) {
            end = instant(buffer, at, instant);
        } else if (value instanceof LocalDateTime time) {
            end = dateTime(buffer, at, time);
        } else if (value instanceof OffsetDateTime time) {
            end = offsetTime(buffer, at, time);
        } else if (value instanceof LocalTime time) {
            end = time(buffer, at, time);
        }
        out.used(end);
        return end > at;
    }

    private static int ascii(byte[] buffer, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            buffer[at + i] = (byte) text.charAt(i);
        }
        return at + text.length();
    }

    private static int number(byte[] buffer, int at, long number) {
        if (number >= 0) {
            return digits(buffer, at, number, 1);
        }
        if (number == Long.MIN_VALUE) {
            return at;
        }
        buffer[at] = '-';
        return digits(buffer, at + 1, -number, 1);
    }

    /** Writes a number of zero or more with as many digits as it has, or with leading zeros. */
    private static int digits(byte[] buffer, int at, long number, int least) {
        int count = 1;
        for (long power = 10; count < MOST_DIGITS && number >= power; power *= 10) {
            count++;
        }
        int end = at + Math.max(count, least);
        int to = end;
        long high = number;
        while (high > Integer.MAX_VALUE) {
            long rest = high / 100;
            to = pair(buffer, to, (int) (high - rest * 100));
            high = rest;
        }
        int low = (int) high;
        while (low >= 100) {
            int rest = low / 100;
            to = pair(buffer, to, low - rest * 100);
            low = rest;
        }
        if (low >= 10) {
            to = pair(buffer, to, low);
        } else {
            buffer[--to] = (byte) ('0' + low);
        }
        while (to > at) {
            buffer[--to] = '0';
        }
        return end;
    }

    private static int two(byte[] buffer, int at, int number) {
        pair(buffer, at + 2, number);
        return at + 2;
    }

    /** Puts two digits before a position, and returns where they begin. */
    private static int pair(byte[] buffer, int end, int number) {
        buffer[end - 1] = ONES[number];
        buffer[end - 2] = TENS[number];
        return end - 2;
    }

    private static int decimal(byte[] buffer, int at, BigDecimal decimal) {
        int scale = decimal.scale();
        if (scale < 0 || scale > LONG_DIGITS || decimal.precision() > LONG_DIGITS) {
            return at;
        }
        long unscaled = decimal.unscaledValue().longValue();
        int to = at;
        if (unscaled < 0) {
            buffer[to++] = '-';
        }
        int end = digits(buffer, to, Math.abs(unscaled), scale + 1);
        if (scale == 0) {
            return end;
        }
        int point = end - scale;
        System.arraycopy(buffer, point, buffer, point + 1, scale);
        buffer[point] = '.';
        return end + 1;
    }

    private static int date(byte[] buffer, int at, LocalDate date) {
        int year = date.getYear();
        if (year < 0 || year > 9999) {
            return at;
        }
        int to = digits(buffer, at, year, 4);
        buffer[to] = '-';
        to = two(buffer, to + 1, date.getMonthValue());
        buffer[to] = '-';
        return two(buffer, to + 1, date.getDayOfMonth());
    }

    private static int timeOfDay(byte[] buffer, int at, int hour, int minute, int second) {
        int to = two(buffer, at, hour);
        buffer[to] = ':';
        to = two(buffer, to + 1, minute);
        buffer[to] = ':';
        return two(buffer, to + 1, second);
    }

    /** Writes the fraction of a second with a number of digits. */
    private static int fraction(byte[] buffer, int at, int nano, int digits) {
        if (digits == 0) {
            return at;
        }
        buffer[at] = '.';
        return digits(buffer, at + 1, nano / POWERS[NANO_DIGITS - digits], digits);
    }

    /** How many digits a fraction has without the zeros at its end. */
    private static int digitsOf(int nano) {
        if (nano == 0) {
            return 0;
        }
        int digits = NANO_DIGITS;
        for (int rest = nano; rest % 10 == 0; rest /= 10) {
            digits--;
        }
        return digits;
    }

    private static int time(byte[] buffer, int at, LocalTime time) {
        int to = timeOfDay(buffer, at, time.getHour(), time.getMinute(), time.getSecond());
        return fraction(buffer, to, time.getNano(), digitsOf(time.getNano()));
    }

    private static int dateTime(byte[] buffer, int at, LocalDateTime time) {
        int to = date(buffer, at, time.toLocalDate());
        if (to == at) {
            return at;
        }
        buffer[to] = 'T';
        return time(buffer, to + 1, time.toLocalTime());
    }

    /** An instant has three, six or nine digits, and no fraction of zero. */
    private static int instant(byte[] buffer, int at, Instant instant) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.max(Math.min(instant.getEpochSecond(), MOST_SECONDS), -MOST_SECONDS),
                instant.getNano(),
                ZoneOffset.UTC);
        int to = date(buffer, at, time.toLocalDate());
        if (to == at) {
            return at;
        }
        buffer[to] = 'T';
        to = timeOfDay(buffer, to + 1, time.getHour(), time.getMinute(), time.getSecond());
        to = fraction(buffer, to, time.getNano(), (digitsOf(time.getNano()) + 2) / 3 * 3);
        buffer[to] = 'Z';
        return to + 1;
    }

    private static int offsetTime(byte[] buffer, int at, OffsetDateTime time) {
        int seconds = time.getOffset().getTotalSeconds();
        int to = seconds % 60 == 0 ? dateTime(buffer, at, time.toLocalDateTime()) : at;
        if (to == at) {
            return at;
        }
        if (seconds == 0) {
            buffer[to] = 'Z';
            return to + 1;
        }
        buffer[to] = (byte) (seconds < 0 ? '-' : '+');
        int minutes = Math.abs(seconds) / 60;
        to = two(buffer, to + 1, minutes / 60);
        buffer[to] = ':';
        return two(buffer, to + 1, minutes % 60);
    }
}
