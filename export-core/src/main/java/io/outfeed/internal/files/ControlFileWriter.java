package io.outfeed.internal.files;

import io.outfeed.ExportJob;
import io.outfeed.file.FileName;
import io.outfeed.file.FileNames;
import io.outfeed.file.FileRole;
import io.outfeed.file.IfExists;
import io.outfeed.file.StagedFile;
import io.outfeed.internal.io.DigestOutput;
import io.outfeed.internal.io.JsonWriter;
import io.outfeed.internal.io.JsonWriter.Layout;
import io.outfeed.internal.spool.SpoolDirectory;
import io.outfeed.run.ExportRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Stages the control files of a run in the order in which they are published: the manifest, the checksum files, and the
 * done files.
 */
public record ControlFileWriter(ExportJob job, SpoolDirectory spool) {

    private static final String FILE = "{file}";

    /**
     * Stages the control files.
     *
     * @param files the data files, or the archive that contains them
     * @param data one data file or more
     * @param names the names of a definition's files, whose values and marks are used
     */
    public List<StagedFile> stage(ExportRun run, List<StagedFile> files, List<StagedFile> data, RunFileName names) {
        List<StagedFile> staged = new ArrayList<>();
        try {
            if (job.controlFiles().manifest().isPresent()) {
                String name = names.ofRun(job.controlFiles().manifest().get());
                staged.add(write(run, FileRole.MANIFEST, "", "", name, manifest(run, files, data, names.sequence())));
            }
            if (job.controlFiles().checksumFile().isPresent()) {
                List<StagedFile> listed = new ArrayList<>(files);
                listed.addAll(staged);
                String pattern = job.controlFiles().checksumFile().get();
                staged.addAll(stage(run, FileRole.CHECKSUM, pattern, files, checksums(listed), names));
            }
            if (job.controlFiles().doneFile().isPresent()) {
                String pattern = job.controlFiles().doneFile().get();
                staged.addAll(stage(run, FileRole.DONE, pattern, files, "", names));
            }
        } catch (IOException e) {
            throw spool.cantWrite(run.number(), e);
        }
        return staged;
    }

    /** Stages a control file for each file, or one for the run with all of the text. */
    private List<StagedFile> stage(
            ExportRun run, FileRole role, String pattern, List<StagedFile> files, String ofRun, RunFileName names)
            throws IOException {
        if (!pattern.contains(FILE)) {
            return List.of(write(run, role, "", "", names.ofRun(FileName.of(pattern)), ofRun));
        }
        List<StagedFile> staged = new ArrayList<>();
        for (StagedFile file : files) {
            String name = names.unmarked(perFile(pattern, file.name()));
            String text = role == FileRole.CHECKSUM ? checksum(file, file.name()) : "";
            staged.add(write(run, role, file.definition(), file.folder(), name, text));
        }
        return staged;
    }

    /** The control file of a file may have the characters that the file has. */
    private static FileName perFile(String pattern, String file) {
        String own = pattern.replace(FILE, file);
        return FileNames.PORTABLE.clean(file).equals(file) ? FileName.of(own) : FileName.unicode(own);
    }

    private static String checksums(List<StagedFile> files) {
        return files.stream().map(file -> checksum(file, file.path())).collect(Collectors.joining());
    }

    /** A line as sha256sum writes it; a safe name has nothing that it would escape. */
    private static String checksum(StagedFile file, String path) {
        return file.sha256() + "  " + path + "\n";
    }

    private StagedFile write(
            ExportRun run, FileRole role, String definition, String folder, String name, String content)
            throws IOException {
        SpoolDirectory.Part part = spool.create(run.number(), "control");
        try {
            DigestOutput out = new DigestOutput(part.output());
            out.write(content.getBytes(StandardCharsets.UTF_8));
            StagedFile file = new StagedFile(role, definition, folder, name, 0, out.bytes(), out.sha256());
            part.finish(run.number(), file);
            return file;
        } finally {
            part.close();
        }
    }

    private static String manifest(ExportRun run, List<StagedFile> files, List<StagedFile> data, long sequence) {
        StringBuilder text = new StringBuilder();
        JsonWriter json = new JsonWriter(text).beginObject(Layout.LINES);
        json.name("job").value(run.job());
        json.name("run").value(run.number());
        json.name("trigger").value(run.trigger().name());
        json.name("sequence").value(sequence);
        json.name("windows").beginArray(Layout.LINES);
        run.windows().forEach((definition, window) -> {
            json.element().beginObject(Layout.INLINE);
            json.name("definition").value(definition);
            json.name("from").value(window.from().text());
            json.name("until").value(window.until().text());
            json.endObject();
        });
        json.endArray();
        json.name("files").beginArray(Layout.LINES);
        for (StagedFile file : files) {
            json.element().beginObject(Layout.INLINE);
            json.name("path").value(file.path());
            if (file.role() == FileRole.ARCHIVE) {
                content(file, json);
                json.name("entries").beginArray(Layout.LINES);
                for (StagedFile entry : data) {
                    json.element().beginObject(Layout.INLINE);
                    json.name("path").value(entry.path());
                    json.name("definition").value(entry.definition());
                    content(entry, json);
                    json.endObject();
                }
                json.endArray();
            } else {
                json.name("definition").value(file.definition());
                content(file, json);
            }
            json.endObject();
        }
        json.endArray().endObject();
        return text.append('\n').toString();
    }

    private static void content(StagedFile file, JsonWriter json) {
        json.name("rows").value(file.rows());
        json.name("bytes").value(file.bytes());
        json.name("sha256").value(file.sha256());
        if (!file.sums().isEmpty()) {
            json.name("sums").beginObject(Layout.INLINE);
            file.sums().forEach((field, sum) -> json.name(field).value(sum.toPlainString()));
            json.endObject();
        }
    }

    /**
     * Returns what to do if the name of a file is taken. A file of the whole run is treated as by the most careful
     * definition. FAIL if the job no longer has the definition.
     */
    public static IfExists ifExists(ExportJob job, String definition) {
        Set<IfExists> chosen = job.definitions().stream()
                .filter(candidate -> definition.isEmpty() || candidate.name().equals(definition))
                .map(candidate -> candidate.file().ifExists())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(IfExists.class)));
        return List.of(IfExists.FAIL, IfExists.WAIT, IfExists.KEEP_BOTH, IfExists.REPLACE).stream()
                .filter(chosen::contains)
                .findFirst()
                .orElse(IfExists.FAIL);
    }
}
