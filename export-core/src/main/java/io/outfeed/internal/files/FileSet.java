package io.outfeed.internal.files;

import io.outfeed.ExportJob;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Completes the files that a run delivers: its data files or the archive of them, and its control files. Their names
 * never collide.
 */
public record FileSet(ExportJob job, SpoolDirectory spool, Clock clock) {

    /**
     * Returns the files to deliver for some data files: these or their archive, and the control files; none for none.
     *
     * @throws InvalidDefinitionException if two files may get one name
     */
    public List<StagedFile> complete(ExportRun run, List<StagedFile> data, RunFileName names) {
        if (data.isEmpty()) {
            return List.of();
        }
        List<StagedFile> files = new ArrayList<>(data);
        if (job.archive().isPresent()) {
            checkPaths(run, data);
            files.clear();
            files.add(new Archive(spool, Transforms.ofArchive(job, clock.instant()))
                    .stage(run, data, names.ofArchive(job.archive().get())));
        }
        files.addAll(new ControlFileWriter(job, spool).stage(run, files, data, names));
        checkPaths(run, files);
        return files;
    }

    /** Checks that no name is used twice, including the names for KEEP_BOTH. */
    private void checkPaths(ExportRun run, List<StagedFile> files) {
        Map<String, StagedFile> seen = new HashMap<>();
        for (StagedFile file : files) {
            checkPath(run, file, seen);
        }
        for (StagedFile file : files) {
            if (ControlFileWriter.ifExists(job, file.definition()) == IfExists.KEEP_BOTH) {
                checkPath(run, file.marked("-r" + run.number()), seen);
            }
        }
    }

    private void checkPath(ExportRun run, StagedFile file, Map<String, StagedFile> seen) {
        StagedFile other = seen.put(SafeName.withoutCase(file.path()), file);
        if (other != null) {
            throw new InvalidDefinitionException(
                    job.toString(),
                    List.of("two files of run " + run.number() + " may get the name '" + file.path() + "': "
                            + whatToDo(file, other)));
        }
    }

    private static String whatToDo(StagedFile file, StagedFile other) {
        if (file.role() != FileRole.DATA) {
            return "name the control files otherwise";
        }
        return other.definition().equals(file.definition())
                ? "let folderPer and filePer give values that differ by more than case, and put a hyphen between"
                        + " {partition} and {part}"
                : "put {definition} into the names";
    }
}
