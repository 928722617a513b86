package io.outfeed.internal.files;

import io.outfeed.ExportDefinition;
import io.outfeed.error.ExportException;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.file.FileRole;
import io.outfeed.file.FileSpec;
import io.outfeed.file.StagedFile;
import io.outfeed.format.FileLayout;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordWriter;
import io.outfeed.format.RejectedCellException;
import io.outfeed.internal.failure.Context;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.internal.mapping.FileKey;
import io.outfeed.internal.mapping.MappedRecord;
import io.outfeed.internal.spool.OpenFiles;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.internal.transform.TransformChain;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of a definition to files: one for each folder and partition, and several in a row where they are
 * split. Files pass through their transforms while they are written; where values of the rows decide which files there
 * are, when they are finished, since many are open at a time and a compressor for each would need too much memory. Used
 * by one thread.
 */
final class PartitionedFiles {

    /** The limit keeps a run's record small, which has all files and is written with every step. */
    private static final int MAX_FILES = 1000;

    private static final TransformChain NO_TRANSFORMS = new TransformChain(List.of());

    private final ExportRun run;
    private final ExportDefinition<?> definition;
    private final FileSpec spec;
    private final FileLayout layout;
    private final String label;
    private final RunFileName name;
    private final Transforms transforms;

    /** Whether files pass through their transforms while they are written, rather than when they are finished. */
    private final boolean atOnce;

    private final SpoolDirectory spool;
    private final OpenFiles unfinished;
    private final Map<String, Parts> places = new TreeMap<>();
    private @Nullable RecordWriter scale;

    /**
     * Creates no file yet.
     *
     * @param label distinguishes the unfinished files of a definition
     * @param unfinished the unfinished files of the definition, which are counted and closed there
     */
    PartitionedFiles(
            ExportRun run,
            ExportDefinition<?> definition,
            FileLayout layout,
            String label,
            RunFileName name,
            Transforms transforms,
            SpoolDirectory spool,
            OpenFiles unfinished) {
        this.run = run;
        this.definition = definition;
        this.spec = definition.file();
        this.layout = layout;
        this.label = label;
        this.name = name;
        this.transforms = transforms;
        this.atOnce = transforms.chain().isEmpty()
                || (definition.folderPer().isEmpty() && definition.filePer().isEmpty());
        this.spool = spool;
        this.unfinished = unfinished;
    }

    /**
     * Writes a row.
     *
     * @param key names the record in a message
     * @throws io.outfeed.error.MappingException if the format rejects a cell; nothing of the row was written
     */
    void write(MappedRecord.Row row, String key) {
        format(() -> {
            try {
                parts(row.place()).write(row.cells());
            } catch (RejectedCellException e) {
                throw CellFailure.failure(e, layout, key, Context.of(run));
            }
        });
    }

    /** Creates a file with a header if there is none, unless values of the rows decide which files there are. */
    void writeHeader() {
        if (definition.folderPer().isEmpty() && definition.filePer().isEmpty()) {
            format(() -> parts("").writeHeader());
        }
    }

    /** Finishes all files. */
    List<StagedFile> finish() {
        List<StagedFile> finished = new ArrayList<>();
        format(() -> {
            for (Parts parts : places.values()) {
                finished.addAll(parts.finish());
            }
        });
        return finished;
    }

    /** Releases what the transforms of unfinished files hold, after a failure. */
    void abort() {
        places.values().forEach(Parts::abort);
    }

    /** A step of writing: the disk may fail, and so may a format, which may be code of the host. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void format(Step step) {
        try {
            step.run();
        } catch (ExportException e) {
            throw e;
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        } catch (Throwable e) {
            throw new ExportException(
                    "the format of " + definition + " has failed ("
                            + e.getClass().getName()
                            + "): nothing was published; correct the format, and the next run covers the window"
                            + Context.of(run),
                    HostCalls.redact(e));
        }
    }

    private Parts parts(String place) {
        Parts parts = places.get(place);
        if (parts == null) {
            parts = new Parts(FileKey.of(place));
            places.put(place, parts);
        }
        return parts;
    }

    private InvalidDefinitionException tooMany() {
        boolean folders = definition.folderPer().isPresent();
        boolean partitions = definition.filePer().isPresent();
        boolean split =
                spec.splitAfterRows().isPresent() || spec.splitAfterBytes().isPresent();
        String problem;
        if (split) {
            problem = "the rows of one run are split into more than " + MAX_FILES
                    + " files: raise splitAfterRows or splitAfterBytes"
                    + (folders || partitions ? ", or choose values that fewer files come of" : "");
        } else if (folders && partitions) {
            problem = "folderPer and filePer give more than " + MAX_FILES
                    + " files in one run: choose values that fewer files come of";
        } else {
            problem = (folders ? "folderPer" : "filePer") + " gives more than " + MAX_FILES
                    + " files in one run: choose a value that fewer files come of";
        }
        return new InvalidDefinitionException(definition.toString(), List.of(problem));
    }

    /** Returns how many bytes a row adds to a file. */
    private long bytes(RecordCells cells) throws IOException {
        RecordWriter writer = scale;
        if (writer == null) {
            writer = spec.format().open(layout, OutputStream.nullOutputStream());
            scale = writer;
        }
        long before = writer.bytes();
        writer.write(cells);
        return writer.bytes() - before;
    }

