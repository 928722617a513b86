package io.outfeed.internal.search;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which entries of a job's archives may have rows of a definition, by their names: the ledger does not say. An entry
 * whose name fits several definitions, or none since a name was changed, may be of each. Immutable.
 */
final class ArchiveEntries {

    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]*)}");

    private final Map<String, Pattern> names = new LinkedHashMap<>();

    ArchiveEntries(ExportJob job) {
        for (ExportDefinition<?> definition : job.definitions()) {
            names.put(definition.name(), pattern(definition));
        }
    }

    boolean mayBeOf(ExportDefinition<?> definition, String entry) {
        boolean fits = names.entrySet().stream()
                .anyMatch(name -> name.getKey().equals(definition.name())
                        && name.getValue().matcher(entry).matches());
        return fits
                || names.values().stream().noneMatch(name -> name.matcher(entry).matches());
    }

    /** A name may be in a folder, and have a mark in front, such as that of a test, or before its first dot. */
    private static Pattern pattern(ExportDefinition<?> definition) {
        String name = definition.file().name().toString().replace("{definition}", definition.name());
        StringBuilder regex = new StringBuilder("(?:[^/]+/)?(?:test-\\d+-)?");
        Matcher variables = VARIABLE.matcher(name);
        int from = 0;
        while (variables.find()) {
            regex.append(fixed(name.substring(from, variables.start()))).append("[^/]*");
            from = variables.end();
        }
        return Pattern.compile(
                regex.append(fixed(name.substring(from))).append("[^/.]*").toString());
    }

    private static String fixed(String text) {
        return Pattern.quote(text).replace(".", "\\E[^/.]*\\.\\Q");
    }
}
