package io.outfeed.internal.execution;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.field.FieldMapping;
import io.outfeed.file.FileName;
import io.outfeed.file.FileSpec;
import io.outfeed.file.transform.FileTransform;
import io.outfeed.internal.io.TextDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A fingerprint of what a job declares about its files: a run that was planned by another job is planned anew. It has
 * no lambda and no class name, which differ from build to build: a host that changes code tells it by
 * {@code version}.
 */
final class Fingerprint {

    private static final int BYTES = 16;

    private Fingerprint() {}

    static String of(ExportJob job) {
        List<String> declared = new ArrayList<>();
        job.definitions().forEach(definition -> add(declared, definition));
        new TreeMap<>(job.parameters().asMap())
                .forEach((name, value) -> declared.add("parameter " + name + "=" + value));
        job.deliveries().stream().map(Delivery::fingerprint).forEach(text -> declared.add("delivery " + text));
        job.archive().ifPresent(name -> declared.add("archive " + text(name)));
        add(declared, "transform", job.transforms());
        job.controlFiles().manifest().ifPresent(name -> declared.add("manifest " + text(name)));
        job.controlFiles().dataPackage().ifPresent(name -> declared.add("data package " + text(name)));
        job.controlFiles().checksumFile().ifPresent(name -> declared.add("checksum file " + name));
        job.controlFiles().doneFile().ifPresent(name -> declared.add("done file " + name));
        TextDigest digest = new TextDigest();
        declared.forEach(digest::add);
        job.definitions()
                .forEach(definition ->
                        digest.addTree(job.layout(definition.name()).toTree()));
        return digest.hex(BYTES);
    }

    private static String text(FileName name) {
        return name + " " + name.allowed() + " " + name.zone();
    }

    private static void add(List<String> declared, ExportDefinition<?> definition) {
        declared.add("definition " + definition.name() + " " + definition.version());
        declared.add("source " + definition.source().fingerprint());
        declared.add("watermark " + definition.watermark().kind());
        for (FieldMapping<?> field : definition.fields().mappings()) {
            declared.add("field " + field.name() + " " + field.kind() + (field.sensitive() ? " sensitive" : ""));
            declared.add("column " + field.header() + " " + field.type());
        }
        FileSpec file = definition.file();
        declared.add("file " + text(file.name()) + " " + file.whenEmpty() + " " + file.ifExists());
        add(declared, "file transform", file.transforms());
        declared.add("sums " + file.sums());
        declared.add("split " + file.splitAfterRows() + " " + file.splitAfterBytes());
        declared.add("format " + file.format().fingerprint());
        declared.add("lookback " + definition.lookback());
        declared.add("changes " + definition.changes().map(changes -> changes.keyColumns()));
        declared.add("latest " + definition.latestPerKey());
    }

    private static void add(List<String> declared, String what, List<FileTransform> transforms) {
        transforms.forEach(transform -> declared.add(what + " " + transform.ending() + " " + transform.fingerprint()));
    }
}
