package io.outfeed.mail.internal.message;

import io.outfeed.file.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks of header values and commands: a line break in one would begin another one. */
public final class HeaderText {

    private static final int MAX_NAME = 120;

    /** In bytes of UTF-8: what file systems take. A header line with each byte as three characters stays below 998. */
    private static final int MAX_FILE_NAME = 255;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    private HeaderText() {}

    /** Whether a text has a control character (CR, LF, NUL, TAB …) or a line separator of Unicode. */
    public static boolean hasControl(String text) {
        return text.chars().anyMatch(HeaderText::isControl);
    }

    /** Replaces each control character by a space. */
    public static String withoutControl(String text) {
        return text.codePoints()
                .map(c -> isControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    /** Whether a text has a control character that is no line break or tab. */
    public static boolean hasControlInLines(String text) {
        return hasControl(text.replace("\r\n", "").replace("\n", "").replace("\t", ""));
    }

    /** What is wrong with the name of an attachment, as a clause that does not repeat it; empty if nothing is. */
    public static Optional<String> fileNameProblem(String name) {
        if (name.isEmpty()) {
            return Optional.of("is empty");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_FILE_NAME) {
            return Optional.of("has " + bytes + " bytes, at most " + MAX_FILE_NAME + " are allowed");
        }
        if (!FileNames.UNICODE.clean(name).equals(name) || name.startsWith(".") || name.startsWith("-")) {
            return Optional.of(
                    "may have letters and digits, blanks, '.', '_' and '-', and must not begin with '.' or '-'");
        }
        return Optional.empty();
    }

    /** What is wrong with an id, as a clause that does not repeat it; empty if nothing is. */
    public static Optional<String> nameProblem(String name) {
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
