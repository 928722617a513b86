package io.outfeed;

import io.outfeed.file.FileName;
import io.outfeed.file.IfExists;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.transform.TransformChain;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks the names of the archive and the control files of a job when it is built. */
final class ControlFileNames {

    private static final String ZIP = ".zip";

    private final @Nullable FileName archive;
    private final ControlFiles files;

    /** What the transforms of the job add to the name of the archive, or to those of the data files. */
    private final String endings;

    private ControlFileNames(@Nullable FileName archive, ControlFiles files, String endings) {
        this.endings = endings;
        this.archive = archive;
        this.files = files;
    }

    static ControlFileNames of(ExportJob.Options options) {
        return new ControlFileNames(
                options.archive, options.controlFiles, new TransformChain(options.transforms).endings());
    }

    /** Returns the names that are set, by their option. */
    Map<String, FileName> all() {
        Map<String, FileName> names = new LinkedHashMap<>();
        if (archive != null) {
            names.put("archive", archive);
        }
        files.manifest().ifPresent(name -> names.put("manifest", name));
        files.dataPackage().ifPresent(name -> names.put("dataPackage", name));
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
            problems.addIf(
                    archive != null && !definition.file().transforms().isEmpty(),
                    "the file of definition '" + definition.name() + "' has transforms "
                            + definition.file().transforms()
                            + ", and the archive compresses its entries: leave out the archive, or set transforms"
                            + " of the job, which are applied to the archive");
            patterns.forEach((option, pattern) -> problems.addIf(
                    isSame(pattern, sent(definition)),
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

    /** Returns the names of {@link #all} as the host has written them, with the endings of the transforms. */
    private Map<String, String> patterns() {
        Map<String, String> patterns = new LinkedHashMap<>();
        all().forEach((option, name) -> patterns.put(option, name.toString()));
        if (archive != null) {
            patterns.put("archive", archive + endings);
        }
        files.checksumFile().ifPresent(pattern -> patterns.put("checksumFile", pattern));
        files.doneFile().ifPresent(pattern -> patterns.put("doneFile", pattern));
        return patterns;
    }

    private String sent(ExportDefinition<?> definition) {
        return archive == null
                ? definition.file().name() + endings
                : definition.file().name().toString();
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
            for (String variable : List.of("definition", "window.from", "window.until", "window.lastDay")) {
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
