package io.outfeed.console.internal.page;

import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.part.JobFilter;
import java.util.List;
import java.util.Map;

/**
 * Asks whether to do an operation to many jobs, or says what came of it.
 *
 * @param label the operation
 * @param key its stable name
 * @param filter which jobs
 * @param names the names of the jobs that it can be done to, or was done to
 * @param others how many jobs of the filter it can't be done to
 * @param reasoned whether a reason is asked for
 * @param failures what failed, once it was done
 * @param done whether it was done
 */
public record ManyPage(
        String label,
        String key,
        JobFilter filter,
        List<String> names,
        int others,
        boolean reasoned,
        List<Failure> failures,
        boolean done)
        implements Page {

    /** At most so many jobs at once: a larger filter must be narrowed. */
    public static final int MOST = 500;

    /**
     * A job that it failed with.
     *
     * @param job its name
     * @param text why
     */
    public record Failure(String job, String text) {}

    public static ManyPage ask(Operation<OfJob> operation, JobFilter filter, List<String> names, int others) {
        return new ManyPage(
                operation.label(), operation.key(), filter, names, others, operation.reasoned(), List.of(), false);
    }

    public static ManyPage done(
            Operation<OfJob> operation, JobFilter filter, List<String> names, int others, List<Failure> failures) {
        return new ManyPage(
                operation.label(), operation.key(), filter, names, others, operation.reasoned(), failures, true);
    }

    public boolean tooMany() {
        return names.size() > MOST;
    }

    /** Identifies the jobs for which it is confirmed. */
    public String seen() {
        return names.size() + "-" + Integer.toHexString(names.hashCode());
    }

    @Override
    public String template() {
        return "many";
    }

    @Override
    public String title() {
        return label + ": " + names.size() + " jobs";
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public Object json() {
        return Map.of("action", key, "jobs", names, "failures", failures);
    }
}
