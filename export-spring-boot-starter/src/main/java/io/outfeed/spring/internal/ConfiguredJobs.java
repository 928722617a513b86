package io.outfeed.spring.internal;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.layout.Layout;
import io.outfeed.schedule.Schedule;
import io.outfeed.spring.ExportJobBuilderCustomizer;
import io.outfeed.spring.OutfeedProperties;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes jobs of the properties of an application. Not thread-safe. */
final class ConfiguredJobs {

    private final Map<String, ExportDefinition<?>> definitions;
    private final Map<String, Delivery> deliveries;
    private final PropertyTree tree;
    private final Customizers customizers;
    private final Findings findings;

    ConfiguredJobs(
            Map<String, ExportDefinition<?>> definitions,
            Map<String, Delivery> deliveries,
            PropertyTree tree,
            Customizers customizers,
            Findings findings) {
        this.definitions = definitions;
        this.deliveries = deliveries;
        this.tree = tree;
        this.customizers = customizers;
        this.findings = findings;
    }

    /** Makes the jobs, ordered by name, without those that are wrong. */
    List<ExportJob> jobs(Map<String, OutfeedProperties.Job> jobs) {
        List<ExportJob> made = new ArrayList<>();
        new TreeMap<>(jobs).forEach((name, job) -> {
            ExportJob built = job(name, "outfeed.jobs." + name, job);
            if (built != null) {
                made.add(built);
            }
        });
        return made;
    }

    private @Nullable ExportJob job(String name, String path, OutfeedProperties.Job job) {
        List<ExportDefinition<?>> exported = job.definitions().stream()
                .<@Nullable ExportDefinition<?>>map(id -> find(path + ".definitions", "definition", id, definitions))
                .filter(Objects::nonNull)
                .toList();
        if (job.definitions().isEmpty()) {
            findings.add(path + ".definitions", "is missing: name a bean of type ExportDefinition by its own name");
        }
        Delivery[] to = deliveries(path + ".deliver-to", job.deliverTo());
        Delivery[] copies = deliveries(path + ".copy-to", job.copyTo());
        Schedule schedule =
                job.schedule() == null ? null : ConfiguredSchedule.read(path + ".schedule", job.schedule(), findings);
        if (exported.isEmpty()
                || exported.size() < job.definitions().size()
                || to.length < job.deliverTo().size()
                || copies.length < job.copyTo().size()
                || (schedule == null && job.schedule() != null)) {
            return null;
        }
        return findings.make(path, () -> {
            ExportJob.Builder builder = ExportJob.builder(name, exported.get(0));
            exported.subList(1, exported.size()).forEach(builder::definition);
            builder.description(job.description()).deliverTo(to).copyTo(copies);
            job.parameters().forEach(builder::parameter);
            if (schedule != null) {
                builder.schedule(schedule);
            }
            limits(builder, path, job);
            layouts(builder, name, path, job, exported);
            customizers.of(ExportJobBuilderCustomizer.class).forEach(each -> each.customize(name, builder));
            return builder.build();
        });
    }

    private void limits(ExportJob.Builder builder, String path, OutfeedProperties.Job job) {
        if (job.disabled() != null) {
            builder.disabled(job.disabled());
        }
        if (job.pauseAfterFailures() != null) {
            builder.pauseAfterFailures(job.pauseAfterFailures());
        }
        if (job.retryFor() != null) {
            builder.retryFor(job.retryFor());
        }
        if (job.maxDuration() != null) {
            builder.maxDuration(job.maxDuration());
        }
        if (job.retention() != null) {
            builder.retention(job.retention());
        }
        if (job.expectDeliveredWithin() != null) {
            builder.expectDeliveredWithin(job.expectDeliveredWithin());
        }
        if (job.deliverBetween() != null) {
            window(builder, path + ".deliver-between", job.deliverBetween());
        }
    }

    private void window(ExportJob.Builder builder, String path, OutfeedProperties.TimeOfDay window) {
        LocalTime from = time(path + ".from", window.from());
        LocalTime until = time(path + ".until", window.until());
        String zone = findings.required(path + ".zone", window.zone());
        ZoneId in = zone == null ? null : ConfiguredSchedule.zone(path + ".zone", zone, findings);
        if (from != null && until != null && in != null) {
            builder.deliverBetween(from, until, in);
        }
    }

    private @Nullable LocalTime time(String path, @Nullable String text) {
        String given = findings.required(path, text);
        return given == null ? null : ConfiguredSchedule.time(path, given, findings);
    }

    /** The properties say that there is a layout; the tree has it with its keys as they were written. */
    private void layouts(
            ExportJob.Builder builder,
            String name,
            String path,
            OutfeedProperties.Job job,
            List<ExportDefinition<?>> exported) {
        if (!job.layout().isEmpty()) {
            if (exported.size() > 1) {
                findings.add(path + ".layout", "does not say for which definition it is: use layouts");
                return;
            }
            layout(builder, exported.get(0).name(), path + ".layout", tree.read("outfeed", "jobs", name, "layout"));
        }
        job.layouts()
                .keySet()
                .forEach(definition -> layout(
                        builder,
                        definition,
                        path + ".layouts." + definition,
                        tree.read("outfeed", "jobs", name, "layouts", definition)));
    }

    private void layout(ExportJob.Builder builder, String definition, String path, Map<String, Object> from) {
        Layout layout = findings.make(path, () -> Layout.of(from));
        if (layout != null) {
            builder.layout(definition, layout);
        }
    }

    private Delivery[] deliveries(String path, List<String> ids) {
        return ids.stream()
                .map(id -> find(path, "destination", id, deliveries))
                .filter(Objects::nonNull)
                .toArray(Delivery[]::new);
    }

    private <T> @Nullable T find(String path, String kind, String id, Map<String, T> all) {
        T found = all.get(id);
        if (found == null) {
            findings.add(
                    path,
                    "there is no " + kind + " '" + id + "': the application has "
                            + all.keySet().stream().sorted().toList());
        }
        return found;
    }
}
