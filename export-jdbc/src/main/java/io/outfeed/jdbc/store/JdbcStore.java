package io.outfeed.jdbc.store;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.StoreException;
import io.outfeed.operation.History;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import io.outfeed.source.Position;
import io.outfeed.store.ExportStore;
import io.outfeed.store.FirePlan;
import io.outfeed.store.JobLock;
import io.outfeed.store.JobPositions;
import io.outfeed.store.JobRecord;
import io.outfeed.store.JobState;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * State in a database, which the nodes of a host share: PostgreSQL, MySQL, MariaDB or H2.
 *
 * <p>The lock of a job is a lease: a node that is dead, or that has not reached the database for that long, loses its jobs
 * to the others, and what it still writes is refused. Leases are timed by the database's clock. A fire is claimed by a row
 * that only one node can write.
 *
 * <p>Each method is one short transaction with READ COMMITTED on a connection of its own; while the database is away it is
 * begun anew for as long as {@link Builder#patience} says. Thread-safe. {@link #close} leaves the data source open.
 */
public final class JdbcStore implements ExportStore {

    private static final int NAMES_IN_A_STATEMENT = 500;

    private final Transactions transactions;
    private final Leases leases;
    private final String owner;

    private JdbcStore(Transactions transactions, Leases leases, String owner) {
        this.transactions = transactions;
        this.leases = leases;
        this.owner = owner;
    }

    /**
     * Starts a store's settings.
     *
     * @param database where its tables are; connections are taken for each call and given back
     * @return a builder with the defaults
     */
    public static Builder builder(DataSource database) {
        return new Builder(database);
    }

    @Override
    public Optional<JobLock> tryLock(String job) {
        return leases.tryLock(job);
    }

    @Override
    public long newRunNumber() {
        return transactions.run("give a run number", Counter.RUN::next);
    }

    @Override
    public void save(JobLock lock, ExportRun run) {
        transactions.run("save run " + run.number(), sql -> {
            leases.check(sql, lock);
            RunTable.save(sql, run);
            return true;
        });
    }

    @Override
    public Optional<ExportRun> run(long number) {
        return transactions.run(
                "read run " + number,
                sql -> sql.first("select document from #run where run_number = ?", RunTable::read, number));
    }

    @Override
    public List<String> jobs() {
        return transactions
                .run(
                        "list the jobs",
                        sql -> sql.list(
                                "select job from #run union select job from #job where run_number > 0",
                                row -> row.getString(1)))
                .stream()
                .sorted()
                .toList();
    }

    @Override
    public List<ExportRun> runs(RunQuery query) {
        return transactions.run("list runs", sql -> RunTable.list(sql, query));
    }

    @Override
    public List<ExportRun> unfinishedRuns(String job) {
        return transactions.run(
                "list the unfinished runs of job '" + job + "'",
                sql -> sql.list(
                        "select document from #run where job = ? and ended_at is null order by run_number",
                        RunTable::read,
                        job));
    }

    @Override
    public void prune(String job, Instant endedBefore, Consumer<ExportRun> beforeEach) {
        String what = "forget old runs of job '" + job + "'";
        List<ExportRun> old = transactions.run(
                what,
                sql -> sql.list(
                        "select document from #run where job = ? and ended_at < ? order by run_number",
                        RunTable::read,
                        job,
                        RunTable.micros(endedBefore)));
        for (ExportRun run : old) {
            beforeEach.accept(run);
            transactions.run(what, sql -> sql.update("delete from #run where run_number = ?", run.number()));
        }
        transactions.run(
                what,
                sql -> sql.update(
                        "delete from #fire where job = ? and claimed_at < ?", job, RunTable.micros(endedBefore)));
    }

    @Override
    public JobPositions positions(String job) {
        return transactions.run("read the positions of job '" + job + "'", sql -> positions(sql, job));
    }

    /** In one statement: with READ COMMITTED each sees what was committed before it. */
    private static JobPositions positions(Sql sql, String job) throws SQLException {
        Map<String, Position> positions = new TreeMap<>();
        List<JobPositions> found = sql.list(
                "select j.run_number, j.sequence_number, p.definition, p.kind, p.position_text"
                        + " from #job j left join #position p on p.job = j.job where j.job = ?",
                row -> {
                    if (row.getString(3) != null) {
                        positions.put(row.getString(3), new Position(row.getString(4), row.getString(5)));
                    }
                    return new JobPositions(positions, row.getLong(1), row.getLong(2));
                },
                job);
        return found.isEmpty() ? JobPositions.NONE : found.get(found.size() - 1);
    }

    @Override
    public void commit(JobLock lock, JobPositions expected, JobPositions next) {
        transactions.run("commit job '" + lock.job() + "'", sql -> {
            leases.check(sql, lock);
            JobPositions current = positions(sql, lock.job());
            if (sql.again() && current.equals(next)) {
                return true;
            }
            if (!current.equals(expected)) {
                throw new StoreException(
                        "the positions of job '" + lock.job() + "' were moved by run " + current.run()
                                + " in the meantime: nothing was committed",
                        null);
            }
            ensureJob(sql, lock.job());
            sql.update(
                    "update #job set run_number = ?, sequence_number = ? where job = ?",
                    next.run(),
                    next.sequence(),
                    lock.job());
            sql.update("delete from #position where job = ?", lock.job());
            for (Map.Entry<String, Position> entry : next.positions().entrySet()) {
                sql.update(
                        "insert into #position (job, definition, kind, position_text) values (?, ?, ?, ?)",
                        lock.job(),
                        entry.getKey(),
                        entry.getValue().kind(),
                        entry.getValue().text());
            }
            return true;
        });
    }

    /** Locks the row of a job, a new one if need be. */
    private static void ensureJob(Sql sql, String job) throws SQLException {
        if (sql.first("select 1 from #job where job = ? for update", row -> true, job)
                .isEmpty()) {
            sql.update(
                    "insert into #job (job, run_number, sequence_number, failures_in_a_row, recent_changes)"
                            + " values (?, 0, 0, 0, '')",
                    job);
        }
    }

    @Override
    public Optional<FirePlan> firePlan(String job) {
        return transactions.run("read the next fire of job '" + job + "'", sql -> firePlan(sql, job));
    }

    private static Optional<FirePlan> firePlan(Sql sql, String job) throws SQLException {
        return sql.first("select " + JobTable.PLAN + " from #job j where j.job = ?", row -> JobTable.plan(row, 0), job)
                .flatMap(plan -> plan);
    }

    @Override
    public boolean replaceFirePlan(String job, Optional<FirePlan> expected, FirePlan next) {
        String change = newChange();
        return transactions.run("claim a fire of job '" + job + "'", sql -> {
            ensureJob(sql, job);
            Optional<Instant> claimed = expected.filter(plan -> plan.schedule().equals(next.schedule()))
                    .flatMap(FirePlan::next);
            if (sql.again() && JobTable.isRecent(sql, job, change)) {
                return true;
            }
            if (!firePlan(sql, job).equals(expected)) {
                return false;
            }
            boolean free = claimed.isEmpty() || !isClaimed(sql, job, claimed.get());
            if (claimed.isPresent() && free) {
                sql.update(
                        "insert into #fire (job, fire_at, claimed_by, claimed_at) values (?, ?, ?, ?)",
                        job,
                        claimed.get().toString(),
                        owner,
                        RunTable.micros(claimed.get()));
            }
            // A fire that was claimed before, and was planned again since: nobody gets it, and the plan goes on.
            sql.update(
                    "update #job set fire_schedule = ?, fire_next = ? where job = ?",
                    next.schedule(),
                    next.next().map(Instant::toString).orElse(null),
                    job);
            if (free) {
                JobTable.remember(sql, job, change);
            }
            return free;
        });
    }

    @Override
    public JobState jobState(String job) {
        return transactions.run("read the state of job '" + job + "'", sql -> jobState(sql, job));
    }

    private static JobState jobState(Sql sql, String job) throws SQLException {
        return sql.first(
                        "select " + JobTable.STATE + " from #job j where j.job = ?", row -> JobTable.state(row, 0), job)
                .orElse(JobState.NONE);
    }

    @Override
    public boolean replaceJobState(String job, JobState expected, JobState next) {
        String change = newChange();
        return transactions.run("change the state of job '" + job + "'", sql -> {
            ensureJob(sql, job);
            JobState current = jobState(sql, job);
            if (sql.again() && JobTable.isRecent(sql, job, change)) {
                return true;
            }
            if (!current.equals(expected)) {
                return false;
            }
            JobTable.saveState(sql, job, next);
            JobTable.remember(sql, job, change);
            return true;
        });
    }

    @Override
    public List<JobRecord> jobRecords(List<String> jobs) {
        List<JobRecord> records = new ArrayList<>();
        for (int from = 0; from < jobs.size(); from += NAMES_IN_A_STATEMENT) {
            List<String> some = jobs.subList(from, Math.min(jobs.size(), from + NAMES_IN_A_STATEMENT));
            records.addAll(transactions.run("list the jobs", sql -> JobTable.records(sql, some)));
        }
        return records;
    }

    @Override
    public void removeJob(JobLock lock, History history, Consumer<ExportRun> beforeEach) {
        String job = lock.job();
        String what = "forget job '" + job + "'";
        transactions.run(what, sql -> {
            leases.check(sql, lock);
            JobTable.forgetPlanAndState(sql, job);
            return true;
        });
        if (history == History.KEEP) {
            return;
        }
        List<ExportRun> runs =
                transactions.run(what, sql -> sql.list("select document from #run where job = ?", RunTable::read, job));
        for (ExportRun run : runs) {
            beforeEach.accept(run);
            transactions.run(what, sql -> {
                leases.check(sql, lock);
                return sql.update("delete from #run where run_number = ?", run.number());
            });
        }
        transactions.run(what, sql -> {
            leases.check(sql, lock);
            sql.update("delete from #fire where job = ?", job);
            sql.update("delete from #position where job = ?", job);
            return sql.update("delete from #job where job = ?", job);
        });
    }

    private static boolean isClaimed(Sql sql, String job, Instant fire) throws SQLException {
        return sql.first("select 1 from #fire where job = ? and fire_at = ?", row -> true, job, fire.toString())
                .isPresent();
    }

    private static String newChange() {
        return UUID.randomUUID().toString();
    }

    @Override
    public void close() {
        leases.close();
    }

    /** Which node this is. */
    @Override
    public String toString() {
        return "JDBC store of node " + owner;
    }

    /** Collects the settings of a store. Not thread-safe. */
    public static final class Builder {

        private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,39}");

        private final DataSource database;
        private String schema = "";
        private String prefix = "outfeed_";
        private Duration lease = Duration.ofMinutes(1);
        private Duration patience = Duration.ofSeconds(30);
        private String node = "";
        private boolean migrate;

        private Builder(DataSource database) {
            this.database = requireNonNull(database, "database");
        }

        /**
         * Sets the schema of the tables. Default: that of the connection.
         *
         * @param schema its name; it must be there
         * @return this builder
         */
        public Builder schema(String schema) {
            this.schema = requireNonNull(schema, "schema");
            return this;
        }

        /**
         * Sets what the names of the tables begin with. Default: {@code outfeed_}.
         *
         * @param tablePrefix letters, digits and underscores, at most 40
         * @return this builder
         */
        public Builder tablePrefix(String tablePrefix) {
            this.prefix = requireNonNull(tablePrefix, "tablePrefix");
            return this;
        }

        /**
         * Sets for how long a node that is not heard of keeps its jobs. Default: one minute. It is renewed three times as
         * often; a node that is suspended for longer loses its runs to others, which is safe and costs work.
         *
         * @param lease one second or more
         * @return this builder
         */
        public Builder lease(Duration lease) {
            this.lease = requireNonNull(lease, "lease");
            return this;
        }

        /**
         * Sets for how long a call is begun anew while the database can't be reached, restarts, or another transaction
         * stands in the way. Default: 30 seconds.
         *
         * @param patience zero or more
         * @return this builder
         */
        public Builder patience(Duration patience) {
            this.patience = requireNonNull(patience, "patience");
            return this;
        }

        /**
         * Sets what this node is called in the tables, for people. Default: process and host. A part that differs for each
         * store is added.
         *
         * @param node letters, digits and {@code . _ - @}, at most 100
         * @return this builder
         */
        public Builder node(String node) {
            this.node = requireNonNull(node, "node");
            return this;
        }

        /**
         * Lets {@link #build} create the tables, or bring older ones up to this version. By default it only checks them:
         * run {@link #ddl} with a user who may.
         *
         * @return this builder
         */
        public Builder migrate() {
            migrate = true;
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
            checkSettings();
            Schema tables = new Schema(dialect(transactions()), names());
            List<String> statements = new ArrayList<>(tables.ddl(0));
            statements.add(names().in("insert into #schema (id, version) values (1, " + Schema.VERSION + ")"));
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
            checkSettings();
            Transactions transactions = transactions();
            Dialect dialect = dialect(transactions);
            Schema tables = new Schema(dialect, names());
            if (migrate) {
                tables.migrate(transactions);
            }
            tables.check(transactions);
            String name = node.isEmpty() ? ProcessHandle.current().pid() + "@" + host() : node;
            String owner = name.replaceAll("[^A-Za-z0-9._@-]", "-") + ":"
                    + UUID.randomUUID().toString().substring(0, 8);
            return new JdbcStore(transactions, new Leases(transactions, dialect, owner, lease), owner);
        }

        private static String host() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) { // it is for people only
                return "unknown-host";
            }
        }

        private void checkSettings() {
            List<String> problems = new ArrayList<>();
            if (!schema.isEmpty() && !IDENTIFIER.matcher(schema).matches()) {
                problems.add("schema must be letters, digits and underscores, at most 40");
            }
            if (!IDENTIFIER.matcher(prefix).matches()) {
                problems.add("tablePrefix must be letters, digits and underscores, at most 40");
            }
            if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
                problems.add("lease must be one second or more, not " + lease);
            }
            if (patience.isNegative()) {
                problems.add("patience must be zero or more, not " + patience);
            }
            if (node.length() > 100) {
                problems.add("node must have at most 100 characters");
            }
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("JDBC store", problems);
            }
        }

        private TableNames names() {
            return new TableNames(schema.isEmpty() ? "" : schema + ".", prefix);
        }

        private Transactions transactions() {
            return new Transactions(database, names(), patience);
        }

        private static Dialect dialect(Transactions transactions) {
            return transactions.run("tell which database this is", Sql::dialect);
        }
    }
}
