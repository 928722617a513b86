package io.outfeed.store;

import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.internal.state.Document;
import io.outfeed.internal.state.StateDirectory;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * New jobs that were added together, up to a thousand in a file of a {@link StateDirectory}. They count until a job has
 * files of its own, which come with its first fire. Thread-safe.
 */
final class NewJobFiles {

    private static final Logger log = LoggerFactory.getLogger(NewJobFiles.class);

    private static final int PER_FILE = 1_000;

    private final StateDirectory files;
    private final Map<Long, Map<String, NewJob>> jobsByFile = new HashMap<>();
    private final Map<String, Long> fileByJob = new HashMap<>();
    private long lastFile;

    NewJobFiles(StateDirectory files) {
        this.files = files;
        files.newJobs().forEach(this::open);
    }

    /** Reads a file, and deletes it if each of its jobs has files of its own. */
    private void open(long file) {
        lastFile = Math.max(lastFile, file);
        try {
            Map<String, NewJob> jobs =
                    files.read(files.newJobs(file), NewJobFiles::read).orElse(Map.of());
            if (jobs.values().stream().allMatch(this::isReplaced)) {
                files.delete(files.newJobs(file));
            } else {
                put(file, jobs);
            }
        } catch (StoreException e) {
            if (e.code() != FailureCode.STORE_DAMAGED) {
                throw e;
            }
            log.error("Jobs that have not fired yet are planned anew, from now on: {}", e.getMessage());
        }
    }

    private void put(long file, Map<String, NewJob> jobs) {
        jobsByFile.put(file, jobs);
        jobs.keySet().forEach(job -> fileByJob.put(job, file));
    }

    private boolean isReplaced(NewJob job) {
        return Files.exists(files.fire(job.job()))
                && (job.state().equals(JobState.NONE) || Files.exists(files.state(job.job())));
    }

    /** Tells whether a job can be added here: it has no state but its deadline. */
    static boolean takes(NewJob job) {
        return job.state()
                .equals(job.state().deadline().map(JobState.NONE::toDeadline).orElse(JobState.NONE));
    }

    synchronized Optional<NewJob> find(String job) {
        return Optional.ofNullable(fileByJob.get(job)).map(file -> jobs(file).get(job));
    }

    private Map<String, NewJob> jobs(long file) {
        return jobsByFile.getOrDefault(file, Map.of());
    }

    synchronized void add(List<NewJob> added) {
        for (int from = 0; from < added.size(); from += PER_FILE) {
            Map<String, NewJob> jobs = new HashMap<>();
            added.subList(from, Math.min(added.size(), from + PER_FILE)).forEach(job -> jobs.put(job.job(), job));
            files.write(files.newJobs(++lastFile), write(jobs));
            put(lastFile, jobs);
        }
    }

    /** Forgets a job. */
    synchronized void remove(String job) {
        Long file = fileByJob.get(job);
        if (file == null) {
            return;
        }
        Map<String, NewJob> remaining = new HashMap<>(jobs(file));
        remaining.remove(job);
        if (remaining.isEmpty()) {
            files.delete(files.newJobs(file));
        } else {
            files.write(files.newJobs(file), write(remaining));
        }
        jobsByFile.put(file, remaining);
        fileByJob.remove(job);
    }

    private static Document write(Map<String, NewJob> jobs) {
        Document document = new Document();
        int index = 0;
        for (NewJob job : jobs.values()) {
            String key = "job." + index++;
            document.put(key + ".name", job.job());
            document.put(key + ".schedule", job.plan().schedule());
            job.plan().next().ifPresent(at -> document.put(key + ".next", at));
            job.state().deadline().ifPresent(deadline -> {
                document.put(key + ".checkedUntil", deadline.checkedUntil());
                document.put(key + ".overdue", deadline.overdue());
            });
        }
        return document;
    }

    private static Map<String, NewJob> read(Document document) {
        Map<String, NewJob> jobs = new HashMap<>();
        for (int i = 0, count = document.count("job"); i < count; i++) {
            String key = "job." + i;
            String name = document.text(key + ".name");
            FirePlan plan = FirePlan.of(document.text(key + ".schedule"), document.instant(key + ".next"));
            JobState state = document.instant(key + ".checkedUntil")
                    .map(at -> JobState.NONE.toDeadline(
                            new JobDeadline(at, Boolean.parseBoolean(document.text(key + ".overdue")))))
                    .orElse(JobState.NONE);
            jobs.put(name, new NewJob(name, plan, state));
        }
        return jobs;
    }
}
