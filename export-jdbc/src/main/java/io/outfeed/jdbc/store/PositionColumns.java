package io.outfeed.jdbc.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.run.DailySequence;
import io.outfeed.run.JobPositions;
import io.outfeed.source.Position;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The positions of a job in its row, with the run and the sequence that they belong to. */
final class PositionColumns {

    /** The columns in the row of a job. */
    static final String COLUMNS = "j.run_number, j.sequence_number, j.positions, j.daily_sequence";

    private PositionColumns() {}

    static JobPositions read(Sql sql, String job) throws SQLException {
        return sql.first("select " + COLUMNS + " from #job j where j.job = ?", row -> read(row, 1), job)
                .orElse(JobPositions.NONE);
    }

    /** @param first the index of the first of {@link #COLUMNS} */
    static JobPositions read(ResultSet row, int first) throws SQLException {
        return new JobPositions(
                parse(row.getString(first + 2)),
                row.getLong(first),
                row.getLong(first + 1),
                daily(row.getString(first + 3)));
    }

    /**
     * Moves the positions of a job in one statement, if its lock is held and they are the expected ones.
     *
     * @param lock the arguments of {@link Leases#HELD}
     * @return false if nothing was written
     */
    static boolean move(Sql sql, String job, JobPositions expected, JobPositions next, List<Object> lock)
            throws SQLException {
        List<Object> arguments = new ArrayList<>(List.of(
                next.run(),
                next.sequence(),
                text(next),
                daily(next),
                job,
                expected.run(),
                expected.sequence(),
                text(expected)));
        arguments.addAll(lock);
        int moved = sql.update(
                "update #job set run_number = ?, sequence_number = ?, positions = ?, daily_sequence = ? where job = ?"
                        + " and run_number = ? and sequence_number = ? and positions = ? and " + Leases.HELD,
                arguments.toArray());
        return moved == 1 || (sql.isRetry() && read(sql, job).equals(next));
    }

    /**
     * Moves the positions of a job.
     *
     * @throws StoreException if they are no longer what was expected
     */
    static void replace(Sql sql, String job, JobPositions expected, JobPositions next) throws SQLException {
        JobPositions current = read(sql, job);
        if (sql.isRetry() && current.equals(next)) {
            return;
        }
        if (!current.equals(expected)) {
            throw StoreException.of(
                    FailureCode.POSITIONS_MOVED,
                    "the positions of job '" + job + "' were moved by run " + current.run()
                            + " in the meantime: nothing was committed",
                    null);
        }
        JobTable.lockRow(sql, job);
        sql.update(
                "update #job set run_number = ?, sequence_number = ?, positions = ?, daily_sequence = ? where job = ?",
                next.run(),
                next.sequence(),
                text(next),
                daily(next),
                job);
    }

    /** One a line, in their order: definition, kind and text, encoded as in a URL. */
    private static String text(JobPositions positions) {
        return new TreeMap<>(positions.positions())
                .entrySet().stream()
                        .map(entry -> encoded(entry.getKey()) + " "
                                + encoded(entry.getValue().kind()) + " "
                                + encoded(entry.getValue().text()))
                        .collect(Collectors.joining("\n"));
    }

    private static Map<String, Position> parse(@Nullable String text) {
        Map<String, Position> positions = new TreeMap<>();
        String.valueOf(text == null ? "" : text).lines().forEach(line -> {
            String[] parts = line.split(" ", -1);
            positions.put(decoded(parts[0]), new Position(decoded(parts[1]), decoded(parts[2])));
        });
        return positions;
    }

    /** The day and its number, or an empty text. */
    private static String daily(JobPositions positions) {
        return positions
                .dailySequence()
                .map(daily -> daily.day() + " " + daily.number())
                .orElse("");
    }

    private static Optional<DailySequence> daily(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        int blank = text.indexOf(' ');
        return Optional.of(new DailySequence(
                LocalDate.parse(text.substring(0, blank)), Long.parseLong(text.substring(blank + 1))));
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, UTF_8);
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, UTF_8);
    }
}
