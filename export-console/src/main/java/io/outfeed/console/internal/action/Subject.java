package io.outfeed.console.internal.action;

import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.console.internal.html.Text;
import io.outfeed.incident.Incident;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobSummary;
import io.outfeed.operation.RunHandle;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunQuery;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What an operation is about, as it was when the page was made. */
public sealed interface Subject {

    /** The names and values of the parameters by which it is found again. */
    List<String> parameters();

    /** What it is called on the page. */
    String title();

    /** Identifies its state: an operation that was confirmed for another state is not done. */
    String seen();

    /** The page that shows it. */
    String back();

    /** The job; empty if it is about several, or one that is not added. */
    Optional<ExportJob> job();

    /** The name of the job; empty if it is about several. */
    String jobName();

    /** What the audit calls it within the job. */
    String audited();

    /**
     * A job.
     *
     * @param handle the operations on it
     * @param summary its state
     * @param newestRun the number of its newest run, or 0
     */
    record OfJob(JobHandle handle, JobSummary summary, long newestRun) implements Subject {

        public static OfJob of(ExportEngine engine, ExportJob job) {
            JobHandle handle = engine.job(job.name());
            return new OfJob(handle, handle.summary(), Subject.newestRun(engine, job.name()));
        }

        public ExportJob theJob() {
            return summary.job();
        }

        public String name() {
            return summary.job().name();
        }

        @Override
        public String jobName() {
            return name();
        }

        @Override
        public List<String> parameters() {
            return List.of("job", name());
        }

        @Override
        public String title() {
            return "job " + name();
        }

        @Override
        public String seen() {
            return newestRun + "-" + summary.status().name()
                    + summary.current().map(run -> "-" + run.status().name()).orElse("");
        }

        @Override
        public String back() {
            return Text.link("job", "name", name());
        }

        @Override
        public Optional<ExportJob> job() {
            return Optional.of(theJob());
        }

        @Override
        public String audited() {
            return "";
        }

        /** The ids of the deliveries, for a sentence. */
        public String destinations() {
            return Subject.destinations(theJob());
        }
    }

    /**
     * A run.
     *
     * @param handle the operations on it
     * @param run the run
     * @param job its job; empty if it is not added
     * @param newestRun the number of the newest run of the job
     */
    record OfRun(RunHandle handle, ExportRun run, Optional<ExportJob> job, long newestRun) implements Subject {

        public static OfRun of(ExportEngine engine, RunHandle handle, Optional<ExportJob> job) {
            ExportRun run = handle.run();
            return new OfRun(handle, run, job, Subject.newestRun(engine, run.job()));
        }

        @Override
        public List<String> parameters() {
            return List.of("run", Long.toString(run.number()));
        }

        @Override
        public String title() {
            return "run " + run.number() + " of job " + run.job();
        }

        @Override
        public String seen() {
            return newestRun + "-" + run.status().name() + (run.unconfirmed() ? "-UNCONFIRMED" : "");
        }

        @Override
        public String back() {
            return Text.link("run", "number", Long.toString(run.number()));
        }

        @Override
        public String jobName() {
            return run.job();
        }

        @Override
        public String audited() {
            return "run " + run.number();
        }

        public String destinations() {
            return job.map(Subject::destinations).orElse("the destinations of the job");
        }

        public String files() {
            return Text.count(run.files().size(), "file", "files") + " with "
                    + Text.count(run.rows(), "record", "records");
        }
    }

    /**
     * An incident.
     *
     * @param incident the incident
     * @param headline what it is called
     */
    record OfIncident(Incident incident, String headline) implements Subject {

        @Override
        public List<String> parameters() {
            return List.of("incident", incident.id());
        }

        @Override
        public String title() {
            return headline;
        }

        @Override
        public String seen() {
            return incident.id() + "-" + incident.status().name();
        }

        @Override
        public String back() {
            return "./";
        }

        @Override
        public Optional<ExportJob> job() {
            return Optional.empty();
        }

        @Override
        public String jobName() {
            return "";
        }

        @Override
        public String audited() {
            return "incident " + incident.id();
        }
    }

    private static long newestRun(ExportEngine engine, String job) {
        return engine.runs(RunQuery.ofJob(job).limit(1)).runs().stream()
                .mapToLong(ExportRun::number)
                .findFirst()
                .orElse(0);
    }

    private static String destinations(ExportJob job) {
        return job.deliveries().isEmpty()
                ? "nowhere: the job has no delivery, its files are kept"
                : job.deliveries().stream().map(delivery -> delivery.id()).collect(Collectors.joining(", "));
    }
}
