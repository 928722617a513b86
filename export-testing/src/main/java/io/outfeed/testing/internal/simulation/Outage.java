package io.outfeed.testing.internal.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A line of the table {@code month.txt}: what is out, and how often it is to be told. */
record Outage(
        String what, String which, Instant from, Instant until, FailureCode code, int opened, int reminded, int ended) {

    static List<Outage> table() {
        try (InputStream table = requireNonNull(Outage.class.getResourceAsStream("month.txt"))) {
            return new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Outage.of(List.of(line.strip().split("\\s+"))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outage of(List<String> words) {
        Instant from = Instant.parse("2026-03-" + words.get(2) + ":00Z");
        return new Outage(
                words.get(0),
                words.get(1),
                from,
                from.plus(Duration.parse("PT" + words.get(3))),
                FailureCode.valueOf(words.get(4)),
                Integer.parseInt(words.get(5)),
                Integer.parseInt(words.get(6)),
                Integer.parseInt(words.get(7)));
    }

    boolean isOut(Instant now) {
        boolean out = !now.isBefore(from) && now.isBefore(until);
        long twenties = Duration.between(from, now).toMinutes() / 20;
        return what.equals("flapping") ? out && twenties % 2 == 0 : out;
    }

    /** Whether its state may be set by it at a time: before and after it another outage may. */
    boolean concerns(Instant now) {
        return !now.isBefore(from) && !now.isAfter(until);
    }

    boolean isFor(Incident incident) {
        return incident.code() == code
                && incident.scope().toString().equals(scope())
                && !incident.openedAt().isBefore(from)
                && !incident.openedAt().isAfter(until);
    }

    /** What notices of it are about. */
    private String scope() {
        return switch (what) {
            case "server", "flapping" -> "server " + which;
            case "login" -> "login exports@" + which;
            case "recipient" -> "recipient " + which + "/second";
            case "source" -> "source " + which;
            case "store" -> "store store";
            default -> what + " " + which;
        };
    }

    String expected() {
        return told(opened, reminded, ended);
    }

    String told(List<Digest> digests) {
        Map<Kind, Integer> kinds = new TreeMap<>();
        digests.stream()
                .flatMap(digest -> digest.notices().stream())
                .filter(notice -> isFor(notice.incident()))
                .forEach(notice -> kinds.merge(notice.kind(), 1, Integer::sum));
        int both = kinds.getOrDefault(Kind.OPENED_AND_ENDED, 0);
        return told(
                kinds.getOrDefault(Kind.OPENED, 0) + both,
                kinds.getOrDefault(Kind.REMINDER, 0),
                kinds.getOrDefault(Kind.ENDED, 0) + both);
    }

    private String told(int opened, int reminded, int ended) {
        return this + ": " + opened + " new, " + reminded + " reminders, " + ended + " over";
    }

    @Override
    public String toString() {
        return scope() + " from " + from;
    }
}
