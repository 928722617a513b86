package io.outfeed.ftp.internal.connection;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a server says that it can do.
 *
 * @param facts whether it describes one file by {@code MLST}
 * @param utf8 whether names may have other characters than ASCII
 * @param hash whether it computes hashes by {@code HASH} with SHA-256
 * @param xsha256 whether it computes hashes by {@code XSHA256}
 */
public record ServerFeatures(boolean facts, boolean utf8, boolean hash, boolean xsha256) {

    /**
     * Reads the reply to {@code FEAT}: one feature a line; none if the server does not know the command.
     *
     * @param switchedOn whether it was asked for UTF-8 and agreed
     */
    static ServerFeatures of(List<String> reply, boolean switchedOn) {
        Set<String> lines = reply.stream()
                .map(line -> line.strip().toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        return new ServerFeatures(
                lines.stream().anyMatch(line -> line.startsWith("MLST") && line.contains("SIZE*")),
                switchedOn || lines.contains("UTF8"),
                lines.stream().anyMatch(line -> line.startsWith("HASH ") && line.contains("SHA-256")),
                lines.stream().anyMatch(line -> line.startsWith("XSHA256")));
    }
}
