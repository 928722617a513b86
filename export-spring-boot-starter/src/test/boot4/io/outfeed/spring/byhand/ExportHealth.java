package io.outfeed.spring.byhand;

import io.outfeed.ExportEngine;
import io.outfeed.error.ExportException;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.operation.JobQuery;
import io.outfeed.operation.JobStatus;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Down only if the engine can't work. */
@Component("outfeed")
class ExportHealth implements HealthIndicator {

    private final ExportEngine engine;

    ExportHealth(ExportEngine engine) {
        this.engine = engine;
    }

    @Override
    public Health health() {
        if (engine.stopped().isPresent()) {
            return Health.down().withDetail("engine", engine.stopped().get()).build();
        }
        try {
            return Health.up()
                    .withDetail("openIncidents", engine.incidents(IncidentQuery.open()).size())
                    .withDetail(
                            "delayedJobs",
                            engine.jobs(JobQuery.all().status(JobStatus.DELAYED)).size())
                    .build();
        } catch (ExportException e) {
            return Health.down().withDetail("store", e.code().name()).build();
        }
    }
}
