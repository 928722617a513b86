package io.outfeed.console.internal.page;

import io.outfeed.ExportJob;
import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Operations;
import io.outfeed.console.internal.html.Text;
import io.outfeed.console.internal.part.Context;
import io.outfeed.console.internal.part.JobFilter;
import io.outfeed.console.internal.part.JobLine;
import io.outfeed.console.internal.web.Parameters;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.schedule.Frequency;
import io.outfeed.view.JobView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Jobs, page by page.
 *
 * @param filter which jobs
 * @param jobs the jobs of this page
 * @param next the link to the next page; empty if this is the last one
 * @param first the link to the first page; empty if this is it
 * @param customers whether jobs have customers
 * @param destinations what to choose from
 * @param definitions what to choose from
 * @param matching how many jobs there are on all pages; -1 if their state has to be read for that
 * @param many the operations on all jobs of the filter that the person may do
 */
public record JobsPage(
        JobFilter filter,
        List<JobLine> jobs,
        String next,
        String first,
        boolean customers,
        List<String> destinations,
        List<String> definitions,
        int matching,
        List<Many> many)
        implements Page {

    private static final int PAGE = 40;

    /** More than these can't be chosen from: they are found by their name in the address. */
    private static final int MOST_CHOICES = 100;

    /**
     * An operation on all jobs of the filter.
     *
     * @param label the label of its link
     * @param link the page that asks whether to do it
     */
    public record Many(String label, String link) {}

    public static JobsPage of(Context context, Parameters parameters) {
        JobFilter filter = JobFilter.of(parameters);
        List<ExportJob> candidates = filter.candidates(context);
        List<JobSummary> found =
                context.engine().jobs(filter.query(context, candidates).limit(PAGE + 1));
        List<JobSummary> page = found.subList(0, Math.min(PAGE, found.size()));
        List<ExportJob> visible = context.access().jobs();
        return new JobsPage(
                filter,
                page.stream().map(job -> JobLine.of(context, job)).toList(),
                found.size() > PAGE
                        ? filter.link("jobs", page.get(PAGE - 1).job().name())
                        : "",
                filter.after().isEmpty() ? "" : filter.link("jobs", ""),
                context.settings().customerParameter().isPresent(),
                choices(visible, job -> job.deliveries().stream().map(delivery -> delivery.id())),
                choices(visible, job -> job.definitions().stream().map(definition -> definition.name())),
                filter.readsState() ? -1 : candidates.size(),
                many(context, filter, candidates));
    }

    private static List<String> choices(List<ExportJob> jobs, Function<ExportJob, Stream<String>> names) {
        TreeSet<String> all = new TreeSet<>();
        jobs.stream().flatMap(names).forEach(all::add);
        return all.size() > MOST_CHOICES ? List.of() : List.copyOf(all);
    }

    private static List<Many> many(Context context, JobFilter filter, List<ExportJob> candidates) {
        return Operations.ofMany().stream()
                .filter(operation -> may(context, operation, candidates))
                .map(operation -> new Many(operation.label(), filter.link("action", "", "do", operation.key())))
                .toList();
    }

    private static boolean may(Context context, Operation<?> operation, List<ExportJob> candidates) {
        return context.access().mayAll(operation.action())
                || candidates.stream().anyMatch(job -> context.access().may(operation.action(), job));
    }

    public List<JobStatus> statuses() {
        return List.of(JobStatus.values());
    }

    public List<Frequency> frequencies() {
        return List.of(Frequency.values());
    }

    /** Such as {@code 1,200 of 10,000}. */
    public String found() {
        return matching < 0 ? "" : Text.count(matching, "job", "jobs");
    }

    @Override
    public String template() {
        return "jobs";
    }

    @Override
    public String title() {
        return "Jobs";
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public Object json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("jobs", jobs.stream().map(job -> JobView.of(job.summary())).toList());
        if (!next.isEmpty()) {
            json.put("next", next.replaceFirst("^jobs", "jobs.json"));
        }
        return json;
    }
}
