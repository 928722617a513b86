package io.outfeed.internal.files;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.field.FieldMapping;
import io.outfeed.file.FileRole;
import io.outfeed.file.StagedFile;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.format.Column;
import io.outfeed.format.ColumnType;
import io.outfeed.format.FormatDescription;
import io.outfeed.internal.io.JsonWriter;
import io.outfeed.internal.io.JsonWriter.Layout;
import io.outfeed.run.ExportRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the descriptor of a run's data files as a <a href="https://datapackage.org/standard/data-package/">data
 * package</a>: where each file is, how its format is read, and what its columns are.
 */
record DataPackage(ExportJob job) {

    private static final String PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json";

    /**
     * Writes the descriptor.
     *
     * @param files the data files, or the archive that contains them
     * @param data the data files
     */
    String write(ExportRun run, List<StagedFile> files, List<StagedFile> data) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("$schema", PROFILE);
        descriptor.put("name", name(job.name()));
        if (!job.description().isEmpty()) {
            descriptor.put("description", job.description());
        }
        descriptor.put("created", run.fireTime().orElse(run.startedAt()).toString());
        Optional<StagedFile> archive =
                files.stream().filter(file -> file.role() == FileRole.ARCHIVE).findFirst();
        descriptor.put(
                "resources", data.stream().map(file -> resource(file, archive)).toList());
        StringBuilder text = new StringBuilder();
        write(new JsonWriter(text), descriptor, Layout.LINES);
        return text.append('\n').toString();
    }

    /** Names of packages and resources have small letters, digits, and some marks. */
    private static String name(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]", "-");
    }

    private Map<String, Object> resource(StagedFile file, Optional<StagedFile> archive) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("name", name(file.path()));
        resource.put("path", archive.orElse(file).path());
        archive.ifPresent(all -> {
            resource.put("compression", "zip");
            resource.put("innerpath", file.path());
        });
        if (archive.isEmpty()) {
            compression(file).ifPresent(name -> resource.put("compression", name));
        }
        resource.put("bytes", archive.orElse(file).bytes());
        resource.put("hash", "sha256:" + archive.orElse(file).sha256());
        job.definitions().stream()
                .filter(definition -> definition.name().equals(file.definition()))
                .findFirst()
                .ifPresent(definition -> describe(definition, resource));
        return resource;
    }

    /** Returns how a file is compressed, if nothing else becomes of its bytes. */
    private Optional<String> compression(StagedFile file) {
        List<FileTransform> transforms = job.definitions().stream()
                .filter(definition -> definition.name().equals(file.definition()))
                .flatMap(definition -> job.transforms(definition).stream())
                .toList();
        return transforms.size() == 1 && !transforms.get(0).encrypts()
                ? Optional.of(transforms.get(0).ending().substring(1))
                : Optional.empty();
    }

    private void describe(ExportDefinition<?> definition, Map<String, Object> resource) {
        resource.put("type", "table");
        Optional<FormatDescription> format = definition.file().format().description();
        format.ifPresent(known -> {
            resource.put("format", known.name());
            resource.put("mediatype", known.mediaType());
            known.charset()
                    .ifPresent(
                            charset -> resource.put("encoding", charset.name().toLowerCase(Locale.ROOT)));
            if (!known.dialect().isEmpty()) {
                resource.put("dialect", known.dialect());
            }
        });
        Map<String, Object> schema = new LinkedHashMap<>();
        List<? extends FieldMapping<?>> mappings = definition.fields().mappings();
        schema.put(
                "fields",
                new RowColumns(definition)
                        .layout(RowChange.ADDED).columns().stream()
                                .map(column -> field(column, mappings))
                                .toList());
        format.flatMap(FormatDescription::nullText).ifPresent(text -> schema.put("missingValues", List.of(text)));
        resource.put("schema", schema);
    }

    private static Map<String, Object> field(Column column, List<? extends FieldMapping<?>> mappings) {
        Map<String, Object> field = new LinkedHashMap<>();
        Optional<? extends FieldMapping<?>> mapping = mappings.stream()
                .filter(candidate -> candidate.name().equals(column.name()))
                .findFirst();
        field.put("name", column.header());
        field.put("type", column.type().map(DataPackage::type).orElse("any"));
        mapping.map(FieldMapping::description)
                .filter(description -> !description.isEmpty())
                .ifPresent(description -> field.put("description", description));
        Map<String, Object> constraints = new LinkedHashMap<>();
        if (column.required()) {
            constraints.put("required", true);
        }
        column.type()
                .filter(type -> type.length().isPresent() && type(type).equals("string"))
                .ifPresent(type ->
                        constraints.put("maxLength", (long) type.length().getAsInt()));
        mapping.map(FieldMapping::codes)
                .filter(codes -> !codes.isEmpty())
                .ifPresent(codes -> constraints.put("enum", codes));
        if (!constraints.isEmpty()) {
            field.put("constraints", constraints);
        }
        return field;
    }

    private static String type(ColumnType type) {
        return switch (type.cells()) {
            case TEXT -> "string";
            case INTEGER -> "integer";
            case DECIMAL -> "number";
            case BOOLEAN -> "boolean";
            case DATE -> "date";
            case TIME -> "time";
            case TIMESTAMP, INSTANT -> "datetime";
        };
    }

    private static void write(JsonWriter json, Object value, Layout layout) {
        if (value instanceof Map<?, ?> map) {
            json.beginObject(layout);
            map.forEach((name, member) -> write(json.name(String.valueOf(name)), member, layoutOf(name)));
            json.endObject();
        } else if (value instanceof List<?> list) {
            json.beginArray(layout);
            list.forEach(element -> write(json.element(), element, Layout.INLINE));
            json.endArray();
        } else if (value instanceof Boolean truth) {
            json.value(truth);
        } else if (value instanceof Number number) {
            json.value(number.longValue());
        } else {
            json.value(String.valueOf(value));
        }
    }

    /** Files and columns have a line each. */
    private static Layout layoutOf(Object name) {
        return name.equals("resources") || name.equals("fields") ? Layout.LINES : Layout.INLINE;
    }
}
