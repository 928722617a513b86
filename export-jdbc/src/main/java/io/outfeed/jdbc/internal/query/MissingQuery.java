package io.outfeed.jdbc.internal.query;

import io.outfeed.jdbc.internal.connection.SourceDialect;
import io.outfeed.source.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes of a query that reads windows the query that finds the records which no window includes: where it compares one
 * column with both bounds, and with AND, another condition on that column takes the place of the window.
 */
public final class MissingQuery {

    private static final String NAME = "(?:[\\p{L}_][\\p{L}\\p{N}_$]*|\"[^\"]+\"|`[^`]+`)";
    private static final String COLUMN = "(" + NAME + "(?:\\." + NAME + "){0,3})\\s*";
    private static final Pattern FROM = Pattern.compile(COLUMN + ">=\\s*(:from)\\b(?:::[a-z]+)?");
    private static final Pattern UNTIL = Pattern.compile(COLUMN + "<\\s*(:until)\\b(?:::[a-z]+)?");

    /** What would make of the condition something else than one that all rows of the query meet. */
    private static final Pattern ALTERNATIVE =
            Pattern.compile("\\b(?:OR|XOR|UNION|EXCEPT|INTERSECT)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern CLAUSE = Pattern.compile("\\b(?:SELECT|ON|WHERE|HAVING)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern NEGATION =
            Pattern.compile("\\bNOT\\s*(?:(?:IN|EXISTS)\\s*)?(?:\\(|$)", Pattern.CASE_INSENSITIVE);

    private MissingQuery() {}

    /** What finds records whose column is null, or out of the range of bounds; empty as for {@link #withCondition}. */
    public static Optional<NamedQuery> of(NamedQuery query, String kind, SourceDialect dialect) {
        return withCondition(query, column -> condition(column, kind, dialect));
    }

    /**
     * The query with another condition than the window.
     *
     * @param condition makes it of the column's name
     * @return empty if it can't be told from the text of the query
     */
    public static Optional<NamedQuery> withCondition(NamedQuery query, UnaryOperator<String> condition) {
        String sql = query.sql();
        List<MatchResult> froms = matches(FROM, query);
        List<MatchResult> untils = matches(UNTIL, query);
        if (froms.size() != 1
                || untils.size() != 1
                || query.count(QueryParameters.FROM) != 1
                || query.count(QueryParameters.UNTIL) != 1) {
            return Optional.empty();
        }
        MatchResult from = froms.get(0);
        MatchResult until = untils.get(0);
        String column = from.group(1);
        if (!column.equals(until.group(1))
                || !isConditionOfAll(query.masked(), from.start())
                || !isConditionOfAll(query.masked(), until.start())) {
            return Optional.empty();
        }
        String missing = condition.apply(column);
        String made = from.start() < until.start()
                ? replaced(sql, from, missing, until, "1 = 1")
                : replaced(sql, until, "1 = 1", from, missing);
        return Optional.of(NamedQuery.parse(made));
    }

    /** Those that are neither in a literal nor in a comment. */
    private static List<MatchResult> matches(Pattern pattern, NamedQuery query) {
        return pattern.matcher(query.sql())
                .results()
                .filter(match -> query.masked().charAt(match.start(2)) == ':')
                .toList();
    }

    private static String replaced(String sql, MatchResult first, String one, MatchResult second, String other) {
        return sql.substring(0, first.start())
                + one
                + sql.substring(first.end(), second.start())
                + other
                + sql.substring(second.end());
    }

    private static String condition(String column, String kind, SourceDialect dialect) {
        if (!kind.equals(Position.TIMESTAMP)) {
            return column + " IS NULL";
        }
        String infinite = dialect == SourceDialect.POSTGRESQL ? " OR " + column + " = 'infinity'" : "";
        return "(" + column + " IS NULL OR " + column + " < '0001-01-01'" + infinite + ")";
    }

    /** Whether a condition is a part of a WHERE, and neither negated nor an alternative to another one. */
    private static boolean isConditionOfAll(String masked, int at) {
        String before = enclosing(masked, at, -1);
        String clause = "";
        Matcher clauses = CLAUSE.matcher(before);
        while (clauses.find()) {
            clause = clauses.group();
        }
        return clause.equalsIgnoreCase("WHERE")
                && !NEGATION.matcher(before).find()
                && !ALTERNATIVE.matcher(before + " " + enclosing(masked, at, 1)).find();
    }

    /** The text before or after a place, without what is in parentheses that do not enclose it. */
    private static String enclosing(String masked, int at, int step) {
        char enters = step < 0 ? ')' : '(';
        char leaves = step < 0 ? '(' : ')';
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (int i = step < 0 ? at - 1 : at; i >= 0 && i < masked.length(); i += step) {
            char c = masked.charAt(i);
            if (c == enters) {
                depth++;
            } else if (c == leaves && depth > 0) {
                depth--;
            } else if (depth == 0) {
                text.append(c);
            }
        }
        return step < 0 ? text.reverse().toString() : text.toString();
    }
}
