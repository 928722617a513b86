package io.outfeed.jdbc;

import io.outfeed.jdbc.internal.column.ColumnMismatchException;
import io.outfeed.jdbc.internal.column.Columns;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Maps rows to a record class by its canonical constructor. A component takes the column of the same name, without
 * regard to case and underscores; columns that no component takes are ignored. Immutable.
 */
final class ConstructorMapper<T> implements RecordMapping<T> {

    /** Reads a value that fits a component. */
    private interface Getter {
        @Nullable
        Object get(Row row, String column);
    }

    private static final Map<Class<?>, Getter> GETTERS = Map.ofEntries(
            Map.entry(String.class, Row::string),
            Map.entry(Integer.class, Row::integer),
            Map.entry(int.class, Row::integer),
            Map.entry(Long.class, Row::number),
            Map.entry(long.class, Row::number),
            Map.entry(BigDecimal.class, Row::decimal),
            Map.entry(Double.class, Row::floating),
            Map.entry(double.class, Row::floating),
            Map.entry(Boolean.class, Row::bool),
            Map.entry(boolean.class, Row::bool),
            Map.entry(LocalDate.class, Row::date),
            Map.entry(LocalTime.class, Row::time),
            Map.entry(LocalDateTime.class, Row::dateTime),
            Map.entry(Instant.class, Row::instant),
            Map.entry(OffsetDateTime.class, ConstructorMapper::offsetDateTime),
            Map.entry(UUID.class, Row::uuid),
            Map.entry(byte[].class, Row::bytes));

    private final Class<T> type;
    private final RecordComponent[] components;
    private final Getter[] getters;
    private final Constructor<T> constructor;

    /** @param problems gets the components that no column can be mapped to */
    ConstructorMapper(Class<T> type, List<String> problems) {
        this.type = type;
        this.components = type.getRecordComponents();
        this.getters = new Getter[components.length];
        for (int i = 0; i < components.length; i++) {
            getters[i] = getter(components[i], problems);
        }
        this.constructor = constructor(type, problems);
    }

    @Override
    public RowMapper<T> bind(Columns columns) {
        Map<String, List<String>> byFolded = new HashMap<>();
        columns.names()
                .forEach(name -> byFolded.computeIfAbsent(folded(name), key -> new ArrayList<>())
                        .add(name));
        String[] names = new String[components.length];
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            List<String> fitting = byFolded.getOrDefault(folded(components[i].getName()), List.of());
            if (fitting.size() == 1) {
                names[i] = fitting.get(0);
            } else {
                problems.add("'" + components[i].getName() + "' has "
                        + (fitting.isEmpty() ? "no column" : "the columns " + fitting));
            }
        }
        if (!problems.isEmpty()) {
            throw new ColumnMismatchException(type.getSimpleName() + " does not fit the query: "
                    + String.join(", ", problems) + "; the record has "
                    + Arrays.stream(components).map(RecordComponent::getName).toList() + ", the query has "
                    + columns.names() + ": rename columns with AS, or map rows with a function");
        }
        return row -> map(row, names);
    }

    private T map(Row row, String[] names) throws Exception {
        @Nullable Object[] arguments = new @Nullable Object[names.length];
        for (int i = 0; i < names.length; i++) {
            Object value = getters[i].get(row, names[i]);
            if (value == null && components[i].getType().isPrimitive()) {
                throw new ColumnMismatchException("column '" + names[i] + "' is null, and component '"
                        + components[i].getName() + "' can't be: make it a "
                        + box(components[i].getType()).getSimpleName());
            }
            arguments[i] = value;
        }
        try {
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the type is that of an enum
    private static Getter getter(RecordComponent component, List<String> problems) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return (row, column) -> row.constant(column, (Class) type);
        }
        Getter getter = GETTERS.get(type);
        if (getter == null) {
            problems.add("component '" + component.getName() + "' of "
                    + component.getDeclaringRecord().getSimpleName() + " is a " + type.getSimpleName()
                    + ", which no column becomes: map rows with a function");
            return Row::value;
        }
        return getter;
    }

    private Constructor<T> constructor(Class<T> type, List<String> problems) {
        try {
            Constructor<T> canonical = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            if (!canonical.trySetAccessible()) {
                problems.add("the constructor of " + type.getSimpleName() + " can't be called: let its module open the"
                        + " package " + type.getPackageName() + " to io.outfeed.jdbc, or map rows with a function");
            }
            return canonical;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record has a canonical constructor", e);
        }
    }

    private static @Nullable Object offsetDateTime(Row row, String column) {
        Instant value = row.instant(column);
        return value == null ? null : value.atOffset(ZoneOffset.UTC);
    }

    private static Class<?> box(Class<?> primitive) {
        return java.lang.invoke.MethodType.methodType(primitive).wrap().returnType();
    }

    private static String folded(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
