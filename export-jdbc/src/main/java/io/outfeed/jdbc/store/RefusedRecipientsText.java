package io.outfeed.jdbc.store;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientDelivery.Refusal;
import io.outfeed.error.FailureCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The refused recipients of a job as a text, one a line: delivery, number, key, whether the file was sent to it again,
 * code and status, such as {@code office 2 0a1b false DESTINATION_MISSING 550+5.1.1}. Keys and statuses are
 * URL-encoded.
 */
final class RefusedRecipientsText {

    private RefusedRecipientsText() {}

    static @Nullable String write(Map<String, List<RecipientDelivery>> refused) {
        return refused.isEmpty()
                ? null
                : refused.entrySet().stream()
                        .flatMap(delivery ->
                                delivery.getValue().stream().map(recipient -> line(delivery.getKey(), recipient)))
                        .collect(Collectors.joining("\n"));
    }

    private static String line(String delivery, RecipientDelivery recipient) {
        Refusal refusal = recipient.refusal().orElseThrow();
        return String.join(
                " ",
                delivery,
                Integer.toString(recipient.number()),
                encoded(recipient.key()),
                Boolean.toString(recipient.repeated()),
                refusal.code().name(),
                encoded(refusal.status()));
    }

    static Map<String, List<RecipientDelivery>> read(@Nullable String lines) {
        Map<String, List<RecipientDelivery>> refused = new LinkedHashMap<>();
        if (lines != null) {
            lines.lines().forEach(line -> {
                String[] parts = line.split(" ", -1);
                refused.computeIfAbsent(parts[0], id -> new ArrayList<>()).add(recipient(parts));
            });
        }
        return refused;
    }

    private static RecipientDelivery recipient(String[] parts) {
        return new RecipientDelivery(
                Integer.parseInt(parts[1]),
                decoded(parts[2]),
                RecipientDelivery.State.REFUSED,
                Boolean.parseBoolean(parts[3]),
                Optional.of(new Refusal(FailureCode.valueOf(parts[4]), decoded(parts[5]))));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
