package io.outfeed.jdbc.internal.query;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A query with named parameters. Immutable.
 *
 * <p>A name within a literal, a quoted identifier, a comment or a dollar quote of PostgreSQL is no parameter, nor is a
 * cast. A backslash escapes only in PostgreSQL's {@code E'…'}, as standard SQL wants it.
 */
public final class NamedQuery {

    /** SQL and the names whose values it takes, in order. */
    public record Rendered(String sql, List<String> names) {}

    private sealed interface Part {
        record Text(String text) implements Part {}

        /** @param inList whether it is all of the list of IN, without NOT */
        record Parameter(String name, boolean inList) implements Part {}

        /** A question mark that is part of an operator. */
        record Question() implements Part {}
    }

    private static final Pattern IN =
            Pattern.compile("(?<!\\bNOT\\s{1,99})\\bIN\\s*\\(\\s*$", Pattern.CASE_INSENSITIVE);

    private final String sql;
    private final String masked;
    private final List<Part> parts;

    private NamedQuery(String sql, String masked, List<Part> parts) {
        this.sql = sql;
        this.masked = masked;
        this.parts = parts;
    }

    /**
     * Splits a query.
     *
     * @throws IllegalArgumentException if a literal, an identifier or a comment has no end
     */
    public static NamedQuery parse(String sql) {
        Parser parser = new Parser(sql);
        List<Part> parts = parser.parse();
        return new NamedQuery(sql, parser.masked.toString(), parts);
    }

    /** The text as it was written. */
    public String sql() {
        return sql;
    }

    /** The text with blanks in the place of literals, quoted identifiers and comments. */
    String masked() {
        return masked;
    }

    /** How many times a parameter occurs. */
    long count(String name) {
        return parts.stream()
                .filter(part -> part instanceof Part.Parameter parameter
                        && parameter.name().equals(name))
                .count();
    }

