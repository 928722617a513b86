package io.outfeed;

import io.outfeed.internal.check.Problems;
import io.outfeed.source.DeclaredParameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Merges the parameters that a job sets with the defaults that its definitions declare. */
final class JobParameters {

    private JobParameters() {}

    /** Merges the parameters, and reports those that are missing, unknown, or declared with different defaults. */
    static Map<String, String> merge(
            List<ExportDefinition<?>> definitions, ControlFileNames names, Map<String, String> set, Problems problems) {
        Map<String, String> merged = new TreeMap<>(set);
        Set<String> declared = new TreeSet<>();
        Set<String> known = new HashSet<>();
        List<String> missing = new ArrayList<>();
        for (ExportDefinition<?> definition : definitions) {
            for (DeclaredParameter parameter : definition.parameters()) {
                String name = parameter.name();
                declared.add(name);
                if (set.containsKey(name)) {
                    continue;
                }
                if (parameter.defaultValue().isEmpty()) {
                    missing.add(name);
                    problems.add("parameter '" + name + "' is missing: definition '" + definition.name()
                            + "' needs it, add .parameter(\"" + name + "\", ...)");
                } else {
                    String other =
                            merged.putIfAbsent(name, parameter.defaultValue().get());
                    problems.addIf(
                            other != null
                                    && !other.equals(parameter.defaultValue().get()),
                            "parameter '" + name + "' has another default in definition '" + definition.name()
                                    + "' than in one before it: add .parameter(\"" + name + "\", ...)");
                }
            }
        }
        known.addAll(declared);
        for (ExportDefinition<?> definition : definitions) {
            for (String name : definition.file().name().parameters()) {
                known.add(name);
                problems.addIf(
                        !merged.containsKey(name) && !missing.contains(name),
                        "parameter '" + name + "' is missing: the file name of definition '" + definition.name()
                                + "' uses it");
            }
        }
        names.all().forEach((option, file) -> {
            for (String name : file.parameters()) {
                known.add(name);
                problems.addIf(
                        !merged.containsKey(name) && !missing.contains(name),
                        "parameter '" + name + "' is missing: the name of " + option + " uses it");
            }
        });
        if (!declared.isEmpty()) {
            set.keySet().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> problems.add("parameter '" + name + "' is not declared, only " + declared
                            + ": correct its name, or declare it in a definition"));
        }
        return merged;
    }
}
