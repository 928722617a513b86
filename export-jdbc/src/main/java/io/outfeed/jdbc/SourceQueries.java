package io.outfeed.jdbc;

import io.outfeed.jdbc.JdbcRecordSource.Query;
import io.outfeed.jdbc.internal.query.NamedQuery;
import io.outfeed.jdbc.internal.query.QueryParameters;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The queries of a source, parsed. Immutable.
 *
 * @param window reads a window
 * @param count counts what {@link #window} reads, or null
 * @param findByKey finds records by their keys, or null
 * @param missing finds records without a usable watermark, or null
 */
record SourceQueries(
        NamedQuery window,
        @Nullable NamedQuery count,
        @Nullable NamedQuery findByKey,
        @Nullable NamedQuery missing) {

    /**
     * Parses the queries of a source, and checks the names of their parameters.
     *
     * @param problems gets what is missing or wrong
     * @return null if there is no query for a window
     */
    static @Nullable SourceQueries parse(SourceOptions<?> options, List<String> problems) {
        NamedQuery window = window(options.query, problems);
        NamedQuery count = options.countQuery == null ? null : count(options.countQuery, window, problems);
        NamedQuery findByKey = options.findByKey == null ? null : findByKey(options.findByKey, problems);
        NamedQuery missing = options.missingQuery == null ? null : missing(options.missingQuery, window, problems);
        if (window == null) {
            return null;
        }
        SourceQueries queries = new SourceQueries(window, count, findByKey, missing);
        if (options.findByKey == null || findByKey != null) {
            queries.checkParameters(options, problems);
        }
        return queries;
    }

    /** The names of the parameters that a job must have. */
    Set<String> jobParameters() {
        Set<String> names = new TreeSet<>(names());
        names.removeAll(QueryParameters.RESERVED);
        return names;
    }

    /** Whether a parameter may be an empty list in each query. */
    boolean takesEmptyList(String name) {
        return Stream.of(window, count, findByKey, missing)
                .filter(Objects::nonNull)
                .allMatch(query -> query.takesEmptyList(name));
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>(window.names());
        if (findByKey != null) {
            names.addAll(findByKey.names());
        }
        return names;
    }

    private static @Nullable NamedQuery window(@Nullable String sql, List<String> problems) {
        if (sql == null) {
            problems.add("query is missing");
            return null;
        }
        NamedQuery parsed = parse("query", sql, problems);
        if (parsed == null) {
            return null;
        }
        boolean hasFrom = parsed.names().contains(QueryParameters.FROM);
        if (hasFrom != parsed.names().contains(QueryParameters.UNTIL)) {
            String missing = hasFrom ? QueryParameters.UNTIL : QueryParameters.FROM;
            problems.add("query has no :" + missing + ": a window has two ends, such as changed >= :from and"
                    + " changed < :until");
        }
        if (parsed.names().contains(QueryParameters.KEYS)) {
            problems.add("query has :keys, which belongs into findByKey");
        }
        return parsed;
    }

    private static @Nullable NamedQuery count(String sql, @Nullable NamedQuery window, List<String> problems) {
        NamedQuery parsed = parse("countQuery", sql, problems);
        if (parsed == null || window == null) {
            return null;
        }
        checkSameParameters("countQuery", parsed.names(), window.names(), "count", problems);
        return parsed;
    }

    private static @Nullable NamedQuery missing(String sql, @Nullable NamedQuery window, List<String> problems) {
        NamedQuery parsed = parse("missingQuery", sql, problems);
        if (parsed == null || window == null) {
            return null;
        }
        Set<String> ofWindow = new LinkedHashSet<>(window.names());
        ofWindow.removeAll(QueryParameters.RESERVED);
        checkSameParameters("missingQuery", parsed.names(), ofWindow, "find", problems);
        return parsed;
    }

    /** With other parameters a query would be one of other rows. */
    private static void checkSameParameters(
            String option, Set<String> names, Set<String> ofWindow, String verb, List<String> problems) {
        for (String name : ofWindow) {
            if (!names.contains(name)) {
                problems.add(option + " has no :" + name + ", which query has: it would " + verb + " other rows");
            }
        }
        for (String name : names) {
            if (!ofWindow.contains(name)) {
                problems.add(option + " has :" + name + ", which query has not: it would " + verb + " other rows");
            }
        }
    }

    private static @Nullable NamedQuery findByKey(String sql, List<String> problems) {
        NamedQuery parsed = parse("findByKey", sql, problems);
        if (parsed == null) {
            return null;
        }
        if (!parsed.names().contains(QueryParameters.KEYS)) {
            problems.add("findByKey has no :keys: add a condition such as id IN (:keys)");
        }
        if (parsed.names().contains(QueryParameters.FROM) || parsed.names().contains(QueryParameters.UNTIL)) {
            problems.add("findByKey has :from or :until: records are looked up whatever their window");
        }
        return parsed;
    }

    private static @Nullable NamedQuery parse(String option, String sql, List<String> problems) {
        try {
            return NamedQuery.parse(sql);
        } catch (IllegalArgumentException e) {
            problems.add(option + " can't be read: " + e.getMessage());
            return null;
        }
    }

    private void checkParameters(SourceOptions<?> options, List<String> problems) {
        Set<String> names = names();
        for (String name : new TreeSet<>(options.conversions.keySet())) {
            if (QueryParameters.RESERVED.contains(name)) {
                problems.add("parameter '" + name + "' is bound by the engine, as what its column is");
            } else if (!names.contains(name)) {
                problems.add("parameter '" + name + "' is in no query");
            }
        }
        for (String name : new TreeSet<>(options.ignoredParameters)) {
            if (names.contains(name)) {
                problems.add("parameter '" + name + "' is used, and ignoreParameter says that it is not");
            }
        }
        checkQuery(Query.QUERY, window, findByKey, options, problems);
        checkQuery(Query.FIND_BY_KEY, findByKey, window, options, problems);
    }

    /** A parameter that only the other query has may be a forgotten condition, such as that on the tenant. */
    private static void checkQuery(
            Query query,
            @Nullable NamedQuery checked,
            @Nullable NamedQuery other,
            SourceOptions<?> options,
            List<String> problems) {
        for (String name : new TreeSet<>(options.ignoredIn.getOrDefault(query, Set.of()))) {
            if (checked == null) {
                problems.add(
                        query.option + " is missing, and ignoreParameter(\"" + name + "\", " + query + ") is for it");
            } else if (checked.names().contains(name)) {
                problems.add("parameter '" + name + "' is used by " + query.option
                        + ", and ignoreParameter says that it is not");
            }
        }
        if (checked == null || other == null) {
            return;
        }
        Set<String> missing = new TreeSet<>(other.names());
        missing.removeAll(checked.names());
        missing.removeAll(QueryParameters.RESERVED);
        for (String name : missing) {
            if (!options.ignores(name, query)) {
                problems.add(query.option + " has no :" + name + ", which "
                        + (query == Query.QUERY ? Query.FIND_BY_KEY : Query.QUERY).option + " has: it would "
                        + query.verb + " the records of others too; add a condition such as \"" + name + " = :" + name
                        + "\", or .ignoreParameter(\"" + name + "\", " + query + ") if it " + query.verb
                        + "s no more without");
            }
        }
    }
}
