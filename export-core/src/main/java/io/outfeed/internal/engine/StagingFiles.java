package io.outfeed.internal.engine;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportRun;
import io.outfeed.InvalidDefinitionException;
import io.outfeed.MappingException;
import io.outfeed.file.Compression;
import io.outfeed.file.RecordWriter;
import io.outfeed.file.StagedFile;
import io.outfeed.file.UnwritableCellException;
import io.outfeed.internal.format.Cell;
import io.outfeed.internal.format.DigestOutput;
import io.outfeed.internal.format.RowCells;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files that a definition's rows are written to: one, or one for each folder. Used by one thread. */
final class StagingFiles implements Closeable {

    /** Each folder of a run keeps a file open. */
    private static final int MAX_FOLDERS = 200;

    private final ExportRun run;
    private final ExportDefinition<?> definition;
    private final List<String> headers;
    private final String label;
    private final Spool spool;
    private final Map<String, OpenFile> open = new TreeMap<>();

    /** @param label tells the unfinished files of a definition apart */
    StagingFiles(ExportRun run, ExportDefinition<?> definition, List<String> headers, String label, Spool spool) {
        this.run = run;
        this.definition = definition;
        this.headers = headers;
        this.label = label;
        this.spool = spool;
    }

    /**
     * Writes a row.
     *
     * @param key names the record in a message
     * @throws MappingException if the format can't carry a cell; nothing of the row was written
     */
    void write(Outcome.Row row, String key) {
        try {
            file(row.folder()).write(row.cells());
        } catch (UnwritableCellException e) {
            String field = headers.get(e.column());
            String reason = String.valueOf(e.getMessage());
            throw new MappingException(
                    "can't write field '" + field + "' of record '" + key + "': " + reason + Context.of(run),
                    field,
                    key,
                    reason,
                    null);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Makes sure that there is a file, with a header at least, unless folders say where files go. */
    void writeHeader() {
        if (definition.folderPer().isEmpty()) {
            file("");
        }
    }

    /** Finishes all files under one name. */
    List<StagedFile> finish(String name) {
        List<StagedFile> files = new ArrayList<>();
        try {
            for (Map.Entry<String, OpenFile> entry : open.entrySet()) {
                files.add(entry.getValue().finish(entry.getKey(), name));
            }
        } catch (IOException e) {
            throw failure(e);
        }
        return files;
    }

    /** Closes what was not finished, after a failure: the spool removes the files. */
    @Override
    public void close() throws IOException {
        for (OpenFile file : open.values()) {
            file.part.close();
        }
    }

    private OpenFile file(String folder) {
        OpenFile file = open.get(folder);
        if (file == null) {
            if (open.size() == MAX_FOLDERS) {
                throw new InvalidDefinitionException(
                        definition.toString(),
                        List.of("folderPer gives more than " + MAX_FOLDERS
                                + " folders in one run: choose a value that fewer folders come of"));
            }
            try {
                file = new OpenFile(spool.create(run.number(), definition.name() + label + "-" + open.size()));
            } catch (IOException e) {
                throw failure(e);
            }
            open.put(folder, file);
        }
        return file;
    }

    private RuntimeException failure(IOException cause) {
        return spool.cantWrite(run.number(), cause);
    }

    /** One file that is being written. */
    private final class OpenFile {

        private final Spool.Part part;
        private final DigestOutput digest;
        private final RecordWriter writer;
        private long rows;

        private OpenFile(Spool.Part part) throws IOException {
            this.part = part;
            this.digest = new DigestOutput(part.output());
            this.writer = definition.file().format().open(headers, digest);
        }

        private void write(List<@Nullable Cell> cells) throws IOException {
            writer.write(new RowCells(cells));
            rows++;
        }

        private StagedFile finish(String folder, String name) throws IOException {
            writer.close();
            return definition.file().compression() == Compression.NONE
                    ? finish(part, digest, folder, name)
                    : compress(folder, name);
        }

        private StagedFile finish(Spool.Part whole, DigestOutput counted, String folder, String name)
                throws IOException {
            StagedFile file = new StagedFile(definition.name(), folder, name, rows, counted.bytes(), counted.sha256());
            whole.finish(run.number(), file);
            return file;
        }

        /** In the end, one file after the other: many open files would need a compressor each. */
        private StagedFile compress(String folder, String name) throws IOException {
            Spool.Part compressed = part.another(".compressed");
            try {
                DigestOutput counted = new DigestOutput(compressed.output());
                try (OutputStream out = definition.file().compression().compress(name, counted)) {
                    part.copyTo(out);
                }
                part.delete();
                return finish(compressed, counted, folder, name);
            } finally {
                compressed.close();
            }
        }
    }
}
