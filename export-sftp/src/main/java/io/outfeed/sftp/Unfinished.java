package io.outfeed.sftp;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies at a server because a connection broke: temporary files of which a part is confirmed. The next attempt of the
 * same run goes on with its own; a later run of the same job removes what is left. A process that starts anew knows nothing
 * of it: then the engine removes what it has recorded. Thread-safe.
 */
final class Unfinished {

    private final Map<String, Part> parts = new ConcurrentHashMap<>();

    private record Part(String job, long run, long confirmed) {}

    void put(String temporary, String job, long run, long confirmed) {
        parts.put(temporary, new Part(job, run, confirmed));
    }

    /** Forgets a file. Returns up to where it was confirmed, if it is known. */
    OptionalLong take(String temporary) {
        Part part = parts.remove(temporary);
        return part == null ? OptionalLong.empty() : OptionalLong.of(part.confirmed());
    }

    /** What earlier runs of a job have left; only one run of a job is under way. */
    List<String> leftBefore(String job, long run) {
        return parts.entrySet().stream()
                .filter(entry ->
                        entry.getValue().job().equals(job) && entry.getValue().run() < run)
                .map(Map.Entry::getKey)
                .toList();
    }
}
