package io.outfeed.console.internal.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The parameters of a query or a form. Immutable. */
public final class Parameters {

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads parameters.
     *
     * @throws BadRequestException if an escape is wrong
     */
    public static Parameters parse(String encoded) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int from = 0;
        while (from < encoded.length()) {
            int end = encoded.indexOf('&', from);
            String pair = encoded.substring(from, end < 0 ? encoded.length() : end);
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isEmpty()) {
                values.computeIfAbsent(decoded(name), any -> new ArrayList<>()).add(decoded(value));
            }
            from = end < 0 ? encoded.length() : end + 1;
        }
        return new Parameters(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("a parameter has a wrong escape", e);
        }
    }

    /** Returns a query of names and values; those with an empty value are left out. */
    public static String query(String... namesAndValues) {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (!namesAndValues[i + 1].isEmpty()) {
                query.append(query.isEmpty() ? "?" : "&")
                        .append(namesAndValues[i])
                        .append('=')
                        .append(URLEncoder.encode(namesAndValues[i + 1], UTF_8));
            }
        }
        return query.toString();
    }

    /** Returns the first value of a parameter, without blanks around it; empty if it is missing or blank. */
    public Optional<String> find(String name) {
        return values.getOrDefault(name, List.of()).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** Returns the first value of a parameter, or an empty text. */
    public String text(String name) {
        return find(name).orElse("");
    }

    /**
     * Returns a parameter that must be there.
     *
     * @throws BadRequestException if it is not
     */
    public String required(String name) {
        return find(name).orElseThrow(() -> new BadRequestException("the parameter '" + name + "' is missing", null));
    }

    /** Returns all values of a parameter. */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /**
     * Returns a number.
     *
     * @throws BadRequestException if it is none
     */
    public OptionalLong number(String name) {
        Optional<String> text = find(name);
        try {
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException e) {
            throw new BadRequestException("the parameter '" + name + "' is no number", e);
        }
    }

    /** Returns a constant by its name; empty if it is missing, or has no such name. */
    public <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
        return find(name).flatMap(text -> {
            for (E each : type.getEnumConstants()) {
                if (each.name().equals(text)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        });
    }
}
