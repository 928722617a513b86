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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the names of the archive and the control files of a job when it is built. */
final class ControlFileNames {

    private static final String ZIP = Compression.ZIP.ending();

    private final @Nullable FileName archive;
    private final ControlFiles files;

    private ControlFileNames(@Nullable FileName archive, ControlFiles files) {
        this.archive = archive;
        this.files = files;
    }

    static ControlFileNames of(@Nullable FileName archive, ControlFiles files) {
        return new ControlFileNames(archive, files);
    }

    /** Returns the names that are set, by their option. */
    Map<String, FileName> all() {
        Map<String, FileName> names = new LinkedHashMap<>();
        if (archive != null) {
            names.put("archive", archive);
        }
        files.manifest().ifPresent(name -> names.put("manifest", name));
        files.checksumFileName().ifPresent(name -> names.put("checksumFile", name));
        files.doneFileName().ifPresent(name -> names.put("doneFile", name));
        return names;
    }

    void check(List<ExportDefinition<?>> definitions, Problems problems) {
        Map<String, String> patterns = patterns();
        for (ExportDefinition<?> definition : definitions) {
            problems.addIf(
                    !files.equals(ControlFiles.none()) && definition.file().ifExists() == IfExists.KEEP_BOTH,
                    "ifExists of definition '" + definition.name()
                            + "' is KEEP_BOTH, which may choose another name at a destination than the control files"
                            + " say: use FAIL, WAIT or REPLACE, or leave out controlFiles");
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
        checkPerFile("checksumFile", files.checksumFile(), ".sha256", problems);
        checkPerFile("doneFile", files.doneFile(), ".done", problems);
        Map<String, String> options = new HashMap<>();
        patterns.forEach((option, pattern) -> {
            String other = options.putIfAbsent(SafeName.withoutCase(pattern), option);
            problems.addIf(other != null, other + " and " + option + " have the same name: give one another");
        });
        all().forEach((option, name) -> checkVariables(option, name, definitions, problems));
    }

    private static void checkPerFile(String option, Optional<String> pattern, String ending, Problems problems) {
        problems.addIf(
                pattern.filter(ControlFiles.FILE::equals).isPresent(),
                option + " '{file}' is the name of the data file itself: use {file}" + ending);
    }

    /** Returns the names of {@link #all} as the host has written them. */
    private Map<String, String> patterns() {
        Map<String, String> patterns = new LinkedHashMap<>();
        all().forEach((option, name) -> patterns.put(option, name.toString()));
        files.checksumFile().ifPresent(pattern -> patterns.put("checksumFile", pattern));
        files.doneFile().ifPresent(pattern -> patterns.put("doneFile", pattern));
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
                                    ? "{file} in checksumFile and doneFile has its name"
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
