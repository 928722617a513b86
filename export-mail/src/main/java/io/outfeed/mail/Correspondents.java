package io.outfeed.mail;

import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From whom and to whom, as a builder collects it. Problems do not repeat an address, they number it. */
final class Correspondents {

    private @Nullable String from;
    private final List<String> to = new ArrayList<>();

    void from(String address) {
        from = address;
    }

    void to(List<String> addresses) {
        to.addAll(List.copyOf(addresses));
    }

    static List<String> split(String addresses) {
        return List.of(addresses.split(",", -1));
    }

    boolean nobody() {
        return to.isEmpty();
    }

    @Nullable
    InternetAddress sender(List<String> problems) {
        if (from == null) {
            problems.add("from is missing");
            return null;
        }
        return MailAddress.parse(from, "from", problems).orElse(null);
    }

    List<InternetAddress> recipients(List<String> problems) {
        return recipients(to, problems);
    }

    /** Reads those that are addresses; each of the others is a problem. */
    static List<InternetAddress> recipients(List<String> to, List<String> problems) {
        List<InternetAddress> recipients = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < to.size(); i++) {
            int number = i + 1;
            MailAddress.parse(to.get(i), "recipient " + number, problems).ifPresent(address -> {
                Integer earlier = seen.putIfAbsent(MailAddress.withoutCase(address), number);
                if (earlier != null) {
                    problems.add("recipients " + earlier + " and " + number + " have the same address");
                }
                recipients.add(address);
            });
        }
        return recipients;
    }
}
