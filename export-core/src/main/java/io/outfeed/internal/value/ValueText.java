package io.outfeed.internal.value;

import io.outfeed.field.RejectedValueException;
import io.outfeed.field.ValueTexts;
import io.outfeed.format.CellType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Calendar;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Converts a value to the text of a cell: by the definition's own conversion for its type, else to ISO-8601 for
 * {@code java.time}, plain decimals, and the names of enum constants. Null stays null, so that a format can tell it
 * from empty text.
 */
public final class ValueText {

    /** Whether a class overrides {@code toString}. */
    private static final ClassValue<Boolean> HAS_TEXT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return type.getMethod("toString").getDeclaringClass() != Object.class;
            } catch (NoSuchMethodException e) {
                throw new AssertionError("every class has toString", e);
            }
        }
    };

    /** The types of cells whose default text is the notation of the type; other classes give texts. */
    private static final Map<Class<?>, CellType> CELLS = Map.ofEntries(
            Map.entry(Boolean.class, CellType.BOOLEAN),
            Map.entry(Byte.class, CellType.INTEGER),
            Map.entry(Short.class, CellType.INTEGER),
            Map.entry(Integer.class, CellType.INTEGER),
            Map.entry(Long.class, CellType.INTEGER),
            Map.entry(BigInteger.class, CellType.INTEGER),
            Map.entry(Float.class, CellType.DECIMAL),
            Map.entry(Double.class, CellType.DECIMAL),
            Map.entry(BigDecimal.class, CellType.DECIMAL),
            Map.entry(LocalDate.class, CellType.DATE),
            Map.entry(LocalTime.class, CellType.TIME),
            Map.entry(LocalDateTime.class, CellType.TIMESTAMP),
            Map.entry(Instant.class, CellType.INSTANT),
            Map.entry(OffsetDateTime.class, CellType.INSTANT),
            Map.entry(ZonedDateTime.class, CellType.INSTANT));

    /** The classes whose values always have a default text: it may be made later, or not at all. */
    private static final Set<Class<?>> KEPT = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            BigInteger.class,
            BigDecimal.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            Instant.class,
            OffsetDateTime.class,
            ZonedDateTime.class);

    /** A decimal with an exponent beyond it has a text of so many zeros that making it may fail. */
    private static final int MOST_ZEROS = 1_000;

    /** More than any database has in a number. */
    private static final int MAX_DIGITS = 1_000_000;

    /**
     * How values of one class become cells.
     *
     * @param of the class
     * @param type the type of the cells
     * @param own the definition's conversion
     * @param keepsValues whether the default text of a value may be made later
     */
    public record Kind(
            Class<?> of, CellType type, Optional<Function<Object, @Nullable String>> own, boolean keepsValues) {

        /** Returns what a cell keeps of a value of this class: the value itself, or its text. */
        public @Nullable Object kept(Object value) {
            if (own.isPresent()) {
                return own.get().apply(value);
            }
            return keepsValues && !(value instanceof BigDecimal decimal && Math.abs(decimal.scale()) > MOST_ZEROS)
                    ? value
                    : defaultText(value);
        }
    }

    private final ValueTexts texts;

    public ValueText(ValueTexts texts) {
        this.texts = texts;
    }

    /** Returns the text of a value. */
    public @Nullable String of(@Nullable Object value) {
        Object held = unwrapped(value);
        if (held == null) {
            return null;
        }
        Optional<Function<Object, @Nullable String>> own = texts.textOf(held.getClass());
        return own.isPresent() ? own.get().apply(held) : defaultText(held);
    }

    /** Returns the type of a value's cell; a definition's own conversion always gives text. */
    public CellType type(@Nullable Object value) {
        if (value instanceof String) {
            return CellType.TEXT;
        }
        Object held = unwrapped(value);
        if (held == null || texts.textOf(held.getClass()).isPresent()) {
            return CellType.TEXT;
        }
        return CELLS.getOrDefault(held.getClass(), CellType.TEXT);
    }

    /** Returns how values of a class become cells. */
    public Kind kind(Class<?> of) {
        Optional<Function<Object, @Nullable String>> own = texts.textOf(of);
        CellType type = own.isPresent() ? CellType.TEXT : CELLS.getOrDefault(of, CellType.TEXT);
        return new Kind(of, type, own, KEPT.contains(of));
    }

    /** Returns what an {@code Optional} holds, and any other value as it is. */
    public static @Nullable Object unwrapped(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Number) {
            return value;
        }
        if (value instanceof Optional<?> optional) {
            return unwrapped(optional.orElse(null));
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? optional.getAsDouble() : null;
        }
        return value;
    }

    /** Returns the text of a value whose class has no conversion of the definition's own. */
    public static String defaultText(Object value) {
        if (value instanceof CharSequence || value instanceof Long || value instanceof Integer) {
            return value.toString();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof BigDecimal decimal) {
            return plain(decimal);
        }
        if (value instanceof Double || value instanceof Float) {
            return decimal((Number) value);
        }
        if (value instanceof LocalTime time) {
            return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
        }
        if (value instanceof LocalDateTime time) {
            return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        }
        if (value instanceof OffsetDateTime time) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        }
        if (value instanceof OffsetTime time) {
            return DateTimeFormatter.ISO_OFFSET_TIME.format(time);
        }
        if (value instanceof ZonedDateTime time) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        }
        return other(value);
    }

    /** The zeros of a large exponent would fill the memory. */
    private static String plain(BigDecimal decimal) {
        if ((long) decimal.precision() - decimal.scale() > MAX_DIGITS || decimal.scale() > MAX_DIGITS) {
            throw new RejectedValueException("it has more than " + MAX_DIGITS
                    + " digits: correct the record, or give the field a transformation");
        }
        return decimal.toPlainString();
    }

    private static String other(Object value) {
        Class<?> type = value.getClass();
        if (value instanceof Date || value instanceof Calendar) {
            throw new RejectedValueException("a " + type.getName()
                    + " has no default text, which would depend on the machine's zone: give the field a"
                    + " transformation");
        }
        if (type.isArray() || value instanceof Iterable || value instanceof Map || !HAS_TEXT.get(type)) {
            throw new RejectedValueException(
                    "its type has no default text: give the field a transformation, or the definition a text"
                            + " for the type");
        }
        return value.toString();
    }

    private static String decimal(Number number) {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new RejectedValueException(
                    "it is infinite or not a number: correct the record, or give the field a transformation");
        }
        return new BigDecimal(number.toString()).toPlainString();
    }
}
