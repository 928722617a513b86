package io.outfeed.jdbc.store;

import io.outfeed.error.StoreException;
import io.outfeed.jdbc.internal.sql.Micros;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.store.RunStep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as rows: what queries select by, and what is compared when a step is appended. */
final class RunTable {

    private static final String OUTCOMES =
            "status in (" + quoted(RunQuery.all().outcomes().statuses()) + ") and trigger_name in ("
                    + quoted(RunQuery.all().outcomes().triggers()) + ")";

    private RunTable() {}

    /** The columns of a run that its steps change. */
    private record Columns(
            String status,
            int publishing,
            int filesRemain,
            int unconfirmed,
            @Nullable Long endedAt) {

        private static Columns of(ExportRun run) {
            return new Columns(
                    run.status().name(),
                    run.publishing() ? 1 : 0,
                    run.filesRemain() ? 1 : 0,
                    run.unconfirmed() ? 1 : 0,
                    run.status().ended() ? (Long) Micros.of(run.endedAt().orElse(run.startedAt())) : null);
        }

        /** A literal of the statement: drivers differ in the type of an untyped null. */
        private String endedAtLiteral() {
            return endedAt == null ? "null" : endedAt.toString();
        }
    }

    /**
     * Appends a step in one statement, if the lock is held: a change as a row of its own; where a column changes too,
     * the whole run into its row.
     *
     * @param lock the arguments of {@link Leases#HELD}
     * @return whether the step was appended; if not, {@link #isAppended} tells why
     */
    static boolean append(Sql sql, RunStep step, List<Object> lock) throws SQLException {
        if (step.index() == 0) {
            return insert(sql, step, lock);
        }
        Columns columns = Columns.of(step.run());
        boolean same = step.before().map(Columns::of).filter(columns::equals).isPresent();
        return same ? RunStepTable.insert(sql, step, lock) : update(sql, step.toWhole(), columns, lock);
    }

    /** In the list of a select, a parameter has the type of what it is combined with. */
    private static boolean insert(Sql sql, RunStep step, List<Object> lock) throws SQLException {
        ExportRun run = step.run();
        Columns columns = Columns.of(run);
        List<Object> arguments = new ArrayList<>(List.of(run.number(), Micros.of(run.startedAt()), step.text()));
        arguments.addAll(lock);
        arguments.add(run.number());
        return sql.update(
                        "insert into #run (run_number, job, status, trigger_name, publishing, files_remain,"
                                + " unconfirmed, started_at, ended_at, whole_index, document)"
                                + " select coalesce(?, l.token), l.job, '" + columns.status() + "', '"
                                + run.trigger().name() + "', " + columns.publishing() + ", "
                                + columns.filesRemain() + ", " + columns.unconfirmed() + ", coalesce(?, l.token), "
                                + columns.endedAtLiteral() + ", 0, coalesce(?, '') from #lock l"
                                + " where l.job = ? and l.owner = ? and l.token = ?"
                                + " and not exists (select 1 from #run r where r.run_number = ?)"
                                + " and not exists (select 1 from #renamed_job n where n.job = l.job) for update",
                        arguments.toArray())
                == 1;
    }

    private static boolean update(Sql sql, RunStep step, Columns columns, List<Object> lock) throws SQLException {
        List<Object> arguments = new ArrayList<>(List.of(
                columns.status(),
                columns.publishing(),
                columns.filesRemain(),
                columns.unconfirmed(),
                step.index(),
                step.text(),
                step.number(),
                step.job()));
        arguments.addAll(RunStepTable.next(step));
        arguments.addAll(lock);
        return sql.update(
                        "update #run set status = ?, publishing = ?, files_remain = ?, unconfirmed = ?, ended_at = "
                                + columns.endedAtLiteral() + ", whole_index = ?, document = ?"
                                + " where run_number = ? and job = ?"
                                + (columns.publishing() == 1 ? " and (publishing = 1 or cancel_reason is null)" : "")
                                + " and " + RunStepTable.NEXT + " and " + Leases.HELD,
                        arguments.toArray())
                == 1;
    }

