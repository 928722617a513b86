package io.outfeed.testing.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs tasks in threads that start together. */
final class AtOnce {

    private AtOnce() {}

    /** Returns what the tasks gave, in their order; fails with the first failure. */
    static <R> List<R> run(List<? extends Callable<? extends R>> tasks) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
        try {
            CyclicBarrier start = new CyclicBarrier(tasks.size());
            List<Future<R>> running = new ArrayList<>();
            for (Callable<? extends R> task : tasks) {
                running.add(pool.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    return task.call();
                }));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> result : running) {
                results.add(result.get(1, TimeUnit.MINUTES));
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError("a thread has failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
