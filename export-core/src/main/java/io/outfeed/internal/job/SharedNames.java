package io.outfeed.internal.job;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.file.FileName;
import io.outfeed.file.IfExists;
import io.outfeed.internal.check.SafeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Finds jobs whose files have the same names at the same destination, where one of them replaces what is there: the
 * receiver would lose files without an error. Used under the registry's lock.
 */
final class SharedNames {

    /** By destination and name, the jobs and whether they replace a file. */
    private final Map<String, Map<String, Boolean>> jobs = new HashMap<>();

    /** The keys of {@link #jobs} that a job has. */
    private final Map<String, List<String>> keys = new HashMap<>();

    /** Adds a job, instead of one of that name. Returns a sentence for each name that it shares. */
    List<String> put(ExportJob job) {
        remove(job.name());
        List<String> shared = new ArrayList<>();
        for (ExportDefinition<?> definition : job.definitions()) {
            boolean replaces = definition.file().ifExists() == IfExists.REPLACE;
            FileName name = definition.file().name();
            if (name.uses("run") || name.uses("job") || name.uses("partition")) {
                continue;
            }
            for (Delivery delivery : Stream.concat(job.deliveries().stream(), job.copies().stream())
                    .toList()) {
                String key = key(job, definition, delivery);
                Map<String, Boolean> known = jobs.computeIfAbsent(key, absent -> new TreeMap<>());
                keys.computeIfAbsent(job.name(), absent -> new ArrayList<>()).add(key);
                known.forEach((other, otherReplaces) -> {
                    if (replaces || otherReplaces) {
                        shared.add("its files and those of job '" + other + "' have the same names '" + name
                                + "' at delivery '" + delivery.id()
                                + "', and one replaces the other: give each its own, such as by {job}");
                    }
                });
                known.put(job.name(), replaces);
            }
        }
        return shared;
    }

    void remove(String job) {
        List<String> known = keys.remove(job);
        if (known != null) {
            known.forEach(key -> jobs.computeIfPresent(key, (absent, others) -> {
                others.remove(job);
                return others.isEmpty() ? null : others;
            }));
        }
    }

    private static String key(ExportJob job, ExportDefinition<?> definition, Delivery delivery) {
        FileName name = definition.file().name();
        List<String> values = new ArrayList<>(List.of(
                delivery.id(),
                delivery.fingerprint(),
                SafeName.withoutCase(name.toString()),
                name.uses("definition") ? definition.name() : "",
                definition.folderPer().isPresent() ? "folders of '" + job.name() + "'" : ""));
        name.parameters()
                .forEach(parameter -> values.add(job.parameters().asMap().getOrDefault(parameter, "")));
        return String.join("\n", values);
    }
}
