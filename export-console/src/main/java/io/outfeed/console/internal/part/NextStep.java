package io.outfeed.console.internal.part;

import io.outfeed.console.internal.html.Times;
import io.outfeed.error.FailureCode.Remedy;
import io.outfeed.operation.JobDelay;
import io.outfeed.operation.JobPause;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.Waiting;
import java.time.Duration;

/** What a person does next about a job: the safe step, or none. */
public final class NextStep {

    /** An attempt may wait for a worker. */
    private static final Duration LATE = Duration.ofMinutes(5);

    private NextStep() {}

    public static String of(JobSummary job, Times times) {
        return switch (job.status()) {
            case DAMAGED -> "Repair its state in the store as the message says. Other jobs go on.";
            case DELAYED -> job.delay().map(delay -> delayed(delay, times)).orElse("");
            case HELD -> "Look at the run, then release or discard it. The job waits until then.";
            case PAUSED ->
                job.pause().filter(pause -> pause.by() == JobPause.By.OPERATOR).isPresent()
                        ? "Resume it when the reason is gone. Its next run covers all since the last success."
                        : "Correct the cause, then resume it. Its next run covers all since the last success.";
            case FAILED ->
                job.nextFire()
                        .map(at -> "Nothing is lost: the run at " + times.brief(at) + " covers the same records."
                                + " Run it now if they are needed sooner.")
                        .orElse("Nothing is lost: run it now once the cause is corrected.");
            default -> ofLesser(job);
        };
    }

    private static String ofLesser(JobSummary job) {
        if (job.unconfirmedRuns() > 0) {
            return "Ask the receiver whether the files of the unconfirmed run have arrived, then acknowledge it.";
        } else if (job.overdueSince().isPresent()) {
            return "Nothing was delivered by the deadline: look at its last runs.";
        } else if (!job.refusedRecipients().isEmpty()) {
            return "Correct or remove the refused addresses. The other recipients have the files.";
        }
        return "";
    }

    private static String delayed(JobDelay delay, Times times) {
        boolean overdue = delay.next()
                .filter(waiting -> waiting.cause() != Waiting.Cause.INCIDENT
                        && waiting.until().plus(LATE).isBefore(times.now()))
                .isPresent();
        if (overdue) {
            return "It should have been tried again at "
                    + times.brief(delay.next().orElseThrow().until())
                    + ", and was not: look whether an engine that has this job is started.";
        }
        String next = delay.next()
                .map(waiting -> waiting.cause() == Waiting.Cause.INCIDENT
                        ? "It is tried again as soon as the incident is over."
                        : "It is tried again by itself at " + times.brief(waiting.until()) + ".")
                .orElse("An attempt is in progress.");
        Remedy remedy = delay.failure().code().remedy();
        if (remedy == Remedy.TIME) {
            return next + " There is nothing to do unless it lasts.";
        }
        return (remedy == Remedy.PERSON ? "A person has to correct the cause. " : "The job has to be changed. ") + next;
    }
}
