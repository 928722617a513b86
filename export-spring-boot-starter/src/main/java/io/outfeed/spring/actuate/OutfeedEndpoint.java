package io.outfeed.spring.actuate;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportEngine;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import io.outfeed.operation.JobSummary;
import io.outfeed.run.RunPage;
import io.outfeed.run.RunQuery;
import io.outfeed.view.IncidentView;
import io.outfeed.view.JobView;
import io.outfeed.view.RunDetails;
import io.outfeed.view.RunView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * Shows jobs, runs and incidents, and changes nothing. Thread-safe.
 *
 * <p>Below {@code /actuator/outfeed}: nothing for the numbers of jobs, what is in progress and the open incidents;
 * {@code jobs}, {@code jobs/status/STATUS}, {@code jobs/after/NAME} for pages of jobs; {@code jobs/NAME};
 * {@code jobs/NAME/runs}; {@code runs} and {@code runs/below/NUMBER} for pages of runs; {@code runs/NUMBER};
 * {@code incidents} and {@code incidents/all}. What is not there is answered by 404, and a status that jobs do not have
 * by 400 with those that they have.
 */
@Endpoint(id = "outfeed")
public class OutfeedEndpoint {

    private static final int PAGE = 100;

    private final ExportEngine engine;

    /**
     * Makes the endpoint of an engine.
     *
     * @param engine the engine
     */
    public OutfeedEndpoint(ExportEngine engine) {
        this.engine = requireNonNull(engine, "engine");
    }

    /**
     * The numbers of an engine. Immutable.
     *
     * @param stopped why it works no more; null if it does
     * @param jobs how many jobs there are, by status
     * @param inProgress what this node does now
     * @param incidents the open incidents
     */
    public record Overview(
            @Nullable String stopped,
            Map<String, Integer> jobs,
            List<JobView.Progress> inProgress,
            List<IncidentView> incidents) {}

    /**
     * A page of jobs. Immutable.
     *
     * @param jobs the jobs, ordered by name
     * @param next the path of the next page; null if this is the last one
     */
    public record Jobs(List<JobView> jobs, @Nullable String next) {}

    /**
     * A page of runs. Immutable.
     *
     * @param runs the runs, newest first
     * @param next the path of the next page; null if this is the last one
     */
    public record Runs(List<RunView> runs, @Nullable String next) {}

    /**
     * Incidents. Immutable.
     *
     * @param incidents the incidents, newest first
     */
    public record Incidents(List<IncidentView> incidents) {}

    /**
     * Shows the numbers of the engine.
     *
     * @return the numbers
     */
    @ReadOperation
    public Overview overview() {
        Map<String, Integer> numbers = new TreeMap<>();
        engine.jobs(JobQuery.all().limit(Integer.MAX_VALUE))
                .forEach(job -> numbers.merge(job.status().name(), 1, Integer::sum));
        return new Overview(
                engine.stopped().orElse(null),
                numbers,
                engine.inProgress().stream().map(JobView.Progress::of).toList(),
                incidents(IncidentQuery.open()).incidents());
    }

    /**
     * Shows what a path names.
     *
     * @param path the elements of the path
     * @return the jobs, runs or incidents; null if there is nothing
     */
    @ReadOperation
    public @Nullable Object show(@Selector(match = Selector.Match.ALL_REMAINING) String... path) {
        try {
            return switch (path[0]) {
                case "jobs" -> jobs(path);
                case "runs" -> runs(path);
                case "incidents" -> incidents(path);
                default -> null;
            };
        } catch (NoSuchJobException e) {
            return null;
        }
    }

    private @Nullable Object jobs(String... path) {
        if (path.length == 1) {
            return page(JobQuery.all());
        } else if (path.length == 2) {
            return JobView.of(engine.job(path[1]).summary());
        } else if (path.length == 3 && path[1].equals("after")) {
            return page(JobQuery.all().after(path[2]));
        } else if (path.length == 3 && path[1].equals("status")) {
            return withStatus(path[2]);
        } else if (path.length == 3 && path[2].equals("runs")) {
            return page(RunQuery.ofJob(engine.job(path[1]).job().name()));
        }
        return null;
    }

    private Jobs page(JobQuery query) {
        List<JobSummary> found = new ArrayList<>(engine.jobs(query.limit(PAGE + 1)));
        if (found.size() <= PAGE) {
            return new Jobs(views(found), null);
        }
        List<JobSummary> page = found.subList(0, PAGE);
        return new Jobs(views(page), "jobs/after/" + page.get(PAGE - 1).job().name());
    }

    private static List<JobView> views(List<JobSummary> jobs) {
        return jobs.stream().map(JobView::of).toList();
    }

    private Object withStatus(String name) {
        for (JobStatus status : JobStatus.values()) {
            if (status.name().equalsIgnoreCase(name)) {
                return page(JobQuery.all().status(status));
            }
        }
        return OutfeedOperationsEndpoint.badRequest(
                "a job has one of the statuses " + Arrays.toString(JobStatus.values()));
    }

    private @Nullable Object runs(String... path) {
        if (path.length == 1) {
            return page(RunQuery.all());
        }
        Optional<Long> number = OutfeedOperationsEndpoint.number(path[path.length - 1]);
        if (number.isEmpty()) {
            return null;
        } else if (path.length == 2) {
            return RunDetails.of(engine.run(number.get()).run());
        }
        return path.length == 3 && path[1].equals("below") ? page(RunQuery.all().below(number.get())) : null;
    }

    private Runs page(RunQuery query) {
        RunPage page = engine.runs(query.limit(PAGE));
        List<RunView> runs = page.runs().stream().map(RunView::of).toList();
        return new Runs(
                runs,
                page.next().isEmpty()
                        ? null
                        : "runs/below/" + runs.get(runs.size() - 1).number());
    }

    private @Nullable Object incidents(String... path) {
        if (path.length == 1) {
            return incidents(IncidentQuery.open());
        }
        return path.length == 2 && path[1].equals("all") ? incidents(IncidentQuery.all()) : null;
    }

    private Incidents incidents(IncidentQuery query) {
        return new Incidents(
                engine.incidents(query).stream().map(IncidentView::of).toList());
    }
}
