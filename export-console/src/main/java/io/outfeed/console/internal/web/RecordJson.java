package io.outfeed.console.internal.web;

import io.outfeed.internal.io.JsonWriter;
import io.outfeed.internal.io.JsonWriter.Layout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the records of {@code io.outfeed.view} as JSON, by the names of their components. Those without a value are
 * left out.
 */
public final class RecordJson {

    private RecordJson() {}

    public static String of(Object value) {
        StringBuilder out = new StringBuilder();
        write(new JsonWriter(out), value);
        return out.toString();
    }

    private static void write(JsonWriter json, Object value) {
        if (value instanceof Integer || value instanceof Long) {
            json.value(((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            json.value(truth);
        } else if (value instanceof List<?> list) {
            json.beginArray(Layout.INLINE);
            list.forEach(each -> write(json.element(), each));
            json.endArray();
        } else if (value instanceof Map<?, ?> map) {
            json.beginObject(Layout.INLINE);
            map.forEach((name, each) -> write(json.name(String.valueOf(name)), each));
            json.endObject();
        } else if (value instanceof Record) {
            json.beginObject(Layout.INLINE);
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                Object member = read(component, value);
                if (member != null) {
                    write(json.name(component.getName()), member);
                }
            }
            json.endObject();
        } else {
            json.value(value.toString());
        }
    }

    private static @Nullable Object read(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the records of io.outfeed.view are public", e);
        }
    }
}
