package io.outfeed.internal.engine;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportRun;
import io.outfeed.InvalidDefinitionException;
import io.outfeed.MappingException;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.format.CellText;
import io.outfeed.internal.format.DigestOutput;
import io.outfeed.internal.format.RecordFileWriter;
import io.outfeed.internal.format.Redacted;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files that a definition's records are written to: one, or one for each folder. Used by one thread. */
final class StagingFiles<T> implements Closeable {

    /** Each folder of a run keeps a file open. */
    private static final int MAX_FOLDERS = 200;

    private final ExportRun run;
    private final ExportDefinition<T> definition;
    private final Spool spool;
    private final CellText texts;
    private final Map<String, OpenFile> open = new TreeMap<>();

    StagingFiles(ExportRun run, ExportDefinition<T> definition, Spool spool) {
        this.run = run;
        this.definition = definition;
        this.spool = spool;
        this.texts = new CellText(definition.valueTexts(), Context.names(run));
    }

    void write(T record, String key) {
        String folder = folder(record, key);
        try {
            file(folder).write(record, key);
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
                file = new OpenFile(spool.create(run.number(), definition.name() + "-" + open.size()));
            } catch (IOException e) {
                throw failure(e);
            }
            open.put(folder, file);
        }
        return file;
    }

    private String folder(T record, String key) {
        if (definition.folderPer().isEmpty()) {
            return "";
        }
        String folder;
        try {
            folder = SafeName.clean(String.valueOf(definition.folderPer().get().apply(record)));
        } catch (RuntimeException e) {
            throw new MappingException(
                    "can't tell the folder of record '" + key + "' of " + definition + Context.of(run),
                    "folderPer",
                    key,
                    Redacted.of(e));
        }
        SafeName.problem(folder).ifPresent(problem -> {
            throw new MappingException(
                    "the folder of record '" + key + "' of " + definition + " is no safe name: " + problem
                            + Context.of(run),
                    "folderPer",
                    key,
                    null);
        });
        return folder;
    }

    private RuntimeException failure(IOException cause) {
        return spool.cantWrite(run.number(), cause);
    }

    /** One file that is being written. */
    private final class OpenFile {

        private final Spool.Part part;
        private final DigestOutput digest;
        private final RecordFileWriter<T> writer;
        private long rows;

        private OpenFile(Spool.Part part) throws IOException {
            this.part = part;
            this.digest = new DigestOutput(part.output());
            this.writer = new RecordFileWriter<>(
                    definition.file().format(), definition.fields().mappings(), texts, digest);
        }

        private void write(T record, String key) throws IOException {
            writer.write(record, key);
            rows++;
        }

        private StagedFile finish(String folder, String name) throws IOException {
            writer.flush();
            part.sync();
            writer.close();
            StagedFile file = new StagedFile(definition.name(), folder, name, rows, digest.bytes(), digest.sha256());
            part.finish(run.number(), file);
            return file;
        }
    }
}