    /** What is stored of a run. */
    private record Stored(boolean cancelled, int steps, String lastText) {

        private static final Stored NONE = new Stored(false, 0, "");

        private static Stored read(ResultSet row) throws SQLException {
            int whole = row.getInt(2);
            int last = row.getInt(4);
            boolean changed = last > whole; // 0 if there is none
            return new Stored(row.getString(1) != null, Math.max(whole, last) + 1, row.getString(changed ? 5 : 3));
        }
    }

    /**
     * Tells why a step was not appended, under the lock.
     *
     * @return true if it is there, since the answer was lost; false if the run would become publishing, and a cancel
     *     was requested
     * @throws StoreException if the run has other steps than the step expects, or the job was renamed
     */
    static boolean isAppended(Sql sql, RunStep step) throws SQLException {
        if (step.index() == 0) {
            RenamedJobTable.check(sql, step.job());
        }
        Stored stored = sql.first(
                        "select r.cancel_reason, r.whole_index, r.document, s.step_index, s.document from #run r"
                                + " left join #run_step s on s.run_number = r.run_number"
                                + " where r.run_number = ? and r.job = ? order by s.step_index desc limit 1",
                        Stored::read,
                        step.number(),
                        step.job())
                .orElse(Stored.NONE);
        boolean sameText =
                step.text().equals(stored.lastText()) || step.toWhole().text().equals(stored.lastText());
        if (step.index() == stored.steps() - 1 && sameText) {
            return true;
        }
        if (step.index() == stored.steps() && stored.cancelled()) {
            return false;
        }
        throw new StoreException(
                "the ledger has " + stored.steps() + " steps of the run, and step " + step.index()
                        + " can't follow: the run was changed in the meantime, and nothing was written; read it"
                        + " again (job=" + step.job() + ", run=" + step.number() + ")",
                null);
    }

    /** Stores a request to cancel. Returns false if it is too late. The first reason stays. */
    static boolean requestCancel(Sql sql, long number, String reason) throws SQLException {
        String mayBeCancelled = " where run_number = ? and publishing = 0 and ended_at is null";
        int stored = sql.update(
                "update #run set cancel_reason = ?" + mayBeCancelled + " and cancel_reason is null", reason, number);
        return stored == 1
                || sql.first("select 1 from #run" + mayBeCancelled, row -> true, number)
                        .isPresent();
    }

    static Optional<String> cancelRequested(Sql sql, long number) throws SQLException {
        return sql
                .list(
                        "select cancel_reason from #run where run_number = ? and ended_at is null"
                                + " and cancel_reason is not null",
                        row -> row.getString(1),
                        number)
                .stream()
                .findFirst();
    }

    static Optional<ExportRun> find(Sql sql, long number) throws SQLException {
        return RunStepTable.runs(sql, "where run_number = ?", "", number).stream()
                .findFirst();
    }

    static List<ExportRun> ofJob(Sql sql, String job) throws SQLException {
        return RunStepTable.runs(sql, "where job = ?", "", job);
    }

    static List<ExportRun> endedBefore(Sql sql, String job, Instant before) throws SQLException {
        return RunStepTable.runs(sql, "where job = ? and ended_at < ?", "", job, Micros.of(before));
    }

    static List<ExportRun> unfinished(Sql sql, List<String> jobs) throws SQLException {
        return RunStepTable.runs(
                sql, "where job in (" + placeholders(jobs.size()) + ") and ended_at is null", "", jobs.toArray());
    }

    /** The number of the last run of a job of the table {@code j} that counts as its outcome, as a column. */
    static String lastOutcome() {
        return "(select max(o.run_number) from #run o where o.job = j.job and " + OUTCOMES + ")";
    }

