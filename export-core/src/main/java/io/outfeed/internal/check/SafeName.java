package io.outfeed.internal.check;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks names that must be a safe path component on every file system and server.
 *
 * <p>The portable filename character set of POSIX.1-2017, section 3.282, without the names that Windows reserves for
 * devices. {@link UnicodeName} is the wider rule.
 */
public final class SafeName {

    /** The longest name, in characters: with the affixes of a temporary name it stays below the usual limit of 255. */
    public static final int MAX_LENGTH = 120;

    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    private SafeName() {}

    /** Returns the problem of a name, as a clause; empty if there is none. The caller quotes the name itself. */
    public static Optional<String> problem(String name) {
        if (name.length() > MAX_LENGTH) {
            return tooLong(name.length());
        }
        if (!isPortable(name)) {
            return Optional.of("only letters A-Z and a-z, digits, '.', '_' and '-' are allowed");
        }
        return shapeProblem(name);
    }

    static Optional<String> tooLong(int characters) {
        return Optional.of("it has " + characters + " characters, at most " + MAX_LENGTH + " are allowed");
    }

    /** Returns the problem of a name whose characters are allowed, for a file system or a program that reads it. */
    static Optional<String> shapeProblem(String name) {
        if (name.isEmpty()) {
            return Optional.of("it is empty");
        }
        if (name.startsWith(".") || name.startsWith("-")) {
            return Optional.of("it must not begin with '.' or '-'");
        }
        if (name.endsWith(".")) {
            return Optional.of("it must not end with '.'");
        }
        if (name.contains("..")) {
            return Optional.of("it must not contain '..'");
        }
        int dot = name.indexOf('.');
        String stem = (dot < 0 ? name : name.substring(0, dot)).stripTrailing().toLowerCase(Locale.ROOT);
        if (DEVICES.contains(stem)) {
            return Optional.of("'" + stem + "' is the name of a device on Windows");
        }
        return Optional.empty();
    }

    /** Tells whether all characters are allowed. The name may still have a {@link #problem}. */
    public static boolean isPortable(String name) {
        return name.chars().allMatch(SafeName::isPortable);
    }

    private static boolean isPortable(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    /** Replaces each character that is not allowed by a hyphen. The result may still have a {@link #problem}. */
    public static String clean(String text) {
        return text.codePoints()
                .map(c -> isPortable(c) ? c : '-')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /**
     * Returns a text that is equal for names which may be the same file: without regard to case, and to how a letter
     * with a mark is written. For the names of jobs and definitions that is the name in lower case.
     */
    public static String withoutCase(String name) {
        String folded = UnicodeName.normalized(name)
                .codePoints()
                .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return UnicodeName.normalized(folded);
    }
}
