package io.outfeed.internal.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.field.FieldMapping;
import io.outfeed.file.FileSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * A fingerprint of what a job declares about its files: a run that was planned by another job is planned anew. It has
 * no lambda and no class name, which differ from build to build: a host that changes code tells it by
 * {@code version}.
 */
final class Fingerprint {

    private Fingerprint() {}

    static String of(ExportJob job) {
        List<String> declared = new ArrayList<>();
        job.definitions().forEach(definition -> add(declared, definition));
        new TreeMap<>(job.parameters().asMap())
                .forEach((name, value) -> declared.add("parameter " + name + "=" + value));
        job.deliveries().stream().map(Delivery::fingerprint).forEach(text -> declared.add("delivery " + text));
        job.archive().ifPresent(name -> declared.add("archive " + name + " " + name.allowed()));
        job.controlFiles().manifest().ifPresent(name -> declared.add("manifest " + name + " " + name.allowed()));
        job.controlFiles().checksumFile().ifPresent(name -> declared.add("checksum file " + name));
        job.controlFiles().doneFile().ifPresent(name -> declared.add("done file " + name));
        return hash(declared);
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
        declared.add("names " + file.name().allowed());
        declared.add("file " + file.name() + " " + file.whenEmpty() + " " + file.ifExists() + " " + file.compression());
        declared.add("sums " + file.sums());
        declared.add("split " + file.splitAfterRows() + " " + file.splitAfterBytes());
        declared.add("format " + file.format().fingerprint());
        declared.add("lookback " + definition.lookback());
        declared.add("changes " + definition.changes().map(changes -> changes.keyColumns()));
        declared.add("latest " + definition.latestPerKey());
    }

    /** Each text with its length, so that no two lists give the same bytes. */
    private static String hash(List<String> declared) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : declared) {
                byte[] bytes = text.getBytes(UTF_8);
                digest.update((bytes.length + ":").getBytes(UTF_8));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