    /** The files of one folder and partition, one after the other. */
    private final class Parts {

        private final FileKey place;
        private final List<StagedFile> finished = new ArrayList<>();
        private @Nullable OpenFile open;
        private boolean headerWanted;

        private Parts(FileKey place) {
            this.place = place;
        }

        private void write(RecordCells cells) throws IOException {
            OpenFile file = open;
            if (file != null && !fits(cells, file)) {
                finishOpen(file);
            }
            file = open();
            file.write(cells);
            if (spec.splitAfterRows().isPresent()
                    && file.rows() == spec.splitAfterRows().getAsLong()) {
                finishOpen(file);
            }
        }

        private boolean fits(RecordCells cells, OpenFile file) throws IOException {
            return spec.splitAfterBytes().isEmpty()
                    || file.rows() == 0
                    || file.writer.bytes() + bytes(cells)
                            <= spec.splitAfterBytes().getAsLong();
        }

        private void writeHeader() throws IOException {
            headerWanted = true;
            if (finished.isEmpty()) {
                open();
            }
        }

        /** Finishes the open file; one without rows is deleted, unless its header is wanted. */
        private List<StagedFile> finish() throws IOException {
            OpenFile file = open;
            if (file != null && file.rows() == 0 && !(headerWanted && finished.isEmpty())) {
                open = null;
                file.delete();
            } else if (file != null) {
                finishOpen(file);
            }
            return finished;
        }

        private void abort() {
            if (open != null) {
                open.abort();
            }
        }

        private OpenFile open() throws IOException {
            OpenFile file = open;
            if (file == null) {
                if (unfinished.created() == MAX_FILES) {
                    throw tooMany();
                }
                String working = definition.name() + label + "-" + unfinished.created();
                file = new OpenFile(
                        spool.create(run.number(), working, unfinished),
                        place.folder(),
                        name.of(place.partition(), finished.size() + 1));
                open = file;
            }
            return file;
        }

        private void finishOpen(OpenFile file) throws IOException {
            finished.add(file.finish());
            open = null;
        }
    }

    /** One file that is being written. */
    private final class OpenFile {

        private final String folder;
        private final String fileName;
        private final SpoolDirectory.Part part;
        private final SpoolDirectory.Part copy;
        private final TransformedOutput out;
        private final TotalsWriter writer;

        private OpenFile(SpoolDirectory.Part part, String folder, String fileName) throws IOException {
            this.part = part;
            this.folder = folder;
            this.fileName = fileName;
            this.copy = part.sibling(".plain");
            this.out = open(atOnce ? transforms.chain() : NO_TRANSFORMS, part, copy);
            try {
                this.writer = new TotalsWriter(spec, layout, out);
            } catch (IOException | RuntimeException | Error e) {
                out.abort();
                throw e;
            }
        }

        private TransformedOutput open(TransformChain chain, SpoolDirectory.Part sent, SpoolDirectory.Part plain)
                throws IOException {
            return TransformedOutput.open(
                    chain,
                    transforms.compressors(),
                    fileName,
                    transforms.now(),
                    sent.output(),
                    transforms.keepsCopy() && atOnce ? plain.output() : OutputStream.nullOutputStream(),
                    Context.of(run));
        }

        private void write(RecordCells cells) throws IOException {
            writer.write(cells);
        }

        private long rows() {
            return writer.rows();
        }

        private StagedFile finish() throws IOException {
            writer.finish();
            out.close();
            return atOnce ? finish(part, copy, out) : transform();
        }

        private StagedFile finish(SpoolDirectory.Part sent, SpoolDirectory.Part plain, TransformedOutput counted)
                throws IOException {
            StagedFile file = new StagedFile(
                    FileRole.DATA,
                    definition.name(),
                    folder,
                    fileName,
                    rows(),
                    counted.bytes(),
                    counted.sha256(),
                    writer.totals().sums(),
                    counted.plain(transforms.keepsCopy()));
            if (transforms.keepsCopy()) {
                plain.finishPlain(run.number(), file);
            }
            sent.finish(run.number(), file);
            return file;
        }

        /** Transforms a finished file. */
        private StagedFile transform() throws IOException {
            SpoolDirectory.Part transformed = part.sibling(".transformed");
            TransformedOutput counted = open(transforms.chain(), transformed, part);
            try {
                part.copyTo(counted);
                counted.close();
            } catch (IOException | ExportException e) {
                counted.abort();
                throw e;
            }
            StagedFile file = finish(transformed, part, counted);
            if (!transforms.keepsCopy()) {
                part.delete();
            }
            return file;
        }

        private void abort() {
            out.abort();
        }

        /** Deletes a file that is not wanted. */
        private void delete() throws IOException {
            abort();
            copy.deleteIfExists();
            part.delete();
        }
    }
}
