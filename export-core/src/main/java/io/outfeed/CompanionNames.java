package io.outfeed;

import io.outfeed.file.FileName;
import io.outfeed.file.IfExists;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The names of a job's manifest and done files, as they are checked when the job is built. */
final class CompanionNames {

    private static final String FILE = "{file}";

    private final @Nullable FileName manifest;
    private final @Nullable FileName doneFile;
    private final @Nullable String donePattern;

    private CompanionNames(@Nullable FileName manifest, @Nullable FileName doneFile, @Nullable String donePattern) {
        this.manifest = manifest;
        this.doneFile = doneFile;
        this.donePattern = donePattern;
    }

    /** Reads the pattern of the done file. */
    static CompanionNames of(@Nullable FileName manifest, @Nullable String donePattern, Problems problems) {
        FileName doneFile = null;
        if (donePattern != null) {
            try {
                doneFile = FileName.of(donePattern.replace(FILE, "file"));
            } catch (InvalidDefinitionException e) {
                e.problems().forEach(problem -> problems.add("doneFile '" + donePattern + "': " + problem));
            }
        }
        return new CompanionNames(manifest, doneFile, donePattern);
    }

    /** The parameters that they use. */
    List<String> parameters() {
        List<String> parameters = new ArrayList<>();
        all().values().forEach(name -> parameters.addAll(name.parameters()));
        return parameters;
    }

    private Map<String, FileName> all() {
        Map<String, FileName> names = new TreeMap<>();
        if (manifest != null) {
            names.put("manifest", manifest);
        }
        if (doneFile != null) {
            names.put("doneFile", doneFile);
        }
        return names;
    }

    void check(List<ExportDefinition<?>> definitions, Problems problems) {
        if (manifest == null && donePattern == null) {
            return;
        }
        for (ExportDefinition<?> definition : definitions) {
            problems.addIf(
                    definition.file().ifExists() == IfExists.KEEP_BOTH,
                    "ifExists of definition '" + definition.name()
                            + "' is KEEP_BOTH, which may choose another name at a destination than the manifest and the"
                            + " done file say: use FAIL, WAIT or REPLACE, or leave out manifest and doneFile");
            problems.addIf(
                    manifest != null && isSame(manifest.toString(), definition),
                    "manifest has the name of the file of definition '" + definition.name() + "': give it another");
            problems.addIf(
                    donePattern != null && isSame(donePattern, definition),
                    "doneFile has the name of the file of definition '" + definition.name() + "': give it another");
        }
        problems.addIf(
                FILE.equals(donePattern), "doneFile '{file}' is the name of the data file itself: use {file}.done");
        problems.addIf(
                manifest != null
                        && donePattern != null
                        && SafeName.withoutCase(manifest.toString()).equals(SafeName.withoutCase(donePattern)),
                "manifest and doneFile have the same name: give one another");
        all().forEach((option, name) -> checkVariables(option, name, definitions, problems));
    }

    private static boolean isSame(String pattern, ExportDefinition<?> definition) {
        return SafeName.withoutCase(pattern)
                .equals(SafeName.withoutCase(definition.file().name().toString()));
    }

    private static void checkVariables(
            String option, FileName name, List<ExportDefinition<?>> definitions, Problems problems) {
        for (String variable : List.of("partition", "part")) {
            problems.addIf(
                    name.uses(variable),
                    option + " uses {" + variable
                            + "}, which belongs to one data file: {file} in doneFile has its name");
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
