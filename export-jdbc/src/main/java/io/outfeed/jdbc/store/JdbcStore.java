package io.outfeed.jdbc.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditQuery;
import io.outfeed.audit.AuditRecord;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.Problem;
import io.outfeed.error.StoreException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentRecord;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.jdbc.internal.audit.AuditTable;
import io.outfeed.jdbc.internal.schema.Schema;
import io.outfeed.jdbc.internal.schema.StoreDialect;
import io.outfeed.jdbc.internal.spool.JdbcSpool;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.jdbc.internal.sql.Transactions;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.JobPositions;
import io.outfeed.run.RunQuery;
import io.outfeed.run.RunStatus;
import io.outfeed.spool.Spool;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import io.outfeed.store.LoadedJobs;
import io.outfeed.store.NewJob;
import io.outfeed.store.RunStep;
import io.outfeed.store.StoreChanges;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * State in a database, which the nodes of a host share: PostgreSQL, MySQL, MariaDB or H2.
 *
 * <p>The lock of a job is a lease: a node that is dead, or that has not reached the database for that long, loses its
 * jobs to the others, and what it still writes is refused. Leases expire by the database's clock. A fire time is
 * claimed by a row that only one node can insert.
 *
 * <p>Each method is one short transaction with READ COMMITTED on a connection of its own, retried for
 * {@link Builder#retryTimeout} while the database is away. Thread-safe. {@link #close} leaves the data source open.
 */
public final class JdbcStore implements ExportStore {

    /** The limit of names in one statement. */
    private static final int NAMES_PER_STATEMENT = 10_000;

    private final Transactions transactions;
    private final StoreDialect dialect;
    private final Leases leases;
    private final Duration lease;
    private final String owner;

    private JdbcStore(StoreOptions options, Transactions transactions, StoreDialect dialect) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.lease = options.lease;
        this.owner = options.newOwner();
        this.leases = new Leases(transactions, dialect, owner, options.lease);
    }

    /**
     * Starts a store's settings.
     *
     * @param database where its tables are; each call takes a connection and gives it back
     * @return a builder with the defaults
     */
    public static Builder builder(DataSource database) {
        return new Builder(database);
    }

    /**
     * Returns a spool in the same database, for {@code ExportEngine.builder().store(store).spool(store.spool())}: nodes
     * that share this store need no directory that they share.
     *
     * <p>Each MiB of a file, or less at its end, is a row. It takes one statement and one round trip to save or to
     * read, with a connection for that statement alone, and some MiB of memory; it is retried and fails as a call of
     * the store. MySQL and MariaDB need a {@code max_allowed_packet} of 4 MiB or more, which they have by default.
     *
     * @return the spool; it needs no closing
     */
    public Spool spool() {
        return new JdbcSpool(transactions);
    }

    @Override
    public Optional<JobLock> tryLock(String job) {
        return leases.tryLock(job);
    }

    @Override
    public long newRunNumber() {
        return transactions.single("give a run number", sql -> Counter.RUN.next(sql, dialect));
    }

    @Override
    public boolean append(JobLock lock, RunStep step) {
        checkCovers(lock, step);
        String what = "save run " + step.number();
        return followed(step)
                ? transactions.run(what, sql -> append(sql, lock, step))
                : transactions.single(what, sql -> append(sql, lock, step));
    }

    private boolean append(Sql sql, JobLock lock, RunStep step) throws SQLException {
        if (!RunTable.append(sql, step, leases.held(lock))) {
            leases.check(sql, lock);
            return RunTable.isAppended(sql, step);
        }
        if (followed(step)) {
            ChangeTable.add(sql, dialect, step.job());
        }
        return true;
    }

    /** Whether other nodes follow a step: one of them may make the next attempt. */
    private static boolean followed(RunStep step) {
        return step.run().status() == RunStatus.WAITING;
    }

    private static void checkCovers(JobLock lock, RunStep step) {
        if (!lock.job().equals(step.job())) {
            throw new IllegalArgumentException(lock + " does not cover job '" + step.job() + "'");
        }
    }

    @Override
    public boolean requestCancel(long run, String reason) {
        return transactions.single("cancel run " + run, sql -> RunTable.requestCancel(sql, run, reason));
    }

    @Override
    public Optional<String> cancelRequested(long run) {
        return transactions.single("read run " + run, sql -> RunTable.cancelRequested(sql, run));
    }

    @Override
    public Optional<ExportRun> run(long number) {
        return transactions.single("read run " + number, sql -> RunTable.find(sql, number));
    }

    @Override
    public List<String> jobs() {
        return transactions.single("list the jobs", JobTable::names);
    }

    @Override
    public List<ExportRun> runs(RunQuery query) {
        return transactions.single("list runs", sql -> RunTable.list(sql, query));
    }

    @Override
    public List<ExportRun> unfinishedRuns(String job) {
        return transactions.single(
                "list the unfinished runs of job '" + job + "'", sql -> RunTable.unfinished(sql, List.of(job)));
    }

    @Override
    public void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach) {
        String what = "forget old runs of job '" + job + "'";
        for (ExportRun run : transactions.single(what, sql -> RunTable.endedBefore(sql, job, endedBefore))) {
            beforeEach.accept(run);
            transactions.run(what, sql -> RunTable.delete(sql, run.number()));
        }
        transactions.single(what, sql -> {
            FirePlanTable.deleteClaimsBefore(sql, job, endedBefore);
            RunStepTable.deleteOfEnded(sql, job);
            return true;
        });
    }

    @Override
    public JobPositions positions(String job) {
        return transactions.single("read the positions of job '" + job + "'", sql -> PositionColumns.read(sql, job));
    }

    @Override
    public void commit(JobLock lock, JobPositions expected, JobPositions next) {
        String job = lock.job();
        String what = "commit job '" + job + "'";
        if (!transactions.single(what, sql -> PositionColumns.move(sql, job, expected, next, leases.held(lock)))) {
            transactions.run(what, sql -> {
                leases.check(sql, lock);
                PositionColumns.replace(sql, job, expected, next);
                return true;
            });
        }
    }

    @Override
    public void restorePositions(JobLock lock, JobPositions next) {
        transactions.run("restore the positions of job '" + lock.job() + "'", sql -> {
            leases.check(sql, lock);
            PositionColumns.replace(sql, lock.job(), PositionColumns.read(sql, lock.job()), next);
            return true;
        });
    }

    @Override
    public Optional<FirePlan> firePlan(String job) {
        return transactions.single("read the next fire of job '" + job + "'", sql -> FirePlanTable.read(sql, job));
    }

    @Override
    public boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next) {
        String change = RecentChanges.newId();
        return transactions.run("plan the fires of job '" + job + "'", sql -> {
            boolean replaced = FirePlanTable.replace(sql, job, expected, next, change);
            if (replaced && expected.isPresent()) { // else no node has armed the job
                ChangeTable.add(sql, dialect, job);
            }
            return replaced;
        });
    }

    @Override
    public boolean claim(JobLock lock, FirePlan.Claim claim, RunStep step) {
        checkCovers(lock, step);
        String change = RecentChanges.newId();
        return transactions.run(
                "claim a fire of job '" + step.job() + "'",
                sql -> FirePlanTable.claim(sql, step.job(), claim, owner, change) && append(sql, lock, step));
    }

    @Override
    public Set<String> addJobs(List<NewJob> jobs) {
        Set<String> added = new HashSet<>();
        parts(jobs).forEach(some -> added.addAll(transactions.run("add jobs", sql -> JobTable.add(sql, some))));
        return added;
    }

    @Override
    public JobState jobState(String job) {
        return transactions.single("read the state of job '" + job + "'", sql -> JobTable.state(sql, job));
    }

    @Override
    public boolean replaceJobState(String job, JobState expected, JobState next) {
        String change = RecentChanges.newId();
        return transactions.run("change the state of job '" + job + "'", sql -> {
            boolean replaced = JobTable.replaceState(sql, job, expected, next, change);
            if (replaced && !next.pause().equals(expected.pause())) {
                ChangeTable.add(sql, dialect, job);
            }
            return replaced;
        });
    }

    @Override
    public List<JobRecord> jobRecords(List<String> jobs) {
        return parts(jobs).stream().flatMap(some -> jobRecordsOf(some).stream()).toList();
    }

    /** Parts a list as statements take it. */
    private static <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += NAMES_PER_STATEMENT) {
            parts.add(all.subList(from, Math.min(all.size(), from + NAMES_PER_STATEMENT)));
        }
        return parts;
    }

    /** Reads the jobs together, and each half by itself if one is damaged. */
    private List<JobRecord> jobRecordsOf(List<String> jobs) {
        try {
            return transactions.single("list the jobs", sql -> JobRecords.read(sql, jobs));
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            if (jobs.size() == 1) {
                return List.of(JobRecord.damaged(jobs.get(0), Problem.of(e)));
            }
            int half = jobs.size() / 2;
            return Stream.of(jobs.subList(0, half), jobs.subList(half, jobs.size()))
                    .flatMap(some -> jobRecordsOf(some).stream())
                    .toList();
        }
    }

    @Override
    public void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
        String job = lock.job();
        String what = "forget job '" + job + "'";
        transactions.run(what, sql -> {
            leases.check(sql, lock);
            FirePlanTable.deletePlan(sql, job);
            JobTable.deleteState(sql, job, history);
            ChangeTable.add(sql, dialect, job);
            return true;
        });
        if (history == History.KEEP) {
            return;
        }
        for (ExportRun run : transactions.single(what, sql -> RunTable.ofJob(sql, job))) {
            beforeEach.accept(run);
            transactions.run(what, sql -> {
                leases.check(sql, lock);
                return RunTable.delete(sql, run.number());
            });
        }
        transactions.run(what, sql -> {
            leases.check(sql, lock);
            FirePlanTable.deleteClaims(sql, job);
            JobTable.delete(sql, job);
            RenamedJobTable.delete(sql, job);
            return true;
        });
    }

    @Override
    public void renameJob(JobLock lock, String to) {
        String job = lock.job();
        if (job.equals(to)) {
            throw new IllegalArgumentException("job '" + job + "' has that name");
        }
        transactions.run("rename job '" + job + "' to '" + to + "'", sql -> {
            if (sql.isRetry() && RenamedJobTable.next(sql, job).equals(Optional.of(to))) {
                return true; // committed before, and the answer was lost
            }
            leases.check(sql, lock);
            if (!leases.reserve(sql, to)) {
                throw StoreFailures.cantRenameToLocked(job, to);
            }
            RenamedJobTable.rename(sql, job, to);
            leases.release(sql, lock);
            ChangeTable.add(sql, dialect, job);
            return true;
        });
        leases.forget(lock);
    }

    @Override
    public Optional<String> renamedTo(String job) {
        return transactions.single(
                "read the name that job '" + job + "' has now", sql -> RenamedJobTable.now(sql, job));
    }

    @Override
    public Map<String, String> renamedTo(Collection<String> jobs) {
        Map<String, String> renamed = new HashMap<>();
        parts(List.copyOf(jobs))
                .forEach(some -> renamed.putAll(
                        transactions.run("read the names that jobs have now", sql -> RenamedJobTable.now(sql, some))));
        return renamed;
    }

    @Override
    public LoadedJobs loadedJobs(String source) {
        return transactions.run("read the jobs of source '" + source + "'", sql -> LoadedJobsTable.read(sql, source));
    }

    @Override
    public boolean replaceLoadedJobs(String source, LoadedJobs expected, LoadedJobs next) {
        return transactions.run(
                "save the jobs of source '" + source + "'",
                sql -> LoadedJobsTable.replace(sql, source, expected, next));
    }

    @Override
    public List<IncidentRecord> incidents(IncidentQuery query) {
        return transactions.single("list incidents", sql -> IncidentTable.list(sql, query));
    }

    @Override
    public List<IncidentRecord> unsettledIncidents() {
        return transactions.single("list incidents", IncidentTable::unsettled);
    }

    @Override
    public boolean replaceIncident(Optional<IncidentRecord> expected, IncidentRecord next) {
        return transactions.run("save an incident", sql -> IncidentTable.replace(sql, expected, next));
    }

    @Override
    public void pruneIncidents(Instant endedBefore) {
        transactions.run("forget old incidents", sql -> {
            IncidentTable.prune(sql, endedBefore);
            return true;
        });
    }

    @Override
    public void appendAudit(AuditEntry entry) {
        transactions.run("append to the audit", sql -> {
            AuditTable.append(sql, entry);
            return true;
        });
    }

    @Override
    public List<AuditRecord> audit(AuditQuery query) {
        return transactions.single("list the audit", sql -> AuditTable.list(sql, query));
    }

    @Override
    public Optional<StoreChanges> changesSince(long version) {
        return Optional.of(transactions.single(
                "read what other nodes have changed", sql -> ChangeTable.since(sql, dialect, version, lease)));
    }

    @Override
    public void close() {
        leases.close();
    }

    /** The name of the node. */
    @Override
    public String toString() {
        return "JDBC store of node " + owner;
    }

    /** Collects the settings of a store. Not thread-safe. */
    public static final class Builder {

        private final StoreOptions options;

        private Builder(DataSource database) {
            options = new StoreOptions(database);
        }

        /**
         * Sets the schema of the tables. Default: that of the connection.
         *
         * @param schema its name; it must be there
         * @return this builder
         */
        public Builder schema(String schema) {
            options.schema = requireNonNull(schema, "schema");
            return this;
        }

        /**
         * Sets what the names of the tables begin with. Default: {@code outfeed_}.
         *
         * @param tablePrefix letters, digits and underscores, at most 40
         * @return this builder
         */
        public Builder tablePrefix(String tablePrefix) {
            options.tablePrefix = requireNonNull(tablePrefix, "tablePrefix");
            return this;
        }

        /**
         * Sets how long the lock of a job lasts when its node stops renewing it. Default: one minute. It is renewed
         * every third of that; a node that is suspended for longer loses its runs to others, which is safe and costs
         * work.
         *
         * @param lease one second or more
         * @return this builder
         */
        public Builder lease(Duration lease) {
            options.lease = requireNonNull(lease, "lease");
            return this;
        }

        /**
         * Sets for how long a call is retried while the database can't be reached, restarts, or another transaction
         * conflicts. Default: 30 seconds.
         *
         * @param retryTimeout zero or more
         * @return this builder
         */
        public Builder retryTimeout(Duration retryTimeout) {
            options.retryTimeout = requireNonNull(retryTimeout, "retryTimeout");
            return this;
        }

        /**
         * Sets the name of this node in the tables, for people. Default: process and host. A part that differs for each
         * store is added.
         *
         * @param node letters, digits and {@code . _ - @}, at most 100
         * @return this builder
         */
        public Builder node(String node) {
            options.node = requireNonNull(node, "node");
            return this;
        }

        /**
         * Lets {@link #build} create the tables, or migrate older ones to this version. By default it only checks them:
         * run {@link #ddl} as a user with the rights for it.
         *
         * @return this builder
         */
        public Builder migrate() {
            options.migrate = true;
            return this;
        }

        /**
         * Returns the statements that create all tables, for the database behind the data source.
         *
         * @return the statements, in order
         * @throws InvalidDefinitionException if a setting is wrong
         * @throws StoreException if the database can't be reached
         */
        public List<String> ddl() {
            options.check();
            Schema tables = new Schema(dialect(options.transactions()), options.tableNames());
            List<String> statements = new ArrayList<>(tables.ddl(0));
            statements.add(
                    options.tableNames().in("insert into #schema (id, version) values (1, " + Schema.VERSION + ")"));
            return statements;
        }

        /**
         * Opens the store.
         *
         * @return the store; close it
         * @throws InvalidDefinitionException if a setting is wrong
         * @throws StoreException if the database can't be reached, or the tables are not there in this version
         */
        public JdbcStore build() {
            options.check();
            Transactions transactions = options.transactions();
            StoreDialect dialect = dialect(transactions);
            Schema tables = new Schema(dialect, options.tableNames());
            if (options.migrate) {
                tables.migrate(transactions);
            }
            tables.check(transactions);
            return new JdbcStore(options, transactions, dialect);
        }

        private static StoreDialect dialect(Transactions transactions) {
            return transactions.run("tell which database this is", StoreDialect::of);
        }
    }
}
