package io.outfeed.dictionary;

import io.outfeed.ControlFiles;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.field.FieldMapping;
import io.outfeed.field.SkippedField;
import io.outfeed.file.FileSpec;
import io.outfeed.file.WhenEmpty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The data dictionary of a job's files, which a receiver reads and signs: names, format, and each column with its type,
 * its codes and what it means. The same job always gives the same text, so that a host can keep it under version
 * control and have {@code FeedContract} of export-testing compare it.
 *
 * <p>Immutable. Has names, codes and descriptions of the host's code and layouts, and no values of records.
 */
public final class DataDictionary {

    private final ExportJob job;

    private DataDictionary(ExportJob job) {
        this.job = job;
    }

    /**
     * Returns the dictionary of a job.
     *
     * @param job the job, whose layouts count
     * @return its dictionary
     */
    public static DataDictionary of(ExportJob job) {
        return new DataDictionary(job);
    }

    /**
     * Writes the dictionary in Markdown.
     *
     * @return the text, with lines that end with line feeds
     */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder("# ").append(job.name()).append("\n\n");
        if (!job.description().isEmpty()) {
            text.append(escaped(job.description())).append("\n\n");
        }
        job.archive()
                .ifPresent(name -> text.append("All files are in the archive ")
                        .append(code(name.toString()))
                        .append(".\n\n"));
        job.definitions().forEach(definition -> write(definition, text));
        if (!job.controlFiles().equals(ControlFiles.none())) {
            text.append("## Control files\n\nEach run has: ")
                    .append(escaped(job.controlFiles().toString()))
                    .append(".\n\n");
        }
        return text.substring(0, text.length() - 1);
    }

    private void write(ExportDefinition<?> definition, StringBuilder text) {
        FileSpec file = definition.file();
        text.append("## ").append(definition.name()).append("\n\n");
        item("File", code(file.name().toString()), text);
        item("Format", escaped(file.format().toString()), text);
        if (!job.transforms(definition).isEmpty()) {
            item("Transforms", escaped(job.transforms(definition).toString()), text);
        }
        item("Without records", whenEmpty(file.whenEmpty()), text);
        definition.changes().ifPresent(changes -> item("Rows", "those that were added, changed or removed", text));
        text.append("\n| | Column | Type | Required | Meaning |\n| --- | --- | --- | --- | --- |\n");
        List<? extends FieldMapping<?>> mappings = definition.fields().mappings();
        for (int i = 0; i < mappings.size(); i++) {
            write(i + 1, mappings.get(i), text);
        }
        text.append('\n');
        for (FieldMapping<?> mapping : mappings) {
            if (!mapping.codes().isEmpty()) {
                text.append("Codes of ")
                        .append(code(mapping.header()))
                        .append(": ")
                        .append(mapping.codes().stream()
                                .map(DataDictionary::code)
                                .collect(Collectors.joining(", ")))
                        .append(".\n\n");
            }
        }
        List<SkippedField> skipped = definition.fields().skipped();
        if (!skipped.isEmpty()) {
            text.append("Not in the file: ")
                    .append(skipped.stream()
                            .map(field -> code(field.name()) + " (" + escaped(field.reason()) + ")")
                            .collect(Collectors.joining(", ")))
                    .append(".\n\n");
        }
    }

    private static void item(String name, String value, StringBuilder text) {
        text.append("- ").append(name).append(": ").append(value).append('\n');
    }

    private static void write(int number, FieldMapping<?> mapping, StringBuilder text) {
        List<String> meaning = new ArrayList<>();
        if (!mapping.description().isEmpty()) {
            meaning.add(escaped(mapping.description()));
        }
        if (!mapping.name().equals(mapping.header())) {
            meaning.add("field " + code(mapping.name()));
        }
        if (mapping.sensitive()) {
            meaning.add("sensitive");
        }
        meaning.add(mapping.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        text.append("| ")
                .append(number)
                .append(" | ")
                .append(code(mapping.header()))
                .append(" | ")
                .append(mapping.type()
                        .map(type -> type.toString().toLowerCase(Locale.ROOT))
                        .orElse("any"))
                .append(" | ")
                .append(mapping.required() ? "yes" : "")
                .append(" | ")
                .append(String.join("; ", meaning))
                .append(" |\n");
    }

    private static String whenEmpty(WhenEmpty whenEmpty) {
        return switch (whenEmpty) {
            case HEADER_ONLY -> "a file without records";
            case NO_FILE -> "no file";
            case FAIL -> "no file: the run fails";
        };
    }

    /** Returns a text as code; a grave accent would end it. */
    private static String code(String text) {
        String cell = text.replace("|", "\\|").replace('\n', ' ').replace('\r', ' ');
        return text.contains("`") ? "`` " + cell + " ``" : "`" + cell + "`";
    }

    private static String escaped(String text) {
        Set<Character> marks = Set.of('|', '<', '*', '_', '`', '[', '\\');
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (marks.contains(c)) {
                escaped.append('\\');
            }
            escaped.append(c == '\n' || c == '\r' ? ' ' : c);
        }
        return escaped.toString();
    }

    /** The name of the job. */
    @Override
    public String toString() {
        return "data dictionary of " + job;
    }
}
