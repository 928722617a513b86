package io.outfeed.internal.mapping;

import io.outfeed.field.ValueTexts;
import io.outfeed.internal.value.ValueText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The raw value of a field as text, for previews: any value has one, even if it has no text for a cell. */
public final class RawText {

    private static final ValueText DEFAULTS = new ValueText(ValueTexts.defaults());

    private RawText() {}

    /** Returns the default text of the value, or its {@code toString} if it has none. */
    public static @Nullable String of(@Nullable Object value) {
        try {
            return DEFAULTS.of(value);
        } catch (IllegalArgumentException e) {
            String all = Arrays.deepToString(new @Nullable Object[] {value}); // also the elements of arrays
            return all.substring(1, all.length() - 1);
        }
    }
}
