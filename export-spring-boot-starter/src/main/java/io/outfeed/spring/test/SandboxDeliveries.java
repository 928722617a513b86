package io.outfeed.spring.test;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.job.JobRow;
import io.outfeed.job.JobSource;
import io.outfeed.testing.InMemoryDelivery;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The destinations of a test, in memory: one for each id of a destination of the application. Thread-safe. */
public final class SandboxDeliveries {

    private final Map<String, InMemoryDelivery> all = new ConcurrentHashMap<>();

    SandboxDeliveries() {}

    /**
     * Returns the destination that stands in for one of the application.
     *
     * @param id the id of the application's destination
     * @return the destination, which may be empty
     */
    public InMemoryDelivery at(String id) {
        return all.computeIfAbsent(requireNonNull(id, "id"), InMemoryDelivery::create);
    }

    /** Returns a job that sends nothing to the destinations of the application. */
    ExportJob inMemory(ExportJob job) {
        ExportJob.Builder copy = job.toBuilder();
        if (!job.deliveries().isEmpty()) {
            copy.deliverTo(inMemory(job.deliveries()));
        }
        if (!job.copies().isEmpty()) {
            copy.copyTo(inMemory(job.copies()));
        }
        return copy.build();
    }

    private Delivery[] inMemory(List<Delivery> deliveries) {
        return deliveries.stream().map(delivery -> at(delivery.id())).toArray(Delivery[]::new);
    }

    /** Returns a source whose jobs send nothing to the destinations of the application. */
    JobSource inMemory(JobSource source) {
        return new JobSource() {
            @Override
            public String id() {
                return source.id();
            }

            @Override
            public List<JobRow> load() throws Exception {
                return source.load().stream()
                        .map(row -> new JobRow(
                                row.name(),
                                row.version(),
                                () -> inMemory(row.job().call())))
                        .toList();
            }
        };
    }
}