    /** The numbers of the last runs that count as outcomes, of jobs that have no row of their own. */
    static List<Long> lastOutcomes(Sql sql, List<String> jobs) throws SQLException {
        return sql.list(
                "select max(run_number) from #run where job in (" + placeholders(jobs.size()) + ") and " + OUTCOMES
                        + " group by job",
                row -> row.getLong(1),
                jobs.toArray());
    }

    /** Runs by their numbers, and those of jobs that have not ended; by a union, since an OR would read all runs. */
    static List<ExportRun> numberedOrUnfinished(Sql sql, List<Long> numbers, List<String> jobs) throws SQLException {
        List<Object> arguments = new ArrayList<>(numbers);
        arguments.addAll(jobs);
        return RunStepTable.runs(
                sql,
                "where run_number in ("
                        + (numbers.isEmpty()
                                ? ""
                                : "select run_number from #run where run_number in (" + placeholders(numbers.size())
                                        + ") union all ")
                        + "select run_number from #run where job in (" + placeholders(jobs.size())
                        + ") and ended_at is null)",
                "",
                arguments.toArray());
    }

    /** How many unconfirmed runs each job has, of those that have any. */
    static Map<String, Integer> countUnconfirmed(Sql sql, List<String> jobs) throws SQLException {
        Map<String, Integer> counts = new HashMap<>();
        sql.list(
                        "select job, count(*) from #run where job in (" + placeholders(jobs.size())
                                + ") and unconfirmed = 1 group by job",
                        row -> Map.entry(row.getString(1), row.getInt(2)),
                        jobs.toArray())
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    static int delete(Sql sql, long number) throws SQLException {
        int deleted = sql.update("delete from #run where run_number = ?", number);
        RunStepTable.delete(sql, number);
        return deleted;
    }

    /** Whether a job has runs that have not ended. */
    static boolean hasUnfinished(Sql sql, String job) throws SQLException {
        return sql.first("select 1 from #run where job = ? and ended_at is null limit 1", row -> true, job)
                .isPresent();
    }

    static List<ExportRun> list(Sql sql, RunQuery query) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<@Nullable Object> arguments = new ArrayList<>();
        query.job().ifPresent(job -> {
            conditions.add("job = ?");
            arguments.add(job);
        });
        addNames("status", query.statuses(), conditions, arguments);
        addNames("trigger_name", query.triggers(), conditions, arguments);
        query.startedFrom().ifPresent(from -> {
            conditions.add("started_at >= ?");
            arguments.add(Micros.notBefore(from));
        });
        query.startedBefore().ifPresent(before -> {
            conditions.add("started_at < ?");
            arguments.add(Micros.notBefore(before));
        });
        query.below().ifPresent(number -> {
            conditions.add("run_number < ?");
            arguments.add(number);
        });
        if (query.onlyFilesRemain()) {
            conditions.add("files_remain = 1");
        }
        if (query.onlyUnconfirmed()) {
            conditions.add("unconfirmed = 1");
        }
        arguments.add(query.limit());
        String where = conditions.isEmpty() ? "" : "where " + String.join(" and ", conditions);
        return RunStepTable.runs(sql, where + " order by run_number desc limit ?", " desc", arguments.toArray());
    }

    private static void addNames(
            String column,
            Collection<? extends Enum<?>> names,
            List<String> conditions,
            List<@Nullable Object> arguments) {
        if (!names.isEmpty()) {
            conditions.add(column + " in (" + placeholders(names.size()) + ")");
            names.forEach(name -> arguments.add(name.name()));
        }
    }

    private static String quoted(Iterable<? extends Enum<?>> names) {
        List<String> quoted = new ArrayList<>();
        names.forEach(name -> quoted.add("'" + name.name() + "'"));
        return String.join(", ", quoted);
    }

    /** Question marks for a list of values. */
    static String placeholders(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }
}
