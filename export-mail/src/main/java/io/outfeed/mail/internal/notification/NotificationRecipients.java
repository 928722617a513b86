package io.outfeed.mail.internal.notification;

import io.outfeed.event.ExportEvent;
import io.outfeed.internal.failure.HostCalls;
import io.outfeed.mail.internal.message.HeaderText;
import io.outfeed.mail.internal.message.MailAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recipients of each event: those of every mail, and those that the host names for the event. Thread-safe. */
public final class NotificationRecipients {

    private static final Logger log = LoggerFactory.getLogger(NotificationRecipients.class);

    private final String id;
    private final List<MailAddress> always;
    private final @Nullable Function<? super ExportEvent, ? extends List<String>> perEvent;

    /**
     * Makes the recipients of a notifier.
     *
     * @param id the id of the notifier, for the log
     * @param always the recipients of every mail
     * @param perEvent gives the others, or null
     */
    public NotificationRecipients(
            String id,
            List<MailAddress> always,
            @Nullable Function<? super ExportEvent, ? extends List<String>> perEvent) {
        this.id = id;
        this.always = List.copyOf(always);
        this.perEvent = perEvent;
    }

    /**
     * Each mailbox once. What is wrong with the host's addresses is logged.
     *
     * @param events those whose recipients get the mail
     */
    public List<MailAddress> of(EventSummary summary, List<ExportEvent> events) {
        Map<String, MailAddress> recipients = new LinkedHashMap<>();
        always.forEach(address -> recipients.put(address.mailbox(), address));
        if (perEvent == null) {
            return List.copyOf(recipients.values());
        }
        for (ExportEvent event : events) {
            List<String> problems = new ArrayList<>();
            MailAddress.parseAll(ofHost(perEvent, event, summary), "recipient", problems)
                    .forEach(address -> {
                        if (address.isAscii()) {
                            recipients.putIfAbsent(address.mailbox(), address);
                        } else { // a server that does not take it would get no mail for the others
                            problems.add("an address has letters beyond ASCII before the '@'");
                        }
                    });
            if (!problems.isEmpty()) {
                log.warn(
                        "Notifier '{}': of the recipients of '{}' some get no mail: {}{}",
                        id,
                        HeaderText.withoutControl(summary.what()),
                        String.join("; ", problems),
                        summary.about());
            }
        }
        return List.copyOf(recipients.values());
    }

    private List<String> ofHost(
            Function<? super ExportEvent, ? extends List<String>> function, ExportEvent event, EventSummary summary) {
        try {
            return List.copyOf(function.apply(event));
        } catch (Throwable e) { // the recipients of every mail get this one too
            log.warn(
                    "Notifier '{}': the recipients of '{}' could not be had{}",
                    id,
                    HeaderText.withoutControl(summary.what()),
                    summary.about(),
                    HostCalls.redact(e));
            return List.of();
        }
    }
}
