package io.outfeed.jdbc.store;

import io.outfeed.error.StoreException;
import io.outfeed.internal.model.StoreFailures;
import io.outfeed.jdbc.internal.schema.StoreDialect;
import io.outfeed.jdbc.internal.sql.Sql;
import io.outfeed.jdbc.internal.sql.Transactions;
import io.outfeed.store.JobLock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of jobs: each is a lease that its owner renews, and that another node may take over once it has expired.
 * Thread-safe.
 *
 * <p>An expired lease does not stop its owner, which may have been suspended only. The fencing token does: {@link
 * #check} compares it in the transaction of each write.
 */
final class Leases implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    /** A condition of a write: the lock is held, and no other node acquires it until the transaction ends. */
    static final String HELD = "exists (select 1 from #lock where job = ? and owner = ? and token = ? for update)";

    private final Transactions transactions;
    private final StoreDialect dialect;
    private final String owner;
    private final Duration lease;

    /** The tokens that this node holds, by job. */
    private final Map<String, Long> held = new ConcurrentHashMap<>();

    /** Jobs whose lock a thread of this node is acquiring: a row names the node, not the thread. */
    private final Set<String> acquiring = ConcurrentHashMap.newKeySet();

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread renewal = new Thread(this::renewUntilClosed, "outfeed-store-leases");

    Leases(Transactions transactions, StoreDialect dialect, String owner, Duration lease) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.owner = owner;
        this.lease = lease;
        renewal.setDaemon(true);
        renewal.start();
    }

    Optional<JobLock> tryLock(String job) {
        if (!acquiring.add(job)) {
            return Optional.empty();
        }
        try {
            Optional<Long> token = transactions.single("take the lock of job '" + job + "'", sql -> acquire(sql, job));
            token.ifPresent(number -> held.put(job, number));
            return token.map(number -> new JobLock(job, number, this::release));
        } finally {
            acquiring.remove(job);
        }
    }

    private Optional<Long> acquire(Sql sql, String job) throws SQLException {
        String now = dialect.nowMicros();
        String expiry = now + " + " + micros();
        while (true) {
            long token = Counter.TOKEN.next(sql, dialect);
            // A row of this node with a token that is not held here is that of an attempt whose answer was lost.
            int acquired = sql.update(
                    "update #lock set owner = ?, token = ?, expires_at = " + expiry + " where job = ? and token < ?"
                            + " and (expires_at <= " + now + " or (owner = ? and token <> ?))",
                    owner,
                    token,
                    job,
                    token,
                    owner,
                    held.getOrDefault(job, 0L));
            if (acquired == 1) {
                return Optional.of(token);
            }
            Optional<Boolean> taken = sql.first(
                    "select expires_at > " + now + " from #lock where job = ?", row -> row.getBoolean(1), job);
            if (taken.isEmpty()) { // fails if another node has inserted it since, and is retried
                sql.update(
                        "insert into #lock (job, owner, token, expires_at) values (?, ?, ?, " + expiry + ")",
                        job,
                        owner,
                        token);
                return Optional.of(token);
            } else if (taken.get()) {
                return Optional.empty();
            } // else another node has acquired it with a later token, and released it
        }
    }

    /** Fails unless the lock is held. First in a transaction, which then keeps other nodes from acquiring the lock. */
    void check(Sql sql, JobLock lock) throws SQLException {
        boolean ours = sql.first(
                        "select 1 from #lock where job = ? and owner = ? and token = ? for update",
                        row -> true,
                        lock.job(),
                        owner,
                        lock.token())
                .orElse(false);
        if (!ours) {
            throw StoreFailures.lockLost(lock.job());
        }
    }

    /** Returns the arguments of {@link #HELD}. */
    List<Object> held(JobLock lock) {
        return List.of(lock.job(), owner, lock.token());
    }

    private void renewUntilClosed() {
        try {
            while (!closed.await(lease.toMillis() / 3, TimeUnit.MILLISECONDS)) {
                renew();
            }
        } catch (InterruptedException e) { // only close() interrupts
            Thread.currentThread().interrupt();
        }
    }

    /** Renews what this node holds; a row of its own with another token is not renewed, and expires. */
    private void renew() {
        try {
            if (held.isEmpty()) {
                return;
            }
            transactions.run("renew the locks of this node", sql -> {
                for (Map.Entry<String, Long> lock : held.entrySet()) {
                    sql.update(
                            "update #lock set expires_at = " + dialect.nowMicros() + " + " + micros()
                                    + " where job = ? and owner = ? and token = ?",
                            lock.getKey(),
                            owner,
                            lock.getValue());
                }
                return true;
            });
        } catch (RuntimeException e) { // the next attempt follows
            log.warn(
                    "The locks of this node could not be renewed; another node may take them over: {}",
                    e.getMessage(),
                    e);
        }
    }

    private long micros() {
        return TimeUnit.NANOSECONDS.toMicros(lease.toNanos());
    }

    private void release(JobLock released) {
        if (!held.remove(released.job(), released.token())) {
            return;
        }
        try {
            transactions.single("release the lock of job '" + released.job() + "'", sql -> release(sql, released));
        } catch (StoreException e) {
            log.warn("A lock could not be released; it expires in {}: {}", lease, e.getMessage(), e);
        }
    }

    /** Releases a lock in a transaction; call {@link #forget} after its commit. */
    int release(Sql sql, JobLock lock) throws SQLException {
        return sql.update(
                "update #lock set owner = '', expires_at = 0 where job = ? and owner = ? and token = ?",
                lock.job(),
                owner,
                lock.token());
    }

    void forget(JobLock released) {
        held.remove(released.job(), released.token());
    }

    /** Keeps other nodes from acquiring a lock until the transaction ends. Returns false if the lock is held. */
    boolean reserve(Sql sql, String job) throws SQLException {
        Optional<Boolean> free = sql.first(
                "select expires_at, " + dialect.nowMicros() + " from #lock where job = ? for update",
                row -> row.getLong(1) <= row.getLong(2),
                job);
        if (free.isEmpty()) { // fails if another node has inserted it since, and is retried
            sql.update("insert into #lock (job, owner, token, expires_at) values (?, '', 0, 0)", job);
        }
        return free.orElse(true);
    }

    /** Stops renewing: the leases that are still held expire. */
    @Override
    public void close() {
        closed.countDown();
        renewal.interrupt();
    }
}
