package io.outfeed.internal.files;

import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.io.UndatedZip;
import io.outfeed.internal.spool.Spool;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.util.List;

/** The one file in which a run's data files are delivered. */
public record Archive(Spool spool) {

    /**
     * Stages it: what was staged before goes into it, file by file, and is no file of the run any more.
     *
     * @param data one data file or more, in the order of the entries; their paths differ
     */
    public StagedFile stage(ExportRun run, List<StagedFile> data, String name) {
        try {
            Spool.Part part = spool.create(run.number(), "archive");
            try {
                DigestOutput counted = new DigestOutput(part.output());
                try (UndatedZip zip = new UndatedZip(counted)) {
                    for (StagedFile file : data) {
                        zip.begin(file.path());
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
