package io.outfeed.jdbc.store;

import io.outfeed.error.StoreException;
import io.outfeed.store.JobLock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of jobs: each is a lease that its owner renews, and that another node may take over when it has run out.
 * Thread-safe.
 *
 * <p>That a lease has run out proves nothing about its owner, who may have been suspended: what keeps them from writing is
 * the token, which {@link #check} compares in the transaction of each write.
 */
final class Leases implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Leases.class);

    private final Transactions transactions;
    private final Dialect dialect;
    private final String owner;
    private final Duration lease;

    /** The tokens that this node holds, by job. */
    private final Map<String, Long> held = new ConcurrentHashMap<>();

    /** Jobs whose lock a thread of this node is about to take: a row says only whose node has it. */
    private final Set<String> taking = ConcurrentHashMap.newKeySet();

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread renewal = new Thread(this::renewUntilClosed, "outfeed-store-leases");

    Leases(Transactions transactions, Dialect dialect, String owner, Duration lease) {
        this.transactions = transactions;
        this.dialect = dialect;
        this.owner = owner;
        this.lease = lease;
        renewal.setDaemon(true);
        renewal.start();
    }

    Optional<JobLock> tryLock(String job) {
        if (!taking.add(job)) {
            return Optional.empty();
        }
        try {
            Optional<Long> token = transactions.run("take the lock of job '" + job + "'", sql -> take(sql, job));
            token.ifPresent(number -> held.put(job, number));
            return token.map(number -> new JobLock(job, number, this::release));
        } finally {
            taking.remove(job);
        }
    }

    private Optional<Long> take(Sql sql, String job) throws SQLException {
        long mine = held.getOrDefault(job, 0L);
        // A row of this node whose token nobody here has is that of an attempt whose answer was lost.
        Optional<Boolean> free = sql.first(
                "select owner, token, expires_at, " + dialect.nowMicros() + " from #lock where job = ? for update",
                row -> row.getLong(3) <= row.getLong(4) || (row.getString(1).equals(owner) && row.getLong(2) != mine),
                job);
        if (!free.orElse(true)) {
            return Optional.empty();
        }
        long token = Counter.TOKEN.next(sql);
        String expiry = dialect.nowMicros() + " + " + micros();
        if (free.isPresent()) {
            sql.update(
                    "update #lock set owner = ?, token = ?, expires_at = " + expiry + " where job = ?",
                    owner,
                    token,
                    job);
        } else { // fails if another node has inserted it since, and is begun anew
            sql.update(
                    "insert into #lock (job, owner, token, expires_at) values (?, ?, ?, " + expiry + ")",
                    job,
                    owner,
                    token);
        }
        return Optional.of(token);
    }

    /** Fails unless the lock is still held; call it first in a transaction, which then keeps others from taking it. */
    void check(Sql sql, JobLock lock) throws SQLException {
        boolean ours = sql.first(
                        "select 1 from #lock where job = ? and owner = ? and token = ? for update",
                        row -> true,
                        lock.job(),
                        owner,
                        lock.token())
                .orElse(false);
        if (!ours) {
            throw new StoreException(
                    "the lock of job '" + lock.job() + "' was lost: nothing was written, its new owner continues",
                    null);
        }
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

    /** Renews what this node holds; a row of its own that it does not hold was given back, and is left to run out. */
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
            log.warn("The locks of this node could not be renewed; another may take them over: {}", e.getMessage(), e);
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
            transactions.run(
                    "give the lock of job '" + released.job() + "' back",
                    sql -> sql.update(
                            "update #lock set owner = '', expires_at = 0 where job = ? and owner = ? and token = ?",
                            released.job(),
                            owner,
                            released.token()));
        } catch (StoreException e) {
            log.warn("A lock could not be given back; it is free in {}: {}", lease, e.getMessage(), e);
        }
    }

    /** Renews nothing any more; what is still held runs out. */
    @Override
    public void close() {
        closed.countDown();
        renewal.interrupt();
    }
}
