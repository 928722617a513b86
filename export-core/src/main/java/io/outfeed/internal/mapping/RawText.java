package io.outfeed.internal.mapping;

import io.outfeed.field.ValueTexts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a record has, for a person to look at: any value has some text here, also one that no cell could have. */
public final class RawText {

    private static final ValueText DEFAULTS = new ValueText(ValueTexts.defaults());

    private RawText() {}

    /** The default text of the value; where it has none, what the value says of itself. */
    public static @Nullable String of(@Nullable Object value) {
        try {
            return DEFAULTS.of(value);
        } catch (IllegalArgumentException e) {
            String all = Arrays.deepToString(new @Nullable Object[] {value}); // looks into arrays
            return all.substring(1, all.length() - 1);
        }
    }
}
