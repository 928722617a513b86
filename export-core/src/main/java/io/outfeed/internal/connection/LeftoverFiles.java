package io.outfeed.internal.connection;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What uploads may have left at a server: temporary files, of which a part is confirmed where a connection broke, and
 * final names that a publication has begun to replace. The next attempt of the same run resumes its own; a later run
 * of the same job removes the temporary files. A new process knows none of them: then the engine removes those that
 * it has recorded. Thread-safe.
 */
public final class LeftoverFiles {

    /** By temporary name. */
    private final Map<String, PartialUpload> partialUploads = new ConcurrentHashMap<>();

    /** The temporary files that were opened and are not published or removed yet, by name. */
    private final Map<String, Run> uploads = new ConcurrentHashMap<>();

    /** Temporary names under which something was found that no upload has made. */
    private final Map<String, Run> foreign = new ConcurrentHashMap<>();

    /** By final name. */
    private final Map<String, Run> replacements = new ConcurrentHashMap<>();

    private record Run(String job, long number) {}

    private record PartialUpload(Run run, long confirmed) {}

    public void addPartialUpload(String temporary, String job, long run, long confirmed) {
        partialUploads.put(temporary, new PartialUpload(new Run(job, run), confirmed));
    }

    /** Adds a file of which nothing is confirmed, unless it is known already. */
    public void addIfAbsent(String temporary, String job, long run) {
        partialUploads.putIfAbsent(temporary, new PartialUpload(new Run(job, run), 0));
    }

    /** Records that a run is about to create a temporary file. */
    public void uploadStarted(String temporary, String job, long run) {
        uploads.put(temporary, new Run(job, run));
    }

    /** The temporary file was not created, or is published or removed. */
    public void uploadEnded(String temporary) {
        uploads.remove(temporary);
    }

    /** Records that something has a temporary name which is no upload. */
    public void foundForeign(String temporary, String job, long run) {
        foreign.put(temporary, new Run(job, run));
    }

    /** Whether what has a temporary name is no upload, as far as this process knows. */
    public boolean isForeign(String temporary) {
        return foreign.containsKey(temporary);
    }

    /** Whether a temporary file, if it exists, is one that this process has created. */
    public boolean isUpload(String temporary) {
        return uploads.containsKey(temporary);
    }

    /** Removes a temporary file. Returns how many bytes are confirmed, if it was known. */
    public OptionalLong remove(String temporary) {
        PartialUpload partial = partialUploads.remove(temporary);
        return partial == null ? OptionalLong.empty() : OptionalLong.of(partial.confirmed());
    }

    /** Records that a run is about to remove the file with its final name, or to write there before it is published. */
    public void replacementStarted(String target, String job, long run) {
        replacements.put(target, new Run(job, run));
    }

    /** Whether an attempt of the same run has started to replace the final name. */
    public boolean isReplacing(String target, String job, long run) {
        return new Run(job, run).equals(replacements.get(target));
    }

    /** The file has its final name. */
    public void published(String target) {
        replacements.remove(target);
    }

    /** The temporary files that earlier runs of a job have left. Only one run of a job is active at a time. */
    public List<String> ofEarlierRuns(String job, long run) {
        replacements.values().removeIf(by -> by.job().equals(job) && by.number() < run);
        foreign.values().removeIf(by -> by.job().equals(job) && by.number() < run);
        uploads.values().removeIf(by -> by.job().equals(job) && by.number() < run);
        return partialUploads.entrySet().stream()
                .filter(entry -> {
                    Run by = entry.getValue().run();
                    return by.job().equals(job) && by.number() < run;
                })
                .map(Map.Entry::getKey)
                .toList();
    }
}
