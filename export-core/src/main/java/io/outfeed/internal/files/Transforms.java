package io.outfeed.internal.files;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.file.FileRole;
import io.outfeed.file.PlainCopies;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.internal.transform.CompressorThreads;
import io.outfeed.internal.transform.TransformChain;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the bytes of a run's files.
 *
 * @param chain the transforms of a file
 * @param copies whether the plain bytes of encrypted files are kept
 * @param now the time of the engine
 * @param compressors compress beside the thread of the run
 */
public record Transforms(TransformChain chain, PlainCopies copies, Instant now, CompressorThreads compressors) {

    /** Returns what becomes of the data files of a definition. */
    public static Transforms ofData(
            ExportJob job, ExportDefinition<?> definition, Instant now, CompressorThreads compressors) {
        return of(job, job.transforms(definition), now, compressors);
    }

    /** Returns what becomes of the archive. It is compressed already: what its transforms do is not worth a thread. */
    static Transforms ofArchive(ExportJob job, Instant now) {
        return of(job, job.transforms(), now, new CompressorThreads(0));
    }

    /**
     * Reads a file of a run back, by the transforms that the job has now, if it has been written by such.
     *
     * @param sent the bytes that were delivered; closed with the returned stream
     * @return the plain bytes; empty if a transform can't read back, or the file was written by others
     * @throws IOException if the bytes are not those of such a file
     */
    public static Optional<InputStream> readBack(ExportJob job, StagedFile file, InputStream sent) throws IOException {
        List<FileTransform> transforms = file.role() == FileRole.ARCHIVE
                ? job.transforms()
                : job.definitions().stream()
                        .filter(definition -> definition.name().equals(file.definition()))
                        .findFirst()
                        .<List<FileTransform>>map(job::transforms)
                        .orElse(List.of());
        TransformChain chain = new TransformChain(transforms);
        return file.name().endsWith(chain.endings()) ? chain.undo(sent) : Optional.empty();
    }

    private static Transforms of(
            ExportJob job, List<FileTransform> transforms, Instant now, CompressorThreads compressors) {
        return new Transforms(new TransformChain(transforms), job.plainCopies(), now, compressors);
    }

    /** Whether a plain copy of each file is kept. */
    boolean keepsCopy() {
        return copies == PlainCopies.KEEP && chain.encrypts();
    }
}
