package io.outfeed.format;

import java.util.regex.Pattern;

/** Texts that a spreadsheet would run as formulas. */
final class FormulaTexts {

    /** The characters that a spreadsheet takes for the beginning of a formula. */
    private static final String SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20";

    /** What it skips before a formula. */
    private static final String SKIPPED = "\t\r\n\0";

    /** Where a reader of another dialect begins a cell. */
    private static final String SEPARATORS = ",;|\"\t\r\n";

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9][0-9.,]*");

    private FormulaTexts() {}

    /** Puts an apostrophe before each sign that would begin a formula; returns the same text if there is none. */
    static String guarded(String text) {
        if (NUMBER.matcher(text).matches()) {
            return text;
        }
        StringBuilder guarded = null;
        for (int i = 0; i < text.length(); i++) {
            if (begins(text, i)) {
                if (guarded == null) {
                    guarded = new StringBuilder(text.length() + 4).append(text, 0, i);
                }
                guarded.append('\'');
            }
            if (guarded != null) {
                guarded.append(text.charAt(i));
            }
        }
        return guarded == null ? text : guarded.toString();
    }

    private static boolean begins(String text, int at) {
        char c = text.charAt(at);
        if (at == 0) {
            return SIGNS.indexOf(c) >= 0 || SKIPPED.indexOf(c) >= 0;
        }
        return SIGNS.indexOf(c) >= 0
                && SEPARATORS.indexOf(text.charAt(at - 1)) >= 0
                && !NUMBER.matcher(cell(text, at)).matches();
    }

    /** Returns the text up to the next separator. */
    private static String cell(String text, int from) {
        int end = from;
        while (end < text.length() && SEPARATORS.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(from, end);
    }
}
