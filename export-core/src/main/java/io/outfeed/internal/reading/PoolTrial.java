package io.outfeed.internal.reading;

import io.outfeed.error.ExportException;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.source.ConnectionPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds out whether a pool has connections for some sessions and one more for the store, by holding them. It waits for
 * each answer for a limited time only, whatever the pool's own time-out is. Used by one thread.
 */
final class PoolTrial {

    /** What a trial has found out. */
    enum Verdict {
        /** The store answers while the connections are held. */
        ROOM,
        /** The pool has no such number of connections, or the store answers only without them. */
        TOO_FEW,
        /** The database or the store does not answer. */
        UNKNOWN
    }

    /**
     * The answer of a trial.
     *
     * @param connections how many connections were held
     * @param words what the pool said where it had none
     */
    record Outcome(Verdict verdict, int connections, Optional<String> words) {}

    private final ConnectionPool pool;
    private final Runnable storeCall;
    private final Duration patience;
    private final List<AutoCloseable> held = new ArrayList<>();
    private Optional<String> words = Optional.empty();

    /**
     * Makes a trial.
     *
     * @param storeCall calls the store
     * @param patience how long to wait for each connection, and for the store
     */
    PoolTrial(ConnectionPool pool, Runnable storeCall, Duration patience) {
        this.pool = pool;
        this.storeCall = storeCall;
        this.patience = patience;
    }

    /** Holds as many connections as sessions would take, besides those that are open. */
    Outcome hold(int connections) throws InterruptedException {
        try {
            while (held.size() < connections) {
                if (!takeOne()) {
                    return outcome(held.isEmpty() ? Verdict.UNKNOWN : Verdict.TOO_FEW);
                }
            }
            if (storeAnswers()) {
                return outcome(Verdict.ROOM);
            }
            boolean more = takeOne(); // for what the pool says
            Outcome tooFew = outcome(more ? Verdict.UNKNOWN : Verdict.TOO_FEW);
            giveBack();
            return storeAnswers() ? tooFew : outcome(Verdict.UNKNOWN);
        } finally {
            giveBack();
        }
    }

    private Outcome outcome(Verdict verdict) {
        return new Outcome(verdict, held.size(), words);
    }

    private boolean takeOne() throws InterruptedException {
        CompletableFuture<AutoCloseable> taken = async(pool::take);
        try {
            held.add(await(taken));
            return true;
        } catch (TimeoutException e) {
            taken.thenAccept(PoolTrial::close); // too late
            return false;
        } catch (ExecutionException e) {
            words = Optional.of(e.getCause())
                    .filter(ExportException.class::isInstance)
                    .map(Throwable::getMessage);
            return false;
        }
    }

    private boolean storeAnswers() throws InterruptedException {
        try {
            await(async(() -> {
                storeCall.run();
                return true;
            }));
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    private <R> R await(CompletableFuture<R> answer) throws InterruptedException, TimeoutException, ExecutionException {
        return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static <R> CompletableFuture<R> async(Callable<R> call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return call.call();
                    } catch (ExportException e) { // quotes nothing
                        throw new CompletionException(e);
                    } catch (Throwable e) {
                        throw new CompletionException(HostCalls.redact(e));
                    }
                },
                task -> {
                    Thread thread = new Thread(task, "outfeed-pool-trial");
                    thread.setDaemon(true);
                    thread.start();
                });
    }

    private void giveBack() {
        held.forEach(PoolTrial::close);
        held.clear();
    }

    private static void close(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Throwable e) { // the pool has it back, or has lost it
            HostCalls.redact(e);
        }
    }
}
