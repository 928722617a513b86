package io.outfeed;

import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.Protection;
import io.outfeed.field.FieldMapping;
import io.outfeed.file.FileName;
import io.outfeed.file.FileNames;
import io.outfeed.format.FileLayout;
import io.outfeed.internal.check.Problems;
import io.outfeed.internal.check.SafeName;
import io.outfeed.internal.transform.TransformChain;
import io.outfeed.source.Position;
import io.outfeed.watermark.Watermark;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks that the parts of a job fit together. */
final class JobValidation {

    private JobValidation() {}

    /** Adds all problems of a job. Returns its parameters, with the defaults that its definitions declare. */
    static Map<String, String> check(String name, ExportJob.Options options, Problems problems) {
        SafeName.problem(name).ifPresent(problem -> problems.add("the name is no safe file name: " + problem));
        checkDefinitions(options, problems);
        checkFileNames(options, problems);
        checkDailySequence(options, problems);
        ControlFileNames names = ControlFileNames.of(options);
        names.check(options.definitions, problems);
        Map<String, String> parameters = JobParameters.merge(options.definitions, names, options.parameters, problems);
        checkTransforms(options, problems);
        checkDestinations(options, problems);
        checkAllowedNames(options, names, problems);
        checkDuration("retention", options.retention, problems);
        checkDuration("expectDeliveredWithin", options.expectedWithin, problems);
        problems.addIf(
                options.watch != null && options.deliveries.isEmpty(), "watch is set, but the job delivers nowhere");
        problems.addIf(
                options.retention != null && options.deliveries.isEmpty(),
                "retention is set, but the job delivers nowhere");
        checkDuration("maxDuration", options.maxDuration, problems);
        problems.addIf(options.retryFor.isNegative(), "retryFor must be zero or more, not " + options.retryFor);
        return parameters;
    }

    private static void checkDefinitions(ExportJob.Options options, Problems problems) {
        Set<String> names = new HashSet<>();
        for (ExportDefinition<?> definition : options.definitions) {
            problems.addIf(
                    !names.add(SafeName.withoutCase(definition.name())),
                    "definition '" + definition.name() + "' appears twice");
            options.startFrom.position().ifPresent(position -> checkStart(position, definition, problems));
            problems.addIf(
                    options.schedule != null && definition.schedulable() == Schedulable.NO,
                    "definition '" + definition.name()
                            + "' is not schedulable: remove the schedule, and start the job with runNow()");
        }
    }

    /** A position that the watermark can't read would fail each run. */
    private static void checkStart(Position position, ExportDefinition<?> definition, Problems problems) {
        Watermark<?> watermark = definition.watermark();
        Position beginning = watermark.beginning();
        if (!position.kind().equals(watermark.kind())) {
            problems.add("startFrom has a position of kind '" + position.kind() + "', and the watermark of definition '"
                    + definition.name() + "' is of kind '" + watermark.kind() + "': give one such as " + beginning);
            return;
        }
        try {
            int unused = watermark.compare(position, beginning);
        } catch (RuntimeException e) { // its message may be that of the host's code
            problems.add("startFrom has the position " + position + ", which the watermark of definition '"
                    + definition.name() + "' can't read: give one such as " + beginning);
        }
    }

    /** Names that are the same in each run: the files of a run would collide. */
    private static void checkFileNames(ExportJob.Options options, Problems problems) {
        Map<String, String> definitions = new HashMap<>();
        for (ExportDefinition<?> definition : options.definitions) {
            FileName name = definition.file().name();
            boolean own = Stream.of("definition", "partition", "window.from", "window.until", "window.lastDay")
                    .anyMatch(name::uses);
            if (own || definition.folderPer().isPresent()) {
                continue;
            }
            String other = definitions.putIfAbsent(SafeName.withoutCase(name.toString()), definition.name());
            problems.addIf(
                    other != null,
                    "definitions '" + other + "' and '" + definition.name() + "' have the same file name '" + name
                            + "': give each its own, or use {definition}");
        }
    }

    /** A job counts the runs of a day once: the day is that of one zone. */
    private static void checkDailySequence(ExportJob.Options options, Problems problems) {
        Stream<FileName> ofRun = Stream.of(
                        Optional.ofNullable(options.archive),
                        options.controlFiles.manifest(),
                        options.controlFiles.dataPackage())
                .flatMap(Optional::stream);
        List<ZoneId> zones = Stream.concat(
                        options.definitions.stream()
                                .map(definition -> definition.file().name()),
                        ofRun)
                .filter(name -> name.uses(FileName.DAILY_SEQUENCE))
                .map(FileName::zone)
                .distinct()
                .toList();
        problems.addIf(
                zones.size() > 1,
                "{" + FileName.DAILY_SEQUENCE + "} is in names of different zones " + zones
                        + ", and its day is that of one: give the names the same zone");
    }

