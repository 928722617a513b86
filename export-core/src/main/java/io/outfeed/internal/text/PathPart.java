package io.outfeed.internal.text;

/** A part of a path that a store or a server gives back: a forged one must not lead elsewhere. */
public final class PathPart {

    private PathPart() {}

    /**
     * Whether a part is a plain name: it leads neither upwards nor, on Windows, elsewhere, and has nothing invisible.
     */
    public static boolean isPlain(String part) {
        return !part.isEmpty()
                && !part.equals(".")
                && !part.equals("..")
                && part.codePoints().noneMatch(PathPart::isForbidden);
    }

    private static boolean isForbidden(int c) {
        return c == '/'
                || c == '\\'
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SURROGATE -> true;
                    default -> false;
                };
    }
}
