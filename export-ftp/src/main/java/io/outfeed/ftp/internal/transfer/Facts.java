package io.outfeed.ftp.internal.transfer;

import io.outfeed.delivery.Inspection;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a server says of a file, by {@code MLST}, {@code SIZE} and {@code MDTM}. */
final class Facts {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);
    private static final int TIME_LENGTH = 14;

    private Facts() {}

    /** What the reply to {@code MLST} says. */
    static Inspection inspection(List<String> reply) {
        Map<String, String> facts = parse(reply);
        String type = facts.getOrDefault("type", "").toLowerCase(Locale.ROOT);
        if (type.isEmpty()) {
            return Inspection.notSaid();
        }
        if (!type.equals("file")) {
            return Inspection.other();
        }
        Optional<Long> size = number(facts.getOrDefault("size", ""));
        if (size.isEmpty()) {
            return Inspection.notSaid();
        }
        return Inspection.present(
                size.get(),
                time(facts.getOrDefault("modify", "")),
                Optional.ofNullable(facts.get("unique")).filter(unique -> !unique.isEmpty()));
    }

    /** Whether the reply to {@code MLST} is about a directory. */
    static boolean isDirectory(List<String> reply) {
        return List.of("dir", "cdir", "pdir")
                .contains(parse(reply).getOrDefault("type", "").toLowerCase(Locale.ROOT));
    }

    /** The facts end with a blank, after which the name comes. */
    private static Map<String, String> parse(List<String> reply) {
        Map<String, String> facts = new HashMap<>();
        for (String line : reply) {
            int blank = line.indexOf(' ', 1);
            if (line.startsWith(" ") && blank > 0) {
                for (String fact : line.substring(1, blank).split(";", -1)) {
                    int equals = fact.indexOf('=');
                    if (equals > 0) {
                        facts.put(fact.substring(0, equals).toLowerCase(Locale.ROOT), fact.substring(equals + 1));
                    }
                }
                return facts;
            }
        }
        return facts;
    }

    /** The number of a reply such as {@code 213 1234}. */
    static Optional<Long> numberOf(List<String> reply) {
        return reply.size() == 1 && reply.get(0).length() > 4
                ? number(reply.get(0).substring(4).strip())
                : Optional.empty();
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text)).filter(number -> number >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The time of a reply such as {@code 213 20261129115403}. */
    static Optional<Instant> timeOf(List<String> reply) {
        return reply.size() == 1 && reply.get(0).length() > 4
                ? time(reply.get(0).substring(4).strip())
                : Optional.empty();
    }

    /** Parts of a second are left out: servers say them by one command, and not by another. */
    private static Optional<Instant> time(String text) {
        if (text.length() < TIME_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    LocalDateTime.parse(text.substring(0, TIME_LENGTH), TIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
