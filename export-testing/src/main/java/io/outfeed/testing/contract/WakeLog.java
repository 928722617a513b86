package io.outfeed.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Which jobs a scheduler has woken, and when. Thread-safe. */
final class WakeLog {

    private record Wake(String job, Instant at) {}

    /** Guarded by itself. */
    private final List<Wake> wakes = new ArrayList<>();

    void add(String job, Instant at) {
        synchronized (wakes) {
            wakes.add(new Wake(job, at));
            wakes.notifyAll();
        }
    }

    List<Instant> of(String job) {
        synchronized (wakes) {
            return wakes.stream()
                    .filter(wake -> wake.job().equals(job))
                    .map(Wake::at)
                    .toList();
        }
    }

    List<String> jobs() {
        synchronized (wakes) {
            return wakes.stream().map(Wake::job).toList();
        }
    }

    void await(String job) {
        await(job, 1);
    }

    void await(String job, int times) {
        await(job + " to be woken, of " + times, () -> of(job).size() >= times);
    }

    /** Checks again at each wake; the time limit only ends a test that has failed. */
    void await(String what, BooleanSupplier reached) {
        long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        synchronized (wakes) {
            while (!reached.getAsBoolean()) {
                long rest = TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime());
                assertThat(rest)
                        .as("waiting for " + what + "; woken were " + wakes)
                        .isPositive();
                try {
                    wakes.wait(rest);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }
}
