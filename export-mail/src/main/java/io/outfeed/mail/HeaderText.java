package io.outfeed.mail;

import java.util.Optional;
import java.util.regex.Pattern;

/** Checks of what goes into a header or a command: a line break there would begin another one. */
final class HeaderText {

    private static final int MAX_NAME = 120;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    private HeaderText() {}

    /** CR, LF, NUL, TAB and all the others, and the line separators of Unicode. */
    static boolean hasControl(String text) {
        return text.chars().anyMatch(HeaderText::isControl);
    }

    /** Has a space in place of each of them. */
    static String withoutControl(String text) {
        return text.codePoints()
                .map(c -> isControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    /** The same, but line feeds and tabs are welcome. */
    static boolean hasControlBesideLines(String text) {
        return hasControl(text.replace("\r\n", "").replace("\n", "").replace("\t", ""));
    }

    /** Says what is wrong with an id or a file's name, as a clause that does not repeat it; empty if nothing is. */
    static Optional<String> nameProblem(String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty");
        }
        if (name.length() > MAX_NAME) {
            return Optional.of("has " + name.length() + " characters, at most " + MAX_NAME + " are allowed");
        }
        if (!NAME.matcher(name).matches()) {
            return Optional.of(
                    "may have letters A-Z and a-z, digits, '.', '_' and '-', and must not begin with '.' or '-'");
        }
        return Optional.empty();
    }
}
