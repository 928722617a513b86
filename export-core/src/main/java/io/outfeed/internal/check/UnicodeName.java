package io.outfeed.internal.check;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;

/**
 * Checks names that must be a safe path component on file systems and servers that know Unicode: letters, marks and
 * digits of any script, and blanks, besides what a {@link SafeName} may have. Such a name is one line of visible text
 * in the order in which it is stored.
 */
public final class UnicodeName {

    /** The longest name in UTF-8: with the affixes of a temporary name it stays below the usual limit of 255. */
    static final int MAX_BYTES = 200;

    private UnicodeName() {}

    /** Returns the problem of a name, as a clause; empty if there is none. The caller quotes the name itself. */
    public static Optional<String> problem(String name) {
        int characters = name.codePointCount(0, name.length());
        if (characters > SafeName.MAX_LENGTH) {
            return SafeName.tooLong(characters);
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            return Optional.of("it has " + bytes + " bytes in UTF-8, at most " + MAX_BYTES + " are allowed");
        }
        if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
            return Optional.of("it is not in the normal form NFC of Unicode");
        }
        if (!name.codePoints().allMatch(UnicodeName::isAllowed)) {
            return Optional.of("only letters, marks and digits, blanks, '.', '_' and '-' are allowed");
        }
        if (name.startsWith(" ") || name.endsWith(" ")) {
            return Optional.of("it must not begin or end with a blank");
        }
        return SafeName.shapeProblem(name);
    }

    /**
     * Replaces each character that is not allowed by a hyphen, in the normal form NFC. The result may still have a
     * {@link #problem}.
     */
    public static String clean(String text) {
        return normalized(normalized(text)
                .codePoints()
                .map(c -> isAllowed(c) ? c : '-')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    /** Returns a text in the form in which equal texts have equal characters. */
    public static String normalized(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static boolean isAllowed(int c) {
        return switch (c) {
            case ' ', '.', '_', '-' -> true;
            default ->
                !isInvisible(c)
                        && switch (Character.getType(c)) {
                            case Character.UPPERCASE_LETTER,
                                    Character.LOWERCASE_LETTER,
                                    Character.TITLECASE_LETTER,
                                    Character.MODIFIER_LETTER,
                                    Character.OTHER_LETTER,
                                    Character.NON_SPACING_MARK,
                                    Character.COMBINING_SPACING_MARK,
                                    Character.ENCLOSING_MARK,
                                    Character.DECIMAL_DIGIT_NUMBER -> true;
                            default -> false;
                        };
        };
    }

    /** Letters and marks without a glyph of their own (Default_Ignorable_Code_Point): names would only seem equal. */
    private static boolean isInvisible(int c) {
        return switch (c) {
            case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0 -> true;
            default -> (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
        };
    }
}
