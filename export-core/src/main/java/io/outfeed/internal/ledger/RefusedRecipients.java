package io.outfeed.internal.ledger;

import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.run.ExportRun;
import io.outfeed.run.file.FileDelivery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The recipients that the destinations of a job refuse, from one run to the next: runs without files, and runs that
 * fail, say nothing of recipients. Pure functions.
 */
public final class RefusedRecipients {

    private RefusedRecipients() {}

    /**
     * Returns the recipients that are refused after a run, or so far by one that is in progress.
     *
     * @param before those that were refused before it, by the id of their delivery
     */
    public static Map<String, List<RecipientDelivery>> after(
            Map<String, List<RecipientDelivery>> before, ExportRun run) {
        Map<String, List<RecipientDelivery>> after = new HashMap<>(before);
        run.deliveries().stream()
                .filter(step -> !step.recipients().isEmpty())
                .map(FileDelivery::delivery)
                .distinct()
                .forEach(id -> after.put(id, after(before.getOrDefault(id, List.of()), ofDelivery(run, id))));
        after.values().removeIf(List::isEmpty);
        return after;
    }

    private static List<FileDelivery> ofDelivery(ExportRun run, String id) {
        return run.deliveries().stream()
                .filter(step -> step.delivery().equals(id))
                .toList();
    }

    /** One of many files that is refused is enough: the recipient does not have all of them. */
    private static List<RecipientDelivery> after(List<RecipientDelivery> before, List<FileDelivery> steps) {
        Map<String, RecipientDelivery> refused = new LinkedHashMap<>();
        Set<String> accepted = new HashSet<>();
        for (FileDelivery step : steps) {
            step.recipients().stream()
                    .filter(RecipientDelivery::accepted)
                    .map(RecipientDelivery::key)
                    .forEach(accepted::add);
            if (step.recipients().stream().anyMatch(RecipientDelivery::accepted)) { // else the delivery has failed
                step.recipients().stream()
                        .filter(RecipientDelivery::refused)
                        .forEach(recipient -> refused.putIfAbsent(recipient.key(), recipient));
            }
        }
        boolean complete = steps.stream().allMatch(step -> step.receipt().isPresent());
        List<RecipientDelivery> after = new ArrayList<>(refused.values());
        if (!complete) { // else the others are in the list no more
            before.stream()
                    .filter(known -> !accepted.contains(known.key()) && !refused.containsKey(known.key()))
                    .forEach(after::add);
        }
        after.sort(Comparator.comparingInt(RecipientDelivery::number));
        return List.copyOf(after);
    }

    /** Returns those that a job still has, as far as its deliveries know their recipients. */
    public static Map<String, List<RecipientDelivery>> of(ExportJob job, Map<String, List<RecipientDelivery>> refused) {
        Map<String, List<RecipientDelivery>> known = new HashMap<>();
        Stream.concat(job.deliveries().stream(), job.copies().stream()).forEach(delivery -> {
            List<RecipientDelivery> left = of(delivery, refused.getOrDefault(delivery.id(), List.of()));
            if (!left.isEmpty()) {
                known.put(delivery.id(), left);
            }
        });
        return known;
    }

    private static List<RecipientDelivery> of(Delivery delivery, List<RecipientDelivery> refused) {
        Set<String> keys = refused.isEmpty() ? Set.of() : delivery.recipients();
        return keys.isEmpty()
                ? refused
                : refused.stream()
                        .filter(recipient -> keys.contains(recipient.key()))
                        .toList();
    }
}