    /** A query as it is written within another one. */
    public static String withoutSemicolon(String sql) {
        String stripped = sql.stripTrailing();
        return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1) : stripped;
    }

    /** The names of its parameters, in order, each once. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (Part part : parts) {
            if (part instanceof Part.Parameter parameter) {
                names.add(parameter.name());
            }
        }
        return Collections.unmodifiableSet(names);
    }

    /**
     * Whether a parameter may be an empty list: in {@code IN (:name)} nothing is in it, elsewhere it has no meaning.
     */
    public boolean takesEmptyList(String name) {
        return parts.stream()
                .noneMatch(part -> part instanceof Part.Parameter parameter
                        && parameter.name().equals(name)
                        && !parameter.inList());
    }

    /** Whether an operator has a question mark. */
    public boolean hasQuestionMarks() {
        return parts.stream().anyMatch(Part.Question.class::isInstance);
    }

    /**
     * Writes the query for a driver.
     *
     * @param placeholder gives the placeholder of a parameter, with one or more question marks
     */
    Rendered render(Function<String, String> placeholder) {
        List<String> names = new ArrayList<>();
        String sql = write(
                "??",
                name -> { // PostgreSQL's driver makes one of two
                    names.add(name);
                    return placeholder.apply(name);
                });
        return new Rendered(sql, names);
    }

    /**
     * Writes the query as PostgreSQL itself takes it.
     *
     * @param expression gives what is written in the place of a parameter
     */
    String renderForServer(Function<String, String> expression) {
        return write("?", expression);
    }

    /**
     * Writes the query as PREPARE of PostgreSQL takes it, with parameters by number.
     *
     * @param size gives how many values a parameter has
     */
    String renderForPrepare(ToIntFunction<String> size) {
        AtomicInteger number = new AtomicInteger();
        return write(
                "?",
                name -> IntStream.range(0, size.applyAsInt(name))
                        .mapToObj(i -> "$" + number.incrementAndGet())
                        .collect(Collectors.joining(", ")));
    }

    private String write(String questionMark, Function<String, String> parameterText) {
        StringBuilder sql = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                sql.append(text.text());
            } else if (part instanceof Part.Parameter parameter) {
                sql.append(parameterText.apply(parameter.name()));
            } else {
                sql.append(questionMark);
            }
        }
        return sql.toString();
    }

    /** Parses the text in one pass. */
    private static final class Parser {

        private final String sql;
        private final List<Part> parts = new ArrayList<>();
        private final Deque<Character> open = new ArrayDeque<>();
        private final StringBuilder masked;
        private int at;
        private int textFrom;

        Parser(String sql) {
            this.sql = sql;
            this.masked = new StringBuilder(sql);
        }

        List<Part> parse() {
            while (at < sql.length()) {
                int begin = at;
                char c = sql.charAt(at);
                if (c == '\'') {
                    skipQuoted('\'', "literal", isEscapeString());
                } else if (c == '"') {
                    skipQuoted('"', "quoted identifier", false);
                } else if (c == '`') {
                    skipQuoted('`', "quoted identifier", false);
                } else if (sql.startsWith("--", at)) {
                    int end = sql.indexOf('\n', at);
                    at = end < 0 ? sql.length() : end;
                } else if (sql.startsWith("/*", at)) {
                    skipComment();
                } else if (c == '$' && !isPartOfName(at - 1)) {
                    skipDollarQuote();
                } else if (sql.startsWith("::", at)) {
                    at += 2;
                } else if (c == ':' && at + 1 < sql.length() && startsName(sql.charAt(at + 1))) {
                    parameter();
                } else if (c == '?') {
                    question();
                } else {
                    nest(c);
                    at++;
                }
                if (c == '\'' || c == '"' || c == '`' || (at - begin > 2 && (c == '-' || c == '/' || c == '$'))) {
                    mask(begin);
                }
            }
            text(at);
            return List.copyOf(parts);
        }

        private void text(int end) {
            if (end > textFrom) {
                parts.add(new Part.Text(sql.substring(textFrom, end)));
            }
        }

        private void mask(int begin) {
            for (int i = begin; i < at; i++) {
                masked.setCharAt(i, ' ');
            }
        }

        private void nest(char c) {
            if (c == '(' || c == '[') {
                open.push(c);
            } else if (c == ')' || c == ']') {
                open.poll();
            }
        }

        private void parameter() {
            text(at);
            int end = at + 1;
            while (isPartOfName(end)) {
                end++;
            }
            String name = sql.substring(at + 1, end);
            if (Character.valueOf('[').equals(open.peek())) {
                throw new IllegalArgumentException(":" + name + " at character " + (at + 1)
                        + " may be a part of an array slice or a parameter: write [ ... : " + name
                        + "] for a slice, and (:" + name + ") for a parameter");
            }
            parts.add(new Part.Parameter(name, IN.matcher(sql.substring(0, at)).find()));
            at = end;
            textFrom = at;
        }

        private void question() {
            text(at);
            parts.add(new Part.Question());
            at += sql.startsWith("??", at) ? 2 : 1; // already doubled for the driver
            textFrom = at;
        }

        private void skipQuoted(char quote, String what, boolean backslash) {
            int begin = at++;
            while (at < sql.length()) {
                char c = sql.charAt(at++);
                if (backslash && c == '\\') {
                    at++;
                } else if (c == quote) {
                    if (at < sql.length() && sql.charAt(at) == quote) {
                        at++;
                    } else {
                        return;
                    }
                }
            }
            throw unfinished(what, begin);
        }

        private boolean isEscapeString() {
            return at > 0 && (sql.charAt(at - 1) == 'E' || sql.charAt(at - 1) == 'e') && !isPartOfName(at - 2);
        }

        /** Comments within comments count, as PostgreSQL and the standard want it. */
        private void skipComment() {
            int begin = at;
            int depth = 0;
            do {
                if (sql.startsWith("/*", at)) {
                    depth++;
                    at += 2;
                } else if (sql.startsWith("*/", at)) {
                    depth--;
                    at += 2;
                } else {
                    at++;
                }
                if (depth > 0 && at >= sql.length()) {
                    throw unfinished("comment", begin);
                }
            } while (depth > 0);
        }

        /** {@code $$…$$} or {@code $tag$…$tag$}; any other dollar sign is only one. */
        private void skipDollarQuote() {
            int end = at + 1;
            if (end < sql.length() && startsName(sql.charAt(end))) {
                while (end < sql.length() && sql.charAt(end) != '$' && isPartOfName(end)) {
                    end++;
                }
            }
            if (end >= sql.length() || sql.charAt(end) != '$') {
                at++;
                return;
            }
            String tag = sql.substring(at, end + 1);
            int close = sql.indexOf(tag, end + 1);
            if (close < 0) {
                throw unfinished("dollar quote", at);
            }
            at = close + tag.length();
        }

        private boolean isPartOfName(int index) {
            return index >= 0
                    && index < sql.length()
                    && (startsName(sql.charAt(index))
                            || Character.isDigit(sql.charAt(index))
                            || sql.charAt(index) == '$');
        }

        private static boolean startsName(char c) {
            return Character.isLetter(c) || c == '_';
        }

        private IllegalArgumentException unfinished(String what, int begin) {
            return new IllegalArgumentException("the " + what + " that begins at character " + (begin + 1)
                    + " has no end (a backslash escapes nothing but in E'...')");
        }
    }
}
