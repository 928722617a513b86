package io.outfeed.internal.state;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Locks for names, a fixed number of them: names that share one by chance wait for each other. Thread-safe and
 * reentrant.
 *
 * <p>A thread that holds the lock of a name must not ask for that of another one: it asks for all together.
 */
public final class StripedLocks {

    /** Of two names that are in use at once, one pair in a thousand shares a lock. */
    private static final int LOCKS = 1_024;

    private final List<Lock> locks = Stream.generate(ReentrantLock::new)
            .limit(LOCKS)
            .map(Lock.class::cast)
            .toList();

    /** Calls under the lock of a name. */
    public <T> T call(String name, Supplier<T> call) {
        Lock lock = locks.get(stripe(name));
        lock.lock();
        try {
            return call.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs under the lock of a name. */
    public void run(String name, Runnable call) {
        call(name, () -> {
            call.run();
            return true;
        });
    }

    /** Calls under the locks of several names, which are taken in the same order by all threads. */
    public <T> T call(Collection<String> names, Supplier<T> call) {
        List<Lock> taken = names.stream()
                .map(StripedLocks::stripe)
                .distinct()
                .sorted()
                .map(locks::get)
                .toList();
        taken.forEach(Lock::lock);
        try {
            return call.get();
        } finally {
            taken.forEach(Lock::unlock);
        }
    }

    private static int stripe(String name) {
        return Math.floorMod(name.hashCode(), LOCKS);
    }
}
