package io.outfeed.jdbc.internal.query;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of named parameters; a collection is a list, as in {@code IN (:keys)}. Immutable. */
public final class QueryParameters {

    /** The beginning of the window. */
    public static final String FROM = "from";

    /** The end of the window. */
    public static final String UNTIL = "until";

    /** The keys of the records to find. */
    public static final String KEYS = "keys";

    /** Names that the source binds: no job has a parameter of such a name. */
    public static final Set<String> RESERVED = Set.of(FROM, UNTIL, KEYS);

    private static final Pattern QUESTION_MARK = Pattern.compile("?", Pattern.LITERAL);

    private final Map<String, Object> values;

    /** What is written instead of a question mark. */
    private final Map<String, String> placeholders;

    /** @param values those of the job, converted */
    public QueryParameters(Map<String, Object> values) {
        this(values, Map.of());
    }

    private QueryParameters(Map<String, Object> values, Map<String, String> placeholders) {
        this.values = Map.copyOf(values);
        this.placeholders = Map.copyOf(placeholders);
    }

    /** These parameters and the keys of records. */
    public QueryParameters withKeys(Collection<?> keys) {
        Map<String, Object> more = new HashMap<>(values);
        more.put(KEYS, keys);
        return new QueryParameters(more, placeholders);
    }

    /** These parameters and the ends of a window. */
    QueryParameters with(WindowBound from, WindowBound until) {
        Map<String, Object> more = new HashMap<>(values);
        more.put(FROM, from.value());
        more.put(UNTIL, until.value());
        return new QueryParameters(more, Map.of(FROM, from.placeholder(), UNTIL, until.placeholder()));
    }

    public NamedQuery.Rendered render(NamedQuery query) {
        return query.render(this::placeholder);
    }

    /** Makes the expression for a value. */
    @FunctionalInterface
    public interface ValueExpression {

        /** @param number of the value among those that are bound, from 1 */
        String write(int number, boolean isNull);
    }

    /** Writes a query as the server takes it, with an expression in the place of each value. */
    public String write(NamedQuery query, ValueExpression expression) {
        AtomicInteger number = new AtomicInteger();
        return query.renderForServer(name -> {
            boolean isNull =
                    values.get(name) == null || values.get(name) instanceof Collection<?> many && many.isEmpty();
            return QUESTION_MARK
                    .matcher(placeholder(name))
                    .replaceAll(match -> Matcher.quoteReplacement(expression.write(number.incrementAndGet(), isNull)));
        });
    }

    /** How many values are bound. */
    public int count(NamedQuery.Rendered query) {
        return query.names().stream().mapToInt(this::size).sum();
    }

    private String placeholder(String name) {
        String placeholder = placeholders.get(name);
        return placeholder != null ? placeholder : String.join(", ", Collections.nCopies(size(name), "?"));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The number of question marks of a parameter. */
    int size(String name) {
        return values.get(name) instanceof Collection<?> many ? Math.max(1, many.size()) : 1;
    }

    /** Binds the values. A parameter without a value is not bound: the database infers its type. */
    public void bind(PreparedStatement statement, NamedQuery.Rendered query) throws SQLException {
        int at = 1;
        for (String name : query.names()) {
            Object value = values.get(name);
            if (value instanceof Collection<?> many) {
                for (Object one : many.isEmpty() ? Collections.singleton(null) : many) { // nothing is in (null)
                    statement.setObject(at++, one);
                }
            } else if (value == null) {
                at++;
            } else {
                statement.setObject(at++, value);
            }
        }
    }
}
