package io.outfeed;

import io.outfeed.file.Compression;
import io.outfeed.file.FileName;
import io.outfeed.file.IfExists;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of what a run has once, and of its done files, as they are checked when the job is built. */
final class ControlFileNames {

    private static final String ZIP = Compression.ZIP.ending();

    private final @Nullable FileName archive;
    private final @Nullable FileName manifest;
    private final @Nullable FileName doneFile;
    private final @Nullable String donePattern;

    private ControlFileNames(@Nullable FileName archive, ControlFiles files) {
        this.archive = archive;
        this.manifest = files.manifest().orElse(null);
        this.donePattern = files.doneFile().orElse(null);
        this.doneFile = files.doneFileName().orElse(null);
    }

    static ControlFileNames of(@Nullable FileName archive, ControlFiles files) {
        return new ControlFileNames(archive, files);
    }

    /** Those that there are, by the option that sets them. */
    Map<String, FileName> all() {
        Map<String, FileName> names = new LinkedHashMap<>();
        if (archive != null) {
            names.put("archive", archive);
        }
        if (manifest != null) {
            names.put("manifest", manifest);
        }
        if (doneFile != null) {
            names.put("doneFile", doneFile);
        }
        return names;
    }

    void check(List<ExportDefinition<?>> definitions, Problems problems) {
        Map<String, String> patterns = patterns();
        for (ExportDefinition<?> definition : definitions) {
            problems.addIf(
                    (manifest != null || donePattern != null)
                            && definition.file().ifExists() == IfExists.KEEP_BOTH,
                    "ifExists of definition '" + definition.name()
                            + "' is KEEP_BOTH, which may choose another name at a destination than the manifest and the"
                            + " done file say: use FAIL, WAIT or REPLACE, or leave out manifest and doneFile");
            Compression compression = definition.file().compression();
            problems.addIf(
                    archive != null && compression != Compression.NONE,
                    "compression of definition '" + definition.name() + "' is " + compression
                            + ", and the archive compresses its entries: leave out compression or archive");
            patterns.forEach((option, pattern) -> problems.addIf(
                    isSame(pattern, definition.file().name().toString()),
                    option + " has the name of the file of definition '" + definition.name() + "': give it another"));
        }
        problems.addIf(
                archive != null && !archive.toString().endsWith(ZIP), "archive '" + archive + "' must end with " + ZIP);
        problems.addIf(
                ControlFiles.FILE.equals(donePattern),
                "doneFile '{file}' is the name of the data file itself: use {file}.done");
        Map<String, String> options = new HashMap<>();
        patterns.forEach((option, pattern) -> {
            String other = options.putIfAbsent(SafeName.withoutCase(pattern), option);
            problems.addIf(other != null, other + " and " + option + " have the same name: give one another");
        });
        all().forEach((option, name) -> checkVariables(option, name, definitions, problems));
    }

    /** As {@link #all}, in the words of the host. */
    private Map<String, String> patterns() {
        Map<String, String> patterns = new LinkedHashMap<>();
        all().forEach((option, name) -> patterns.put(option, name.toString()));
        if (donePattern != null) {
            patterns.put("doneFile", donePattern);
        }
        return patterns;
    }

    private static boolean isSame(String pattern, String other) {
        return SafeName.withoutCase(pattern).equals(SafeName.withoutCase(other));
    }

    private void checkVariables(
            String option, FileName name, List<ExportDefinition<?>> definitions, Problems problems) {
        for (String variable : List.of("partition", "part")) {
            problems.addIf(
                    name.uses(variable),
                    option + " uses {" + variable + "}, which belongs to one data file: "
                            + (archive == null
                                    ? "{file} in doneFile has its name"
                                    : "its entry in the archive has it"));
        }
        if (definitions.size() > 1) {
            for (String variable : List.of("definition", "window.from", "window.until")) {
                problems.addIf(
                        name.uses(variable),
                        option + " uses {" + variable
                                + "}, and the job has several definitions: use {sequence}, {run} or {fire}");
            }
            return;
        }
        for (ExportDefinition<?> definition : definitions) {
            problems.addIf(
                    name.needsWindowTimes()
                            && definition.watermark().beginning().instant().isEmpty(),
                    option + " has a date pattern for the window, whose bounds are of kind '"
                            + definition.watermark().kind() + "': use {fire} for a time");
        }
    }
}
