package io.outfeed.internal.scheduling;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Limits how many runs one server has at a time, so that a slow one leaves workers to the others. A job without a
 * permit waits in line without a worker, and is called when a permit is free: this is neither an attempt nor a failure.
 * A run with several servers needs a permit for each. Thread-safe.
 */
public final class ServerPermits {

    private final int most;

    /** The permits in use, by server. Guarded by this. */
    private final Map<String, Integer> taken = new HashMap<>();

    /** The jobs that wait, in the order in which they came. Guarded by this. */
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    /** A job in line. */
    private static final class Waiting {

        private final Set<String> servers;

        /** Whether it was called since it asked last. */
        private boolean called;

        private Waiting(Set<String> servers) {
            this.servers = servers;
        }
    }

    /** The permits of one run; close it when the run has ended. */
    interface Permit extends AutoCloseable {
        @Override
        void close();
    }

    /** @param most how many runs a server has at a time, one or more */
    public ServerPermits(int most) {
        this.most = most;
    }

    /**
     * Takes the permits of a job; if one is missing, the job waits in line.
     *
     * @param wake wakes a job by its name when it is called
     * @return the permits; empty if the job waits
     */
    synchronized Optional<Permit> tryTake(ExportJob job, Consumer<String> wake) {
        Set<String> servers = servers(job);
        if (servers.stream().allMatch(server -> taken.getOrDefault(server, 0) < most)) {
            waiting.remove(job.name());
            return Optional.of(permit(servers, wake));
        }
        waiting.computeIfAbsent(job.name(), name -> new Waiting(servers)).called = false;
        return Optional.empty();
    }

    /** Takes the permits of a job that a person has asked for, even beyond the limit. */
    synchronized Permit take(ExportJob job, Consumer<String> wake) {
        return permit(servers(job), wake);
    }

    private Permit permit(Set<String> servers, Consumer<String> wake) {
        servers.forEach(server -> taken.merge(server, 1, Integer::sum));
        return () -> callAll(release(servers), wake);
    }

    private synchronized List<String> release(Set<String> servers) {
        servers.forEach(server -> taken.computeIfPresent(server, (name, count) -> count == 1 ? null : count - 1));
        return next();
    }

    /** Lets a job that has nothing to run any more leave the line. */
    void leave(String job, Consumer<String> wake) {
        callAll(remove(job), wake);
    }

    private synchronized List<String> remove(String job) {
        Waiting left = waiting.remove(job);
        return left != null && left.called ? next() : List.of();
    }

    /** Whether a job was called since it asked last: then it must be woken. */
    synchronized boolean isCalled(String job) {
        Waiting waits = waiting.get(job);
        return waits != null && waits.called;
    }

    /** Marks the jobs that may have the free permits, in the order of the line. */
    private List<String> next() {
        Map<String, Integer> used = new HashMap<>(taken);
        List<String> called = new ArrayList<>();
        waiting.forEach((job, waits) -> {
            boolean free = waits.servers.stream().allMatch(server -> used.getOrDefault(server, 0) < most);
            if (waits.called || free) {
                waits.servers.forEach(server -> used.merge(server, 1, Integer::sum));
            }
            if (!waits.called && free) {
                waits.called = true;
                called.add(job);
            }
        });
        return called;
    }

    /** Calls jobs without the lock: waking one may ask for permits. */
    private static void callAll(List<String> called, Consumer<String> wake) {
        called.forEach(wake);
    }

    private static Set<String> servers(ExportJob job) {
        return Stream.concat(job.deliveries().stream(), job.copies().stream())
                .map(Delivery::server)
                .collect(Collectors.toSet());
    }
}
