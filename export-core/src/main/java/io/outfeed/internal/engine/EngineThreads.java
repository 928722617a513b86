package io.outfeed.internal.engine;

import io.outfeed.internal.progress.RunMeters;
import io.outfeed.operation.RunProgress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that are in a wake-up or a listener of an engine: one of them that closes the engine can't wait for
 * itself. Thread-safe.
 */
final class EngineThreads {

    private static final Logger log = LoggerFactory.getLogger(EngineThreads.class);

    /** What each thread does. */
    private final Map<Thread, String> inside = new ConcurrentHashMap<>();

    /** Runs an action of the engine on the calling thread, which may be in another one. */
    void run(String what, Runnable action) {
        boolean outermost = inside.putIfAbsent(Thread.currentThread(), what) == null;
        try {
            action.run();
        } finally {
            if (outermost) {
                inside.remove(Thread.currentThread());
            }
        }
    }

    boolean contains(Thread thread) {
        return inside.containsKey(thread);
    }

    /**
     * Logs what a closed engine leaves behind: a warning for each thread, with the place where it is.
     *
     * @param requests the jobs of the operations on request, by their threads
     */
    void logLeftBehind(Map<Thread, String> requests, RunMeters meters) {
        inside.forEach((thread, what) -> logLeftBehind(thread, what, meters));
        requests.forEach((thread, job) -> {
            if (!contains(thread)) {
                logLeftBehind(thread, "an operation on job '" + job + "'", meters);
            }
        });
    }

    private static void logLeftBehind(Thread thread, String what, RunMeters meters) {
        Throwable where = new Throwable("where it is");
        where.setStackTrace(thread.getStackTrace());
        Optional<RunProgress> run = meters.onThread(thread);
        log.warn(
                "The engine is closed and leaves behind {} on thread {}{}",
                run.map(progress -> "run " + progress.run() + " of job '" + progress.job() + "', which is "
                                + progress.step() + " since " + progress.since() + ",")
                        .orElse(what),
                thread.getName(),
                run.isPresent() ? ": the next engine continues it" : "",
                where);
    }
}
