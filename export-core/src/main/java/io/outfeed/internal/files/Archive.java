package io.outfeed.internal.files;

import io.outfeed.error.ExportException;
import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.io.UndatedZip;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Packs the data files of a run into one zip archive, which passes through the transforms of the job. */
public record Archive(SpoolDirectory spool, Transforms transforms) {

    /**
     * Stages the archive. The data files are moved into it one by one, and are no longer files of the run.
     *
     * @param data one data file or more, in the order of the entries; their paths differ
     */
    public StagedFile stage(ExportRun run, List<StagedFile> data, String name) {
        try {
            SpoolDirectory.Part part = spool.create(run.number(), "archive");
            SpoolDirectory.Part copy = part.sibling(".plain");
            try {
                TransformedOutput out = TransformedOutput.open(
                        transforms.chain(),
                        transforms.compressors(),
                        name,
                        transforms.now(),
                        part.output(),
                        transforms.keepsCopy() ? copy.output() : OutputStream.nullOutputStream(),
                        Context.of(run));
                try {
                    pack(run, data, out);
                } catch (IOException | ExportException e) {
                    out.abort();
                    throw e;
                }
                StagedFile archive = new StagedFile(
                        FileRole.ARCHIVE,
                        "",
                        "",
                        name,
                        data.stream().mapToLong(StagedFile::rows).sum(),
                        out.bytes(),
                        out.sha256(),
                        Map.of(),
                        out.plain(transforms.keepsCopy()));
                if (transforms.keepsCopy()) {
                    copy.finishPlain(run.number(), archive);
                }
                part.finish(run.number(), archive);
                return archive;
            } finally {
                copy.close();
                part.close();
            }
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
    }

    private void pack(ExportRun run, List<StagedFile> data, TransformedOutput out) throws IOException {
        try (UndatedZip zip = new UndatedZip(out)) {
            for (StagedFile file : data) {
                zip.beginEntry(file.path());
                spool.move(run.number(), file, zip);
            }
        }
    }
}
