package io.outfeed.micrometer;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which tags the meters of jobs have. By default none: with thousands of jobs, each tag that tells them apart makes
 * thousands of time series of each meter. Immutable and thread-safe.
 */
public final class JobTags {

    private static final JobTags NONE = new JobTags(List.of());

    private final List<JobTag> tags;

    private JobTags(List<JobTag> tags) {
        this.tags = tags;
    }

    private record JobTag(String key, UnaryOperator<String> value) {}

    /**
     * Returns no tags.
     *
     * @return no tags
     */
    public static JobTags none() {
        return NONE;
    }

    /**
     * Adds the name of the job, as tag {@code job}.
     *
     * @return these tags and that one
     */
    public JobTags job() {
        return tag("job", UnaryOperator.identity());
    }

    /**
     * Adds a tag.
     *
     * @param key its key, such as {@code tenant}
     * @param value gives the value for the name of a job; called at each event and refresh, by any thread. If it
     *     throws, the value is {@code unknown}
     * @return these tags and that one
     */
    public JobTags tag(String key, UnaryOperator<String> value) {
        List<JobTag> all = new ArrayList<>(tags);
        all.add(new JobTag(requireNonNull(key, "key"), requireNonNull(value, "value")));
        return new JobTags(List.copyOf(all));
    }

    boolean isEmpty() {
        return tags.isEmpty();
    }

    /** Returns the tags of a job. */
    Tags of(String job) {
        Tags all = Tags.empty();
        for (JobTag tag : tags) {
            all = all.and(tag.key(), value(tag, job));
        }
        return all;
    }

    private static String value(JobTag tag, String job) {
        try {
            return tag.value().apply(job);
        } catch (RuntimeException e) {
            return "unknown"; // the job was removed meanwhile, and its run is counted all the same
        }
    }
}
