package io.outfeed.internal.text;

/**
 * Text of others in a message: what a server says, a name, a key. Control characters would write lines of their own
 * into a log, and marks of direction would show another text than there is.
 */
public final class VisibleText {

    private VisibleText() {}

    /** Replaces what is neither visible nor a blank by a question mark, and cuts the text after some code points. */
    public static String of(String text, int most) {
        if (text.length() <= most && text.codePoints().allMatch(VisibleText::isVisible)) {
            return text;
        }
        StringBuilder clean = new StringBuilder();
        text.codePoints().limit(most).forEach(c -> clean.appendCodePoint(isVisible(c) ? c : '?'));
        return text.codePointCount(0, text.length()) <= most
                ? clean.toString()
                : clean.append('…').toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