    private static void checkDestinations(ExportJob.Options options, Problems problems) {
        List<Delivery> destinations = Stream.concat(options.deliveries.stream(), options.copies.stream())
                .toList();
        options.definitions.stream()
                .filter(definition -> !encrypts(options, definition))
                .forEach(definition -> checkSensitiveFields(definition, destinations, problems));
        Set<String> ids = new HashSet<>();
        for (Delivery delivery : destinations) {
            String id = delivery.id();
            SafeName.problem(id)
                    .ifPresent(problem -> problems.add("the id of delivery '" + id + "' is no safe name: " + problem));
            problems.addIf(!ids.add(SafeName.withoutCase(id)), "delivery '" + id + "' appears twice");
        }
    }

    /** Names of any script need deliveries that keep them. */
    private static void checkAllowedNames(ExportJob.Options options, ControlFileNames files, Problems problems) {
        List<String> unicode = new ArrayList<>();
        for (ExportDefinition<?> definition : options.definitions) {
            FileName name = definition.file().name();
            if (name.allowed() == FileNames.UNICODE) {
                unicode.add("file.name '" + name + "' of definition '" + definition.name() + "'");
            }
        }
        files.all().forEach((option, name) -> {
            if (name.allowed() == FileNames.UNICODE) {
                unicode.add(option + " '" + name + "'");
            }
        });
        if (unicode.isEmpty()) {
            return;
        }
        Stream.concat(options.deliveries.stream(), options.copies.stream())
                .filter(delivery -> delivery.fileNames() == FileNames.PORTABLE)
                .forEach(delivery -> problems.add("delivery '" + delivery.id() + "' takes portable names only, and "
                        + String.join(", ", unicode)
                        + " may have letters of any script and blanks: use FileName.of(\"...\"), or deliver by SFTP,"
                        + " by mail, or to a directory in a locale that has these letters, such as LC_ALL=C.UTF-8"));
    }

    /** A transform of the job may not fit the files of a definition. */
    private static void checkTransforms(ExportJob.Options options, Problems problems) {
        List<String> ofJob = new TransformChain(options.transforms).problems();
        ofJob.forEach(problem -> problems.add("transforms " + problem));
        for (ExportDefinition<?> definition : options.definitions) {
            new TransformChain(options.transforms(definition))
                    .problems().stream()
                            .filter(problem -> !ofJob.contains(problem))
                            .forEach(problem -> problems.add("transforms, with those of the file of definition '"
                                    + definition.name() + "', " + problem));
            FileLayout layout = DefinitionValidation.layout(definition);
            options.transforms.forEach(transform -> transform
                    .problems(layout)
                    .forEach(problem -> problems.add("transforms has " + transform + ", which does not fit definition '"
                            + definition.name() + "': " + problem)));
        }
    }

    /** Whether a transform encrypts what leaves of a definition. */
    private static boolean encrypts(ExportJob.Options options, ExportDefinition<?> definition) {
        return new TransformChain(options.archive == null ? options.transforms(definition) : options.transforms)
                .encrypts();
    }

    /** Sensitive fields may leave encrypted, or by protected deliveries. */
    private static void checkSensitiveFields(
            ExportDefinition<?> definition, List<Delivery> destinations, Problems problems) {
        List<String> sensitive = definition.fields().mappings().stream()
                .filter(FieldMapping::sensitive)
                .map(field -> "'" + field.name() + "'")
                .toList();
        if (sensitive.isEmpty()) {
            return;
        }
        for (Delivery delivery : destinations) {
            problems.addIf(
                    delivery.protection() == Protection.PLAIN,
                    (sensitive.size() == 1 ? "field " : "fields ") + String.join(", ", sensitive)
                            + " of definition '" + definition.name() + "' may leave only encrypted or by a protected"
                            + " delivery, and delivery '" + delivery.id() + "' is plain: encrypt the files, such as by"
                            + " transforms(PgpEncryption...) of export-pgp; or deliver by SFTP; or leave the "
                            + (sensitive.size() == 1 ? "field" : "fields")
                            + " out; or mask or hash the value and remove the mark SENSITIVE; or, if you know that the"
                            + " delivery is protected, let the delivery's protection() say so");
        }
    }

    private static void checkDuration(String option, @Nullable Duration duration, Problems problems) {
        problems.addIf(
                duration != null && (duration.isNegative() || duration.isZero()),
                option + " must be more than zero, not " + duration);
    }
}
