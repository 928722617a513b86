package io.outfeed.jdbc.store;

import io.outfeed.jdbc.internal.sql.Micros;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.store.FirePlan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The fire plan of a job in the job's row, and the fire times that were claimed as rows of their own. */
final class FirePlanTable {

    /** The columns of a plan in the row of a job. */
    static final String COLUMNS = "j.fire_schedule, j.fire_next";

    private FirePlanTable() {}

    static Optional<FirePlan> read(Sql sql, String job) throws SQLException {
        return sql.first("select " + COLUMNS + " from #job j where j.job = ?", row -> read(row, 1), job)
                .flatMap(plan -> plan);
    }

    /** @param first the index of the first of {@link #COLUMNS} */
    static Optional<FirePlan> read(ResultSet row, int first) throws SQLException {
        String schedule = row.getString(first);
        Optional<Instant> next = Optional.ofNullable(row.getString(first + 1)).map(Instant::parse);
        return Optional.ofNullable(schedule).map(text -> FirePlan.of(text, next));
    }

    /**
     * Replaces the plan of a job.
     *
     * @param change the id of this change
     * @return whether the plan was the expected one
     */
    static boolean replace(Sql sql, String job, Optional<FirePlan> expected, FirePlan next, String change)
            throws SQLException {
        JobTable.lockRow(sql, job);
        if (sql.isRetry() && RecentChanges.contains(sql, job, change)) {
            return true;
        }
        if (!read(sql, job).equals(expected)) {
            return false;
        }
        write(sql, job, next);
        RecentChanges.add(sql, job, change);
        return true;
    }

    /**
     * Claims the first of the fire times, and replaces the plan. Of a fire time that was claimed before and planned
     * again since only the plan is replaced.
     *
     * @param claimedBy the node
     * @param change the id of this change
     * @return whether the plan was that of the claim, and the fire time was not claimed before
     */
    static boolean claim(Sql sql, String job, FirePlan.Claim claim, String claimedBy, String change)
            throws SQLException {
        if (!sql.isRetry() && claimAtOnce(sql, job, claim, claimedBy, change)) {
            return true;
        }
        JobTable.lockRow(sql, job);
        if (sql.isRetry() && RecentChanges.contains(sql, job, change)) {
            return true;
        }
        if (!read(sql, job).equals(Optional.of(claim.due()))) {
            return false;
        }
        write(sql, job, claim.next());
        Instant fire = claim.due().next().orElseThrow();
        if (isClaimed(sql, job, fire)) {
            return false;
        }
        sql.update(
                "insert into #fire (job, fire_at, claimed_by, claimed_at) values (?, ?, ?, ?)",
                job,
                fire.toString(),
                claimedBy,
                Micros.of(fire));
        RecentChanges.add(sql, job, change);
        return true;
    }

    /** Claims a fire time where nothing is unusual. Returns false if nothing was done. */
    private static boolean claimAtOnce(Sql sql, String job, FirePlan.Claim claim, String claimedBy, String change)
            throws SQLException {
        Instant fire = claim.due().next().orElseThrow();
        // In the list of a select, a parameter has the type of what it is combined with.
        int claimed = sql.update(
                "insert into #fire (job, fire_at, claimed_by, claimed_at)"
                        + " select j.job, j.fire_next, coalesce(?, ''), coalesce(?, j.run_number) from #job j"
                        + " where j.job = ? and j.fire_schedule = ? and j.fire_next = ? and not exists"
                        + " (select 1 from #fire f where f.job = j.job and f.fire_at = j.fire_next) for update",
                claimedBy,
                Micros.of(fire),
                job,
                claim.due().schedule(),
                fire.toString());
        return claimed == 1
                && sql.update(
                                "update #job set fire_schedule = ?, fire_next = ?, " + RecentChanges.ADD
                                        + " where job = ?",
                                claim.next().schedule(),
                                claim.next().next().map(Instant::toString).orElse(null),
                                change,
                                job)
                        == 1;
    }

    private static void write(Sql sql, String job, FirePlan plan) throws SQLException {
        sql.update(
                "update #job set fire_schedule = ?, fire_next = ? where job = ?",
                plan.schedule(),
                plan.next().map(Instant::toString).orElse(null),
                job);
    }

    /** Writes the plan of a job whose row has none. Returns false if it has one. */
    static boolean insert(Sql sql, String job, FirePlan plan) throws SQLException {
        return sql.update(
                        "update #job set fire_schedule = ?, fire_next = ? where job = ? and fire_schedule is null",
                        plan.schedule(),
                        plan.next().map(Instant::toString).orElse(null),
                        job)
                == 1;
    }

    private static boolean isClaimed(Sql sql, String job, Instant fire) throws SQLException {
        return sql.first("select 1 from #fire where job = ? and fire_at = ?", row -> true, job, fire.toString())
                .isPresent();
    }

    static void deletePlan(Sql sql, String job) throws SQLException {
        sql.update("update #job set fire_schedule = null, fire_next = null where job = ?", job);
    }

    static void deleteClaims(Sql sql, String job) throws SQLException {
        sql.update("delete from #fire where job = ?", job);
    }

    static void deleteClaimsBefore(Sql sql, String job, Instant before) throws SQLException {
        sql.update("delete from #fire where job = ? and claimed_at < ?", job, Micros.of(before));
    }
}
