package io.outfeed.internal.reading;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.error.FailureCode;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.error.SourceException;
import io.outfeed.internal.reading.PoolTrial.Outcome;
import io.outfeed.internal.reading.PoolTrial.Verdict;
import io.outfeed.source.ConnectionPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how many sessions are open at once whose connections come from one pool, so that it always has one for the
 * store: for what runs save, and for the renewal of their locks. A run gets the permits for all its definitions
 * together, and waits for them in line; it must not call the store while it has them. Thread-safe.
 *
 * <p>The limit of a pool is found out: before more of its sessions are open than ever before, a {@link PoolTrial} holds
 * as many connections, and calls the store.
 */
public final class SourcePermits {

    private static final Logger log = LoggerFactory.getLogger(SourcePermits.class);

    /** How long the first trial of a pool waits, which may have to connect. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

    /** How long a trial waits while runs are in progress: the pool is used up meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Runnable storeCall;

    /** Guarded by this. */
    private final Map<ConnectionPool, PoolLimit> limits = new HashMap<>();

    /** What waits, in the order of its arrival. Guarded by this. */
    private final List<Needs> line = new ArrayList<>();

    /** @param storeCall calls the store */
    public SourcePermits(Runnable storeCall) {
        this.storeCall = storeCall;
    }

    /** Sessions that were opened together. */
    public interface Sessions extends AutoCloseable {
        @Override
        void close();
    }

    /** Open sessions with their permits, which others get when they are closed. Used by one thread. */
    public final class Permitted<S extends Sessions> implements AutoCloseable {

        private final Needs needs;
        private final S sessions;

        private Permitted(Needs needs, S sessions) {
            this.needs = needs;
            this.sessions = sessions;
        }

        public S sessions() {
            return sessions;
        }

        @Override
        public void close() {
            closing(needs);
            try {
                sessions.close();
            } finally {
                leave(needs);
            }
        }
    }

    /** How many sessions are opened together, by their pools. Compared by identity. */
    private static final class Needs {

        private final Map<ConnectionPool, Integer> sessions = new LinkedHashMap<>();

        private Needs(List<? extends ExportDefinition<?>> definitions) {
            definitions.forEach(
                    definition -> definition.source().pool().ifPresent(pool -> sessions.merge(pool, 1, Integer::sum)));
        }
    }

    // ---- before the first run

    /**
     * Checks that the pools of jobs have room for the sessions of each job.
     *
     * @throws InvalidDefinitionException if one has not
     */
    public void check(List<ExportJob> jobs) {
        List<String> problems = new ArrayList<>();
        Map<ConnectionPool, ExportJob> largest = new LinkedHashMap<>();
        jobs.forEach(job -> new Needs(job.definitions())
                .sessions.forEach((pool, sessions) ->
                        largest.merge(pool, job, (one, other) -> sessions > sessions(one, pool) ? other : one)));
        largest.forEach((pool, job) -> problem(pool, job).ifPresent(problems::add));
        if (!problems.isEmpty()) {
            throw new InvalidDefinitionException("the engine", problems);
        }
    }

    private static int sessions(ExportJob job, ConnectionPool pool) {
        return new Needs(job.definitions()).sessions.getOrDefault(pool, 0);
    }

