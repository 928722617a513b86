package io.outfeed.internal.io;

import java.util.Locale;
import java.util.Map;

/** Content types by the ending of a file's name. */
public final class ContentTypes {

    private static final String OTHER = "application/octet-stream";

    private static final Map<String, String> BY_ENDING = Map.ofEntries(
            Map.entry("csv", "text/csv"),
            Map.entry("tsv", "text/tab-separated-values"),
            Map.entry("txt", "text/plain"),
            Map.entry("sha256", "text/plain"),
            Map.entry("json", "application/json"),
            Map.entry("jsonl", "application/x-ndjson"),
            Map.entry("ndjson", "application/x-ndjson"),
            Map.entry("xml", "application/xml"),
            Map.entry("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            Map.entry("gz", "application/gzip"),
            Map.entry("zip", "application/zip"),
            Map.entry("pgp", "application/pgp-encrypted"),
            Map.entry("gpg", "application/pgp-encrypted"),
            Map.entry("asc", "application/pgp-encrypted"));

    private ContentTypes() {}

    /** Returns the type of what the last ending says: that of a compressed file is the compression. */
    public static String of(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return BY_ENDING.getOrDefault(ending, OTHER);
    }
}
