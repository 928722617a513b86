package io.outfeed.internal.files;

import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.io.UndatedZip;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.util.List;

/** Packs the data files of a run into one zip archive. */
public record Archive(SpoolDirectory spool) {

    /**
     * Stages the archive. The data files are moved into it one by one, and are no longer files of the run.
     *
     * @param data one data file or more, in the order of the entries; their paths differ
     */
    public StagedFile stage(ExportRun run, List<StagedFile> data, String name) {
        try {
            SpoolDirectory.Part part = spool.create(run.number(), "archive");
            try {
                DigestOutput counted = new DigestOutput(part.output());
                try (UndatedZip zip = new UndatedZip(counted)) {
                    for (StagedFile file : data) {
                        zip.beginEntry(file.path());
                        spool.move(run.number(), file, zip);
                    }
                }
                StagedFile archive = new StagedFile(
                        FileRole.ARCHIVE,
                        "",
                        "",
                        name,
                        data.stream().mapToLong(StagedFile::rows).sum(),
                        counted.bytes(),
                        counted.sha256());
                part.finish(run.number(), archive);
                return archive;
            } finally {
                part.close();
            }
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }
}
