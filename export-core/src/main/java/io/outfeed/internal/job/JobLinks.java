package io.outfeed.internal.job;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.event.DeliveryLinks;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.net.URI;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Links to published files, by the deliveries that the jobs have now. Thread-safe. */
public final class JobLinks implements DeliveryLinks {

    private static final Logger log = LoggerFactory.getLogger(JobLinks.class);

    private final JobRegistry jobs;

    public JobLinks(JobRegistry jobs) {
        this.jobs = jobs;
    }

    /** A file that only counts as taken may not be there, and has no link. */
    @Override
    public Optional<URI> link(ExportRun run, FileDelivery file) {
        Optional<String> location = file.assumed() || file.deletedAt().isPresent()
                ? Optional.empty()
                : file.receipt().map(DeliveryReceipt::location);
        return location.flatMap(there -> delivery(run, file).flatMap(delivery -> link(delivery, there, run, file)));
    }

    private Optional<Delivery> delivery(ExportRun run, FileDelivery file) {
        return jobs.findJob(run.job()).stream()
                .flatMap(job -> job.deliveries().stream())
                .filter(delivery -> delivery.id().equals(file.delivery()))
                .findFirst();
    }

    private static Optional<URI> link(Delivery delivery, String location, ExportRun run, FileDelivery file) {
        try {
            return delivery.link(location);
        } catch (Throwable e) {
            log.warn(
                    "Delivery '{}' has failed to give a link to {} (job={}, run={})",
                    delivery.id(),
                    file.path(),
                    run.job(),
                    run.number(),
                    HostCalls.redact(e));
            return Optional.empty();
        }
    }
}
