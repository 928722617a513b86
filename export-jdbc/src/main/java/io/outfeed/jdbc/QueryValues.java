package io.outfeed.jdbc;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.jdbc.internal.query.QueryParameters;
import io.outfeed.source.Parameters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Converts the parameters of a job to those of the queries. */
final class QueryValues {

    private final SourceOptions<?> options;
    private final SourceQueries queries;
    private final Map<String, Object> values = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private QueryValues(SourceOptions<?> options, SourceQueries queries) {
        this.options = options;
        this.queries = queries;
    }

    /**
     * Converts the parameters of a job.
     *
     * @param source what the exception calls the source
     * @throws InvalidDefinitionException if the job lacks a parameter, or has one that no query uses; all are listed
     */
    static QueryParameters convert(
            Parameters parameters, SourceOptions<?> options, SourceQueries queries, String source) {
        QueryValues converted = new QueryValues(options, queries);
        converted.addAll(queries.jobParameters(), parameters.asMap());
        if (!converted.problems.isEmpty()) {
            throw new InvalidDefinitionException(source, converted.problems);
        }
        return new QueryParameters(converted.values);
    }

    private void addAll(Set<String> wanted, Map<String, String> given) {
        for (String name : wanted) {
            String text = given.get(name);
            if (text == null) {
                problems.add("the query has the parameter :" + name + ", which the job has not: add .parameter(\""
                        + name + "\", ...) to it");
            } else {
                add(name, text);
            }
        }
        for (String name : given.keySet()) {
            if (!wanted.contains(name) && !options.ignoredParameters.contains(name)) {
                problems.add("the job has the parameter '" + name
                        + "', which the query does not use: add a condition such as" + " \"" + name + " = :" + name
                        + "\", or .ignoreParameter(\"" + name + "\") to the source");
            }
        }
    }

    private void add(String name, String text) {
        Function<String, ?> conversion = options.conversions.get(name);
        @Nullable Object value;
        try {
            value = conversion == null ? text : conversion.apply(text);
        } catch (RuntimeException e) { // its message may have the value
            value = null;
        }
        if (value == null) {
            problems.add("the function of parameter '" + name + "' does not take the job's value");
        } else if (value instanceof Collection<?> list && list.stream().anyMatch(Objects::isNull)) {
            problems.add("the function of parameter '" + name + "' gives a list with a null, which equals nothing");
        } else if (value instanceof Collection<?> list && list.isEmpty() && !queries.takesEmptyList(name)) {
            problems.add("the function of parameter '" + name + "' gives an empty list, which only IN (:" + name
                    + ") takes: all other conditions would find nothing, NOT IN too");
        } else {
            values.put(name, value);
        }
    }
}
