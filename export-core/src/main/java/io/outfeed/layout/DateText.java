package io.outfeed.layout;

import io.outfeed.field.RejectedValueException;
import io.outfeed.field.Transformation;
import io.outfeed.field.Transformations;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes a date, a time, or both with a pattern, whichever of the types of {@code java.time} the field has: customers
 * choose a pattern, not a type.
 */
final class DateText implements Transformation<Object, String> {

    private static final Argument<String> PATTERN = Argument.text("pattern");
    private static final Argument<ZoneId> ZONE = Argument.zone("zone").optional();
    private static final Argument<Locale> LANGUAGE =
            Argument.language("language").optional();

    static final Choice<Transformation<? super Object, ?>> CHOICE =
            Choice.of("date", DateText::new, PATTERN, ZONE, LANGUAGE);

    private final String pattern;
    private final Optional<ZoneId> zone;

    /** For each type that has what the pattern writes. */
    private final Map<Class<?>, Transformation<Object, String>> byType = new LinkedHashMap<>();

    private DateText(Arguments with) {
        this.pattern = with.get(PATTERN);
        this.zone = with.find(ZONE);
        Locale language = with.find(LANGUAGE).orElse(Locale.ROOT);
        String first = "";
        for (Map.Entry<Class<?>, Supplier<Transformation<?, String>>> type :
                types(language).entrySet()) {
            try {
                byType.put(type.getKey(), erased(type.getValue().get()));
            } catch (IllegalArgumentException e) { // another type may have what it writes
                first = first.isEmpty() ? String.valueOf(e.getMessage()) : first;
            }
        }
        if (byType.isEmpty()) {
            throw new IllegalArgumentException(first);
        }
    }

    private Map<Class<?>, Supplier<Transformation<?, String>>> types(Locale language) {
        Map<Class<?>, Supplier<Transformation<?, String>>> types = new LinkedHashMap<>();
        types.put(LocalDateTime.class, () -> Transformations.dateTime(pattern, language));
        types.put(LocalDate.class, () -> Transformations.date(pattern, language));
        types.put(LocalTime.class, () -> Transformations.time(pattern));
        types.put(Instant.class, () -> Transformations.instant(pattern, zone.orElse(ZoneId.of("GMT")), language));
        return types;
    }

    @SuppressWarnings("unchecked") // it only gets values of its type
    private static Transformation<Object, String> erased(Transformation<?, String> transformation) {
        return (Transformation<Object, String>) transformation;
    }

    @Override
    public @Nullable String apply(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        Object time = asInstant(value);
        if (time instanceof Instant && zone.isEmpty()) {
            throw new RejectedValueException(
                    "its value is a point in time, and transformation 'date' has no zone for it: add the argument"
                            + " 'zone', such as Europe/Zurich");
        }
        Transformation<Object, String> known = byType.get(time.getClass());
        if (known == null) {
            throw new RejectedValueException("its value is a "
                    + value.getClass().getSimpleName()
                    + ", which does not have all that the pattern of transformation 'date' writes: choose another"
                    + " pattern, or a field with dates or times");
        }
        return known.apply(time);
    }

    private static Object asInstant(Object value) {
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        return value instanceof ZonedDateTime time ? time.toInstant() : value;
    }
}
