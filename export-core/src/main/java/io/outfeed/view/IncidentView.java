package io.outfeed.view;

import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentEnd;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incident, for JSON. Immutable.
 *
 * @param id its id, by which it can be acknowledged
 * @param scope the name of the {@link io.outfeed.incident.IncidentScope.Kind}
 * @param about what it is about, such as a server or a job
 * @param code the name of the {@link io.outfeed.error.FailureCode}
 * @param status the name of the {@link Incident.Status}
 * @param step the name of the {@link Incident.Step} that failed
 * @param message what failed and what to do next
 * @param openedAt when its first sign was there, in ISO 8601
 * @param lastSignAt when its last sign was there
 * @param signs how many signs there were
 * @param jobs the jobs that it keeps from working, up to 1,000
 * @param moreJobs whether there are more jobs than are listed
 * @param nextTryAt when one job tries for all; null if none does
 * @param wellSince since when all is well again; null if it is not
 * @param end how it ended; null while it has not
 */
public record IncidentView(
        String id,
        String scope,
        String about,
        String code,
        String status,
        String step,
        String message,
        String openedAt,
        String lastSignAt,
        long signs,
        List<String> jobs,
        boolean moreJobs,
        @Nullable String nextTryAt,
        @Nullable String wellSince,
        @Nullable End end) {

    /**
     * How an incident ended. Immutable.
     *
     * @param at when, in ISO 8601
     * @param how the name of the {@link IncidentEnd.How}
     * @param reason why a person has ended it; empty otherwise
     * @param waitingJobs how many jobs still had an open run
     */
    public record End(String at, String how, String reason, int waitingJobs) {

        /**
         * Shows how an incident ended.
         *
         * @param end the end
         * @return its view
         */
        public static End of(IncidentEnd end) {
            return new End(end.at().toString(), end.how().name(), end.reason(), end.waitingJobs());
        }
    }

    /**
     * Makes a view.
     *
     * @param id its id
     * @param scope the kind of its scope
     * @param about what it is about
     * @param code the code
     * @param status the status
     * @param step the step that failed
     * @param message what failed
     * @param openedAt when its first sign was there
     * @param lastSignAt when its last sign was there
     * @param signs how many signs there were
     * @param jobs the jobs
     * @param moreJobs whether there are more jobs
     * @param nextTryAt when one job tries for all
     * @param wellSince since when all is well
     * @param end how it ended
     */
    public IncidentView {
        jobs = List.copyOf(jobs);
    }

    /**
     * Shows an incident.
     *
     * @param incident the incident
     * @return its view
     */
    public static IncidentView of(Incident incident) {
        return new IncidentView(
                incident.id(),
                incident.scope().kind().name(),
                incident.scope().name(),
                incident.code().name(),
                incident.status().name(),
                incident.step().name(),
                incident.message(),
                incident.openedAt().toString(),
                incident.lastSignAt().toString(),
                incident.signs(),
                incident.jobs(),
                incident.moreJobs(),
                incident.nextTryAt().map(Instant::toString).orElse(null),
                incident.wellSince().map(Instant::toString).orElse(null),
                incident.end().map(End::of).orElse(null));
    }
}