    private Optional<String> problem(ConnectionPool pool, ExportJob job) {
        int sessions = sessions(job, pool);
        synchronized (this) {
            if (limit(pool).hasRoom(sessions)) {
                return Optional.empty();
            }
        }
        Outcome outcome;
        try {
            outcome = hold(pool, sessions, FIRST_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        if (outcome.verdict() == Verdict.UNKNOWN) {
            log.warn("Whether {} has connections for {} and the store could not be found out", pool, job);
        }
        return outcome.verdict() == Verdict.TOO_FEW
                ? Optional.of(tooFew(pool, job, sessions, outcome))
                : Optional.empty();
    }

    private static String tooFew(ConnectionPool pool, ExportJob job, int sessions, Outcome outcome) {
        String needs = sessions == 1 ? "a connection" : sessions + " connections, one for each definition,";
        String lacks = outcome.connections() < sessions
                ? "the pool gives only " + outcome.connections()
                : "the store has to wait until they are given back, since the pool gives no other one";
        return "the pool " + pool + " is too small: " + job + " reads with " + needs + " and " + lacks
                + outcome.words().map(words -> " (" + words + ")").orElse("")
                + ": raise its maximum size to " + (sessions + 1) + " or more";
    }

    // ---- runs

    /**
     * Waits until sessions of definitions may be opened, and opens them.
     *
     * @param at names job and run in a message
     * @param open opens a session for each of the definitions
     * @throws SourceException if the thread is interrupted
     */
    public <S extends Sessions> Permitted<S> open(
            List<? extends ExportDefinition<?>> definitions, String at, Supplier<S> open) {
        Needs needs = new Needs(definitions);
        try {
            enter(needs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SourceException.of(
                    FailureCode.STOPPED, "interrupted while other runs had the connections of the source" + at, null);
        }
        try {
            S sessions = open.get();
            holding(needs);
            return new Permitted<>(needs, sessions);
        } catch (RuntimeException | Error e) {
            leave(needs);
            throw e;
        }
    }

    private void enter(Needs needs) throws InterruptedException {
        synchronized (this) {
            line.add(needs);
        }
        try {
            for (Optional<ConnectionPool> full = enterOrWait(needs); full.isPresent(); full = enterOrWait(needs)) {
                tryMore(full.get(), needs.sessions.getOrDefault(full.get(), 0));
            }
        } finally {
            synchronized (this) {
                line.remove(needs);
                notifyAll();
            }
        }
    }

    /** Counts the sessions once there is room for them. Returns before that a pool that may have more room. */
    private synchronized Optional<ConnectionPool> enterOrWait(Needs needs) throws InterruptedException {
        while (true) {
            if (isFirst(needs)) {
                List<ConnectionPool> full = needs.sessions.entrySet().stream()
                        .filter(need -> !limit(need.getKey()).fits(need.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
                if (full.isEmpty()) {
                    needs.sessions.forEach((pool, sessions) -> limit(pool).enter(sessions));
                    return Optional.empty();
                }
                Optional<ConnectionPool> growing =
                        full.stream().filter(pool -> limit(pool).mayGrow()).findFirst();
                if (growing.isPresent()) {
                    limit(growing.get()).trying(true);
                    return growing;
                }
            }
            log.debug("A run waits until others have given back the connections of {}", needs.sessions.keySet());
            wait();
        }
    }

    /** Whether nothing has waited longer for the same pools. */
    private boolean isFirst(Needs needs) {
        Set<ConnectionPool> before = new HashSet<>();
        for (Needs other : line) {
            if (other == needs) {
                return needs.sessions.keySet().stream().noneMatch(before::contains);
            }
            before.addAll(other.sessions.keySet());
        }
        throw new IllegalStateException("not in the line");
    }

    private void tryMore(ConnectionPool pool, int sessions) throws InterruptedException {
        try {
            hold(pool, sessions, PATIENCE);
        } finally {
            synchronized (this) {
                limit(pool).trying(false);
                notifyAll();
            }
        }
    }

    private Outcome hold(ConnectionPool pool, int sessions, Duration patience) throws InterruptedException {
        PoolLimit.Held before;
        synchronized (this) {
            before = limit(pool).held();
        }
        Outcome outcome = new PoolTrial(pool, storeCall, patience).hold(sessions);
        synchronized (this) {
            limit(pool).record(before, sessions, outcome.verdict());
        }
        return outcome;
    }

    private synchronized void holding(Needs needs) {
        needs.sessions.forEach((pool, sessions) -> limit(pool).holding(sessions));
    }

    private synchronized void closing(Needs needs) {
        needs.sessions.forEach((pool, sessions) -> limit(pool).closing(sessions));
    }

    private synchronized void leave(Needs needs) {
        needs.sessions.forEach((pool, sessions) -> limit(pool).leave(sessions));
        notifyAll();
    }

    private PoolLimit limit(ConnectionPool pool) {
        return limits.computeIfAbsent(pool, key -> new PoolLimit(key.toString()));
    }
}
