package io.outfeed.console.internal.page;

import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.IncidentItem;
import io.outfeed.console.internal.part.JobLine;
import io.outfeed.console.internal.part.Overview;
import io.outfeed.incident.Incident;
import io.outfeed.incident.IncidentScope;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunProgress;
import io.outfeed.view.IncidentView;
import io.outfeed.view.JobView;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What needs a person: the engine, open incidents, jobs.
 *
 * @param stopped why the engine works no more; empty if it does
 * @param incidents the open incidents, newest first
 * @param jobs the jobs that need attention, the worst first
 * @param more whether there are more jobs than are listed
 * @param inProgress what is in progress on this node
 * @param known how many jobs the person sees
 * @param seesAll whether the person sees all jobs
 * @param state identifies what is shown
 */
public record AttentionPage(
        String stopped,
        List<IncidentItem> incidents,
        List<JobLine> jobs,
        boolean more,
        List<RunProgress> inProgress,
        int known,
        boolean seesAll,
        String state)
        implements Page {

    /** How many jobs are listed: a page stays below 50 KB. */
    private static final int MOST = 50;

    private static final int MOST_INCIDENTS = 15;

    public static AttentionPage of(Context context) {
        List<Incident> incidents = Overview.incidents(context.engine(), context.access());
        List<RunProgress> inProgress = Overview.inProgress(context.engine(), context.access());
        List<JobSummary> jobs = context.engine()
                .jobs(context.access()
                        .visible(JobQuery.all())
                        .needingAttention()
                        .limit(MOST + 1));
        Set<String> listed = jobs.stream().map(job -> job.job().name()).collect(Collectors.toSet());
        return new AttentionPage(
                context.access().seesAll() ? context.engine().stopped().orElse("") : "",
                incidents.stream()
                        .filter(incident -> !isShownByItsJob(incident, listed))
                        .limit(MOST_INCIDENTS)
                        .map(incident -> IncidentItem.of(context, incident))
                        .toList(),
                jobs.stream()
                        .limit(MOST)
                        .map(job -> JobLine.of(context, job))
                        .sorted(Comparator.comparing(AttentionPage::severity).thenComparing(JobLine::name))
                        .toList(),
                jobs.size() > MOST,
                inProgress.stream().limit(MOST_INCIDENTS).toList(),
                context.access().jobs().size(),
                context.access().seesAll(),
                Overview.state(incidents, inProgress));
    }

    /** What is about one job is said once, with the job. */
    private static boolean isShownByItsJob(Incident incident, Set<String> listed) {
        return incident.scope().kind() == IncidentScope.Kind.JOB
                && listed.contains(incident.scope().name());
    }

    private static int severity(JobLine job) {
        return switch (job.summary().status()) {
            case DAMAGED -> 0;
            case HELD -> 1;
            case FAILED -> 2;
            case PAUSED -> 4;
            default -> 3;
        };
    }

    /** How much there is; empty if there is nothing. */
    public String summary() {
        return Stream.of(
                        incidents.isEmpty() ? "" : Text.count(incidents.size(), "incident", "incidents"),
                        jobs.isEmpty() ? "" : Text.count(jobs.size(), "job", "jobs") + (more ? " and more" : ""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    public boolean calm() {
        return stopped.isEmpty() && incidents.isEmpty() && jobs.isEmpty();
    }

    @Override
    public String template() {
        return "attention";
    }

    @Override
    public String title() {
        return "Needs attention";
    }

    @Override
    public String section() {
        return "attention";
    }

    @Override
    public String poll() {
        return "state.json";
    }

    @Override
    public Object json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stopped", stopped);
        json.put(
                "incidents",
                incidents.stream().map(item -> IncidentView.of(item.incident())).toList());
        json.put("jobs", jobs.stream().map(job -> JobView.of(job.summary())).toList());
        json.put("moreJobs", more);
        json.put("inProgress", inProgress.stream().map(JobView.Progress::of).toList());
        return json;
    }
}
