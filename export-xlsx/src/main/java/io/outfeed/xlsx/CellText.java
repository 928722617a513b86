package io.outfeed.xlsx;

import java.util.Optional;

/** Texts of cells, and how XML has them. */
final class CellText {

    /** How many characters a cell has room for. */
    static final int MOST_CHARACTERS = 32_767;

    private static final int ESCAPE_LENGTH = "_x000D_".length();

    private CellText() {}

    /** Returns why a cell can't have a text, as a clause; empty if it can. */
    static Optional<String> problem(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return Optional.of("its text has " + text.length() + " characters, and a cell of a spreadsheet at most "
                    + MOST_CHARACTERS + ": correct the record, or let a transformation shorten it");
        }
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (Character.MIN_SURROGATE <= point && point <= Character.MAX_SURROGATE) {
                return Optional.of("its text is no valid Unicode (half of a surrogate pair): correct the record");
            } else if ((point < ' ' && point != '\t' && point != '\n' && point != '\r') || isNoCharacter(point)) {
                return Optional.of("its text has a control character that a spreadsheet can't hold: correct the record,"
                        + " or let a transformation remove it");
            }
            at += Character.charCount(point);
        }
        return Optional.empty();
    }

    private static boolean isNoCharacter(int point) {
        return point == 0xfffe || point == 0xffff;
    }

    /** Whether a reader of XML might drop blanks of a text. */
    static boolean hasBlankEnd(String text) {
        return !text.isEmpty() && (text.charAt(0) <= ' ' || text.charAt(text.length() - 1) <= ' ');
    }

    /**
     * Appends a text to XML. A carriage return, which XML would turn into a line feed, is written as {@code _x000D_},
     * as spreadsheets do; what looks like such an escape gets one for its first character.
     */
    static void append(String text, StringBuilder xml) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '"' -> xml.append("&quot;");
                case '\r' -> xml.append("_x000D_");
                case '_' -> xml.append(isEscape(text, i) ? "_x005F_" : "_");
                default -> xml.append(c);
            }
        }
    }

    private static boolean isEscape(String text, int at) {
        int end = at + ESCAPE_LENGTH - 1;
        if (end >= text.length() || text.charAt(at + 1) != 'x' || text.charAt(end) != '_') {
            return false;
        }
        for (int i = at + 2; i < end; i++) {
            if (Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
