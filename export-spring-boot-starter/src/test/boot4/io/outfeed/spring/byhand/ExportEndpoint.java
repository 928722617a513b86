package io.outfeed.spring.byhand;

import io.outfeed.ExportEngine;
import io.outfeed.error.ExportException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.JobQuery;
import io.outfeed.run.RunQuery;
import io.outfeed.view.FailureView;
import io.outfeed.view.IncidentView;
import io.outfeed.view.JobView;
import io.outfeed.view.RunDetails;
import io.outfeed.view.RunView;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows jobs, runs and incidents; runs, pauses and resumes jobs. */
@RestController
@RequestMapping("/exports")
class ExportEndpoint {

    private final ExportEngine engine;

    ExportEndpoint(ExportEngine engine) {
        this.engine = engine;
    }

    @GetMapping("/jobs")
    List<JobView> jobs() {
        return engine.jobs(JobQuery.all()).stream().map(JobView::of).toList();
    }

    @GetMapping("/jobs/{name}")
    JobView job(@PathVariable("name") String name) {
        return JobView.of(engine.job(name).summary());
    }

    @GetMapping("/jobs/{name}/runs")
    List<RunView> runs(@PathVariable("name") String name) {
        return engine.runs(RunQuery.ofJob(name)).runs().stream()
                .map(RunView::of)
                .toList();
    }

    @GetMapping("/runs/{number}")
    RunDetails run(@PathVariable("number") long number) {
        return RunDetails.of(engine.run(number).run());
    }

    @GetMapping("/incidents")
    List<IncidentView> incidents() {
        return engine.incidents(IncidentQuery.open()).stream()
                .map(IncidentView::of)
                .toList();
    }

    @PostMapping("/jobs/{name}/{action}")
    JobView change(
            @PathVariable("name") String name,
            @PathVariable("action") String action,
            @RequestParam("reason") String reason) {
        JobHandle job = engine.job(name);
        switch (action) {
            case "run" -> job.startNow();
            case "pause" -> job.pause(reason);
            case "resume" -> job.resume();
            default -> throw new IllegalArgumentException("no such action");
        }
        return JobView.of(job.summary());
    }

    @ExceptionHandler(NoSuchJobException.class)
    @SuppressWarnings("unused") // Spring asks for its type
    ResponseEntity<Void> notFound(NoSuchJobException e) {
        return ResponseEntity.notFound().build();
    }

    @ExceptionHandler(ExportException.class)
    ResponseEntity<FailureView> refused(ExportException e) {
        return ResponseEntity.status(HttpStatus.CONFLICT)
                .body(new FailureView(e.code().name(), String.valueOf(e.getMessage())));
    }
}
