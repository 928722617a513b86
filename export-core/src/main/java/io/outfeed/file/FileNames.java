package io.outfeed.file;

import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.check.UnicodeName;
import java.util.Optional;

/**
 * Which names files may have. Neither allows control characters, separators of paths, invisible characters, such as
 * those that change the direction of writing, and names that Windows reserves for devices.
 */
public enum FileNames {
    /** Letters A-Z and a-z, digits, {@code .}, {@code _} and {@code -}, at most 120: safe at every destination. */
    PORTABLE {
        @Override
        public Optional<String> problem(String name) {
            return SafeName.problem(name);
        }

        @Override
        public String clean(String text) {
            return SafeName.clean(text);
        }
    },

    /**
     * Letters, marks and digits of any script, in the normal form NFC, {@code .}, {@code _}, {@code -}, and blanks but
     * at the beginning and the end: at most 120 characters, and 200 bytes of UTF-8. For destinations that keep such
     * names as they are.
     */
    UNICODE {
        @Override
        public Optional<String> problem(String name) {
            return UnicodeName.problem(name);
        }

        @Override
        public String clean(String text) {
            return UnicodeName.clean(text);
        }
    };

    /**
     * Checks a name.
     *
     * @param name the name of a file, without a folder
     * @return why it is not allowed, as a clause that begins with "it" or names what is allowed; empty if it is
     *     allowed
     */
    public abstract Optional<String> problem(String name);

    /**
     * Replaces each character that is not allowed by a hyphen. The result may still have a {@link #problem}, such as
     * too many characters.
     *
     * @param text the value of a variable
     * @return the text as it appears in a name
     */
    public abstract String clean(String text);
}
