package io.outfeed.jdbc;

import io.outfeed.error.SourceException;
import io.outfeed.jdbc.internal.connection.SourceConnection;
import io.outfeed.jdbc.internal.query.MissingQuery;
import io.outfeed.jdbc.internal.query.NamedQuery;
import io.outfeed.jdbc.internal.query.QueryParameters;
import io.outfeed.source.Position;
import io.outfeed.source.Window;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Counts the records without a usable watermark in the snapshot of a session. Used by one thread. */
final class MissingRecords {

    private final SourceConnection connection;
    private final SourceQueries queries;
    private final QueryParameters parameters;
    private MissingWatermark policy = MissingWatermark.REPORT;
    private @Nullable Position beginning;

    MissingRecords(SourceConnection connection, SourceQueries queries, QueryParameters parameters) {
        this.connection = connection;
        this.queries = queries;
        this.parameters = parameters;
    }

    /** Sets what the watermark wants, and from where on a first window reads. */
    void policy(MissingWatermark wanted, Position first) {
        policy = wanted;
        beginning = first;
    }

    /** What finds them; empty if there are none to find, or no query is known that does. */
    Optional<NamedQuery> query(Window window) {
        if (!queries.window().names().contains(QueryParameters.UNTIL)) {
            return Optional.empty();
        }
        NamedQuery own = queries.missing();
        Optional<NamedQuery> query = own == null
                ? MissingQuery.of(queries.window(), window.until().kind(), connection.dialect())
                : Optional.of(own);
        if (query.isEmpty() && policy != MissingWatermark.REPORT) {
            throw SourceException.permanent(
                    "missing(" + policy
                            + ") needs to know which records have no usable watermark, and the query does not"
                            + " tell: let it have \"column >= :from AND column < :until\" once, in a WHERE"
                            + " without OR, or"
                            + " set missingQuery",
                    null);
        }
        return query;
    }

    /** Whether a window reads them too. */
    boolean areReadBy(Window window) {
        return policy == MissingWatermark.WITH_FIRST && window.from().equals(beginning);
    }

    /**
     * What a run says of them; empty if there are none.
     *
     * @throws SourceException if there are any, and the policy is to fail
     */
    Optional<String> note(Window window) {
        Optional<String> found;
        try {
            found = describe(window);
        } catch (SourceException e) {
            if (policy != MissingWatermark.REPORT) {
                throw e;
            }
            return Optional.of("records without a usable watermark are not known: " + e.getMessage());
        }
        if (found.isPresent() && policy == MissingWatermark.FAIL) {
            throw SourceException.permanent(found.get(), null);
        }
        return found;
    }

    /** How many there are, and what finds them; empty if there are none. */
    Optional<String> describe(Window window) {
        Optional<NamedQuery> query = query(window);
        if (query.isEmpty()) {
            return Optional.empty();
        }
        long count = connection.runBesides("they can't be counted", () -> count(query.get()));
        if (count == 0) {
            return Optional.empty();
        }
        String what = count + (count == 1 ? " record has" : " records have") + " no usable watermark";
        String effect = areReadBy(window)
                ? ": this window, the first one, includes " + (count == 1 ? "it" : "them")
                : policy == MissingWatermark.WITH_FIRST
                        ? ": the first window has included those that there were, and no other does"
                        : ", and no window includes " + (count == 1 ? "it" : "them");
        return Optional.of(
                what + effect + ". They are found by: " + oneLine(query.get().sql()));
    }

    /** How many records meet another condition than the window; 0 if the query does not tell. */
    long count(UnaryOperator<String> condition) {
        return MissingQuery.withCondition(queries.window(), condition)
                .map(query -> connection.runBesides("records can't be counted", () -> count(query)))
                .orElse(0L);
    }

    private long count(NamedQuery query) throws SQLException {
        NamedQuery.Rendered rendered = parameters.render(query);
        String sql = "SELECT count(*) FROM (\n" + NamedQuery.withoutSemicolon(rendered.sql()) + "\n) missing";
        try (PreparedStatement statement = connection.prepare(sql)) {
            parameters.bind(statement, rendered);
            try (ResultSet rows = connection.call(statement, statement::executeQuery)) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static String oneLine(String sql) {
        return sql.contains("--") ? sql.strip() : sql.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
