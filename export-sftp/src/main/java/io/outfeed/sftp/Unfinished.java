package io.outfeed.sftp;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies at a server because a connection broke: temporary files of which a part is confirmed, and final names that a
 * publication had laid hands on. The next attempt of the same run goes on with its own; a later run of the same job removes
 * the temporary files that are left. A process that starts anew knows nothing of it: then the engine removes what it has
 * recorded. Thread-safe.
 */
final class Unfinished {

    private final Map<String, Part> parts = new ConcurrentHashMap<>();

    /** By final name. */
    private final Map<String, Run> touched = new ConcurrentHashMap<>();

    private record Run(String job, long number) {}

    private record Part(String job, long run, long confirmed) {}

    void put(String temporary, String job, long run, long confirmed) {
        parts.put(temporary, new Part(job, run, confirmed));
    }

    /** Knows a file of which nothing is confirmed, unless it knows more. */
    void putIfUnknown(String temporary, String job, long run) {
        parts.putIfAbsent(temporary, new Part(job, run, 0));
    }

    /** Forgets a file. Returns up to where it was confirmed, if it is known. */
    OptionalLong take(String temporary) {
        Part part = parts.remove(temporary);
        return part == null ? OptionalLong.empty() : OptionalLong.of(part.confirmed());
    }

    /** A run is about to remove what has its final name, or to write there before it is published. */
    void touch(String target, String job, long run) {
        touched.put(target, new Run(job, run));
    }

    /** Whether an attempt of this very run did so. */
    boolean touched(String target, String job, long run) {
        return new Run(job, run).equals(touched.get(target));
    }

    /** The name has its file. */
    void published(String target) {
        touched.remove(target);
    }

    /** What earlier runs of a job have left; only one run of a job is under way. */
    List<String> leftBefore(String job, long run) {
        touched.values().removeIf(by -> by.job().equals(job) && by.number() < run);
        return parts.entrySet().stream()
                .filter(entry ->
                        entry.getValue().job().equals(job) && entry.getValue().run() < run)
                .map(Map.Entry::getKey)
                .toList();
    }
}
