package io.outfeed.internal.cron;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One field of a cron expression: a list of {@code *}, numbers, names and ranges, each range with a step if wanted. */
enum CronField {
    MINUTE("minute (field 1)", 0, 59, ""),
    HOUR("hour (field 2)", 0, 23, ""),
    DAY_OF_MONTH("day of month (field 3)", 1, 31, ""),
    MONTH("month (field 4)", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
    DAY_OF_WEEK("day of week (field 5)", 0, 7, "SUN MON TUE WED THU FRI SAT");

    private static final Pattern ITEM =
            Pattern.compile("(\\*|[0-9]{1,3}|[A-Z]+)(?:-([0-9]{1,3}|[A-Z]+))?(?:/([0-9]{1,3}))?");

    private final String label;
    private final int least;
    private final int most;
    private final String names;

    CronField(String label, int least, int most, String names) {
        this.label = label;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /** Returns the numbers of a field, as bits, and adds its mistakes to the problems. */
    long parse(String field, List<String> problems) {
        long bits = 0;
        for (String item : field.split(",", -1)) {
            try {
                bits |= item(item);
            } catch (IllegalArgumentException e) {
                problems.add(label + " has '" + item + "': " + e.getMessage());
            }
        }
        return bits;
    }

    private long item(String item) {
        Matcher parts = ITEM.matcher(item);
        if (!parts.matches()) {
            throw new IllegalArgumentException(advice(item));
        }
        boolean any = parts.group(1).equals("*");
        boolean range = parts.group(2) != null;
        if (any && range) {
            throw new IllegalArgumentException("'*' has no end");
        }
        if (parts.group(3) != null && !any && !range) {
            throw new IllegalArgumentException("a step needs a range: write " + item.replace("/", "-" + top() + "/"));
        }
        int from = any ? least : number(parts.group(1));
        int until = any ? top() : range ? number(parts.group(2)) : from;
        int step = parts.group(3) == null ? 1 : Integer.parseInt(parts.group(3));
        if (until < from) {
            throw new IllegalArgumentException("the range ends before it begins: write two, divided by a comma");
        }
        if (step < 1 || step > top()) {
            throw new IllegalArgumentException("the step must be 1 to " + top());
        }
        long bits = 0;
        for (int number = from; number <= until; number += step) {
            bits |= 1L << number;
        }
        return bits;
    }

    /** The last number of a {@code *}: Sunday is both 0 and 7, and counts as 0 here. */
    private int top() {
        return this == DAY_OF_WEEK ? 6 : most;
    }

    private int number(String text) {
        int named = List.of(names.split(" ", -1)).indexOf(text);
        if (named >= 0) {
            return named + least;
        }
        if (!Character.isDigit(text.charAt(0))) {
            throw new IllegalArgumentException(advice(text));
        }
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw new IllegalArgumentException("it must be " + least + " to " + most);
        }
        return number;
    }

    private String advice(String item) {
        if (item.contains("?")) {
            return "'?' is another dialect's: write '*'";
        }
        if (item.contains("#") || (this == DAY_OF_WEEK && item.endsWith("L"))) {
            return "for such days use Schedule.monthlyOnNth or monthlyOnLast";
        }
        return names.isEmpty()
                ? "write " + least + " to " + most + ", '*', a list, a range or a step"
                : "write " + least + " to " + most + ", " + names.substring(0, 3) + " to "
                        + names.substring(names.length() - 3) + ", '*', a list, a range or a step";
    }
}
