package io.outfeed.dbscheduler;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.Waiter;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.StoreException;
import io.outfeed.scheduler.InJvmScheduler;
import io.outfeed.scheduler.Scheduler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A scheduler on db-scheduler, for hosts with so many jobs or nodes that each node should not be woken for each job: a
 * table of PostgreSQL has a row for each job, and one node picks it when it is due.
 *
 * <pre>{@code
 * JdbcStore store = JdbcStore.builder(database).migrate().lease(Duration.ofSeconds(15)).build();
 * ExportEngine engine = ExportEngine.builder()
 *         .directory(Path.of("/var/lib/outfeed"))
 *         .store(store)
 *         .spool(store.spool())
 *         .scheduler(DbScheduler.builder(database).migrate().workers(8).build())
 *         .build();
 * }</pre>
 *
 * <p>A row only wakes. Whether a fire is due is in the store, and claimed there, so that a row that is early, late,
 * doubled or gone makes no run twice and loses none: each node adds missing rows of its jobs, by default each minute. A
 * node picks rows of all jobs; one of a job that it does not have is put back for another node, from five seconds to a
 * minute later. A node that is dead loses its rows within six heartbeats.
 *
 * <p>The times are those of the engine's clock, which is that of the store. Rows of the same time are picked in the
 * order of their priorities, from -499 to 499: for that a row is up to a millisecond later than its time. The work that
 * an engine does for itself is not in the table.
 *
 * <p>The runs are on threads of db-scheduler. {@link #close} stops a db-scheduler that was made here; one of the host
 * goes on, and its executions of {@link WakeTask} are put back. Thread-safe.
 */
public final class DbScheduler implements Scheduler {

    /** The longest heartbeat. */
    static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(5);

    /** As few as db-scheduler allows: dead executions are looked for every two heartbeats, so within six. */
    private static final int MISSED_HEARTBEATS = 4;

    /** Of the work that the engine does for itself. */
    private static final int OWN_WORKERS = 2;

    private static final Pattern TABLE =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,39}\\.)?[A-Za-z_][A-Za-z0-9_]{0,39}");

    /** The table has no data of ours, and nothing is read from it as data. */
    private static final Serializer NO_DATA = new Serializer() {

        @Override
        public byte @Nullable [] serialize(@Nullable Object data) {
            return null;
        }

        @Override
        public <T> @Nullable T deserialize(Class<T> type, byte[] data) {
            return null;
        }
    };

    private final Options options;
    private final WakeTask task;
    private final WakeUps wakeUps = new WakeUps();
    private final InJvmScheduler own;

    // guarded by this
    private com.github.kagkarlsson.scheduler.@Nullable Scheduler scheduler;
    private @Nullable Executions executions;
    private @Nullable RowWriter writer;
    private boolean closed;

    private DbScheduler(Options options) {
        this.options = options;
        this.task = options.task;
        this.scheduler = options.host;
        this.own = new InJvmScheduler(OWN_WORKERS, options.closeTimeout, daemons("outfeed-engine-"));
    }

    /**
     * Starts the settings of a scheduler with a db-scheduler of its own.
     *
     * @param database where the table is: PostgreSQL
     * @return a builder with the defaults
     */
    public static Builder builder(DataSource database) {
        Options options = new Options(WakeTask.create());
        options.database = requireNonNull(database, "database");
        return new Builder(options);
    }

    /**
     * Starts the settings of a scheduler on a db-scheduler of the host, which was made with a task of this module:
     *
     * <pre>{@code
     * WakeTask task = WakeTask.create();
     * var scheduler = com.github.kagkarlsson.scheduler.Scheduler.create(database, task, tasksOfTheHost)
     *         .clock(task.clock())
     *         .heartbeatInterval(Duration.ofSeconds(5))
     *         .missedHeartbeatsLimit(4)
     *         .pollingInterval(Duration.ofSeconds(1))
     *         .pollUsingLockAndFetch(0.5, 1)
     *         .build();
     * DbScheduler.builder(scheduler, task).build();
     * }</pre>
     *
     * <p>The host starts and stops it. A warning in the log says what to change if it does not look for dead executions
     * often enough, or has another clock.
     *
     * @param scheduler the host's
     * @param task the task that it was made with
     * @return a builder with the defaults
     */
    public static Builder builder(com.github.kagkarlsson.scheduler.Scheduler scheduler, WakeTask task) {
        Options options = new Options(requireNonNull(task, "task"));
        options.host = requireNonNull(scheduler, "scheduler");
        return new Builder(options);
    }

    /**
     * Returns the statements that create the table {@code scheduled_tasks} and its indexes unless they are there, for
     * the host's own migrations. A table that a db-scheduler of the host has already serves as it is.
     *
     * @return the statements, in order
     */
    public static List<String> ddl() {
        return TaskTable.ddl(Options.TABLE_NAME);
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void start(Clock clock, Consumer<String> handler) {
        requireNonNull(clock, "clock");
        requireNonNull(handler, "handler");
        synchronized (this) {
            if (executions != null || closed) {
                throw new IllegalStateException("the scheduler was started before, or is closed: make a new one");
            }
            Executions woken = new Executions(wakeUps, clock, handler);
            executions = woken;
            task.start(woken, clock);
            com.github.kagkarlsson.scheduler.Scheduler used = scheduler == null ? make() : scheduler;
            scheduler = used;
            Runnable check = options.host == null ? () -> {} : checkOf(used);
            RowWriter rows = new RowWriter(
                    wakeUps,
                    new WakeRows(wakeUps, task, used, clock),
                    clock,
                    options.pollingInterval,
                    options.sweepEvery,
                    used::triggerCheckForDueExecutions,
                    check,
                    options.nanoTime);
            writer = rows;
            rows.start();
            if (options.host == null) {
                used.start();
            }
        }
        own.start(clock, handler);
    }

    private Runnable checkOf(com.github.kagkarlsson.scheduler.Scheduler host) {
        HostCheck check = new HostCheck(task, options.nanoTime);
        host.registerSchedulerListener(check);
        return check::run;
    }

    private com.github.kagkarlsson.scheduler.Scheduler make() {
        SchedulerBuilder builder = new MonotonicBuilder(requireNonNull(options.database), task)
                .serializer(NO_DATA)
                .tableName(options.tableName)
                .threads(options.workers)
                .executorService(Executors.newFixedThreadPool(options.workers, daemons("outfeed-worker-")))
                .dueExecutor(Executors.newSingleThreadExecutor(daemons("outfeed-poll-")))
                .housekeeperExecutor(Executors.newScheduledThreadPool(2, daemons("outfeed-heartbeat-")))
                .pollingInterval(options.pollingInterval)
                .pollUsingLockAndFetch(0.5, 1)
                .heartbeatInterval(options.heartbeat)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .commitWhenAutocommitDisabled(true)
                .shutdownMaxWait(Duration.ofSeconds(1)) // after the jobs have ended
                .clock(task.clock());
        return builder.build();
    }

    @Override
    public void scheduleAt(String job, Instant at, int priority) {
        requireNonNull(job, "job");
        requireNonNull(at, "at");
        if (Scheduler.isOfEngine(job)) {
            own.scheduleAt(job, at, priority);
        } else {
            wakeUps.schedule(job, RowTime.of(at, priority, task.now()));
            signal();
        }
    }

    @Override
    public void cancel(String job) {
        if (Scheduler.isOfEngine(job)) {
            own.cancel(job);
        } else if (wakeUps.cancel(job)) {
            signal();
        }
    }

    private void signal() {
        RowWriter rows;
        synchronized (this) {
            rows = closed ? null : writer;
        }
        if (rows != null) {
            rows.signal();
        }
    }

    /**
     * Stops waking jobs; waits for running jobs up to the limit, interrupts them, and waits as long again. If the
     * waiting thread is interrupted, the jobs are interrupted at once. A job that closes its own scheduler is not
     * waited for.
     */
    @Override
    public void close() {
        Executions running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            running = executions;
        }
        if (running == null) {
            own.close();
            return;
        }
        if (running.isInside()) {
            running.stop();
            daemons("outfeed-scheduler-close-").newThread(() -> close(running)).start();
        } else {
            close(running);
        }
    }

    private void close(Executions running) {
        com.github.kagkarlsson.scheduler.Scheduler used;
        RowWriter rows;
        synchronized (this) {
            used = requireNonNull(scheduler);
            rows = requireNonNull(writer);
        }
        boolean ours = options.host == null;
        if (ours) {
            used.pause(); // it picks no more rows
        }
        running.stop();
        own.close();
        running.await(options.closeTimeout);
        rows.close(options.closeTimeout);
        if (ours) {
            used.stop();
        }
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger made = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + made.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Polls by a clock that is never set: the engine's may be, and would stop the polls until it has caught up. */
    private static final class MonotonicBuilder extends SchedulerBuilder {

        private MonotonicBuilder(DataSource database, WakeTask task) {
            super(database, List.of(task));
        }

        @Override
        protected Waiter buildWaiter() {
            return new Waiter(poolingInterval, () -> Instant.EPOCH.plusNanos(System.nanoTime()));
        }
    }

    /** The options: set by the builder. */
    private static final class Options {

        private static final String TABLE_NAME = "scheduled_tasks";

        private WakeTask task;
        private @Nullable DataSource database;
        private com.github.kagkarlsson.scheduler.@Nullable Scheduler host;
        private String tableName = TABLE_NAME;
        private int workers = 4;
        private Duration pollingInterval = Duration.ofSeconds(1);
        private Duration heartbeat = LONGEST_HEARTBEAT;
        private Duration sweepEvery = Duration.ofMinutes(1);
        private Duration closeTimeout = Duration.ofSeconds(30);
        private boolean migrate;
        private LongSupplier nanoTime = System::nanoTime;

        private Options(WakeTask task) {
            this.task = task;
        }

        private Options(Options other) {
            task = other.task;
            database = other.database;
            host = other.host;
            tableName = other.tableName;
            workers = other.workers;
            pollingInterval = other.pollingInterval;
            heartbeat = other.heartbeat;
            sweepEvery = other.sweepEvery;
            closeTimeout = other.closeTimeout;
            migrate = other.migrate;
            nanoTime = other.nanoTime;
        }

        private void check() {
            List<String> problems = new ArrayList<>();
            if (!TABLE.matcher(tableName).matches()) {
                problems.add(
                        "tableName must be letters, digits and underscores, at most 40, perhaps behind a schema and"
                                + " a dot");
            }
            if (workers < 1) {
                problems.add("workers must be one or more, not " + workers);
            }
            if (!isPositive(pollingInterval)) {
                problems.add("pollingInterval must be more than zero, not " + pollingInterval);
            }
            if (!isPositive(heartbeat) || heartbeat.compareTo(LONGEST_HEARTBEAT) > 0) {
                problems.add(
                        "heartbeat must be more than zero, and at most " + LONGEST_HEARTBEAT + ", not " + heartbeat);
            }
            if (!isPositive(sweepEvery)) {
                problems.add("sweepEvery must be more than zero, not " + sweepEvery);
            }
            if (closeTimeout.isNegative()) {
                problems.add("closeTimeout must be zero or more, not " + closeTimeout);
            }
            if (!problems.isEmpty()) {
                throw new InvalidDefinitionException("db-scheduler", problems);
            }
        }

        private static boolean isPositive(Duration duration) {
            return !duration.isZero() && !duration.isNegative();
        }
    }

    /** Collects the settings of a scheduler. Not thread-safe. */
    public static final class Builder {

        private final Options options;

        private Builder(Options options) {
            this.options = options;
        }

        /**
         * Sets the name of the table. Default: {@code scheduled_tasks}, as db-scheduler's. Ignored with a db-scheduler
         * of the host.
         *
         * @param name the name, perhaps behind a schema and a dot
         * @return this builder
         */
        public Builder tableName(String name) {
            options.tableName = requireNonNull(name, "name");
            return this;
        }

        /**
         * Sets the name of the task in the table. Default: {@code outfeed}. Two engines with different stores need
         * different names in one table. Ignored with a db-scheduler of the host, whose task has its name.
         *
         * @param name the name, the same on all nodes
         * @return this builder
         */
        public Builder taskName(String name) {
            if (options.host == null) {
                options.task = WakeTask.create(name);
            }
            return this;
        }

        /**
         * Sets how many runs this node may have in progress at once. Default: 4. It replaces the {@code workers} of the
         * engine. Ignored with a db-scheduler of the host, which has threads of its own.
         *
         * @param workers one or more
         * @return this builder
         */
        public Builder workers(int workers) {
            options.workers = workers;
            return this;
        }

        /**
         * Sets how often a node asks for rows that are due, in one statement: a fire may begin as much later. Default:
         * one second. It is also how often a row is tried again that another node was just using. A db-scheduler of the
         * host polls by its own setting.
         *
         * @param interval more than zero
         * @return this builder
         */
        public Builder pollingInterval(Duration interval) {
            options.pollingInterval = requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Sets how often a node writes that it is still running its jobs. Default: five seconds. A node that has not
         * written for four of them is dead; this is found out within six. The lease of the store should be shorter than
         * that, or the job waits for the end of its lease as well. Ignored with a db-scheduler of the host, which is
         * checked.
         *
         * @param interval more than zero, and at most five seconds
         * @return this builder
         */
        public Builder heartbeat(Duration interval) {
            options.heartbeat = requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Sets how often the rows of all jobs are read, and missing ones are added. Default: one minute.
         *
         * @param interval more than zero
         * @return this builder
         */
        public Builder sweepEvery(Duration interval) {
            options.sweepEvery = requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Sets how long {@link DbScheduler#close} waits for runs in progress, both before and after it interrupts them.
         * Default: 30 seconds.
         *
         * @param limit zero or more
         * @return this builder
         */
        public Builder closeTimeout(Duration limit) {
            options.closeTimeout = requireNonNull(limit, "limit");
            return this;
        }

        /**
         * Lets {@link #build} create the table and its indexes if they are missing. By default it only checks them: run
         * {@link DbScheduler#ddl} as a user with the rights for it. Ignored with a db-scheduler of the host.
         *
         * @return this builder
         */
        public Builder migrate() {
            options.migrate = true;
            return this;
        }

        /** Sets the monotonic time by which sweeps and checks are made. */
        Builder nanoTime(LongSupplier time) {
            options.nanoTime = time;
            return this;
        }

        /**
         * Builds the scheduler. No thread runs until the engine starts it.
         *
         * @return the scheduler; the engine closes it
         * @throws InvalidDefinitionException if a setting is wrong
         * @throws StoreException if the database can't be reached, or the table is missing
         * @throws IllegalStateException if the database is not PostgreSQL
         */
        public DbScheduler build() {
            options.check();
            DataSource database = options.database;
            if (database != null) {
                TaskTable table = new TaskTable(database, options.tableName);
                if (options.migrate) {
                    table.create();
                }
                table.check();
            }
            return new DbScheduler(new Options(options));
        }
    }
}
