package io.outfeed.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.delivery.DeliveryReceipt;
import io.outfeed.delivery.Publication;
import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.delivery.RecipientDelivery.Refusal;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.model.RunBuilder;
import io.outfeed.run.ExportRun;
import io.outfeed.run.Trigger;
import io.outfeed.run.file.FileDelivery;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RefusedRecipientsTest {

    private static final Instant NOW = Instant.parse("2026-03-02T07:00:00Z");
    private static final RecipientDelivery A_ACCEPTED = sending(1, "a").toAccepted();
    private static final RecipientDelivery B_ACCEPTED = sending(2, "b").toAccepted();
    private static final RecipientDelivery B_REFUSED = refused(2, "b");
    private static final RecipientDelivery C_REFUSED = refused(3, "c");
    private static final RecipientDelivery C_DEFERRED =
            sending(3, "c").toDeferred(new Refusal(FailureCode.DESTINATION_FULL, "452 4.2.2"));
    private static final Map<String, List<RecipientDelivery>> NONE = Map.of();
    private static final Map<String, List<RecipientDelivery>> B = Map.of("office", List.of(B_REFUSED));

    @Test
    void should_be_those_of_the_files_that_were_delivered_last() {
        assertThat(RefusedRecipients.after(NONE, run(published(A_ACCEPTED, B_REFUSED))))
                .isEqualTo(B);
        assertThat(RefusedRecipients.after(B, run(published(A_ACCEPTED, B_ACCEPTED))))
                .isEmpty();
        assertThat(RefusedRecipients.after(B, run(published(A_ACCEPTED)))).isEmpty();
    }

    @Test
    void should_be_kept_by_runs_that_say_nothing_of_them() {
        assertThat(RefusedRecipients.after(B, run())).isEqualTo(B);
        assertThat(RefusedRecipients.after(B, run(FileDelivery.pending("office", "visits.csv"))))
                .isEqualTo(B);
        assertThat(RefusedRecipients.after(B, run(FileDelivery.pending("other", "visits.csv"))))
                .isEqualTo(B);
    }

    @Test
    void should_be_those_that_do_not_have_each_of_many_files() {
        assertThat(RefusedRecipients.after(
                        NONE, run(published(A_ACCEPTED, B_ACCEPTED), published(A_ACCEPTED, B_REFUSED))))
                .isEqualTo(B);
    }

    @Test
    void should_follow_a_run_that_waits_for_another_recipient() {
        FileDelivery waiting = open(A_ACCEPTED, B_ACCEPTED, C_DEFERRED);
        assertThat(RefusedRecipients.after(B, run(waiting))).isEmpty();
        assertThat(RefusedRecipients.after(
                        Map.of("office", List.of(B_REFUSED, C_REFUSED)), run(open(A_ACCEPTED, B_ACCEPTED, C_DEFERRED))))
                .isEqualTo(Map.of("office", List.of(C_REFUSED)));
        assertThat(RefusedRecipients.after(Map.of("office", List.of(C_REFUSED)), run(open(A_ACCEPTED, B_REFUSED))))
                .isEqualTo(Map.of("office", List.of(B_REFUSED, C_REFUSED)));
    }

    @Test
    void should_not_be_those_of_a_delivery_that_fails_since_it_refuses_all() {
        assertThat(RefusedRecipients.after(NONE, run(open(B_REFUSED, C_REFUSED))))
                .isEmpty();
    }

    private static RecipientDelivery sending(int number, String key) {
        return RecipientDelivery.pending(number, key).toSending();
    }

    private static RecipientDelivery refused(int number, String key) {
        return sending(number, key).toRefused(new Refusal(FailureCode.DESTINATION_MISSING, "550 5.1.1"));
    }

    private static FileDelivery open(RecipientDelivery... recipients) {
        FileDelivery step = FileDelivery.pending("office", "visits.csv");
        for (RecipientDelivery recipient : recipients) {
            step = step.toRecipient(recipient);
        }
        return step;
    }

    private static FileDelivery published(RecipientDelivery... recipients) {
        return FileDelivery.pending("office", "visits.csv")
                .toPublished(new DeliveryReceipt("mail:office", Publication.ACCEPTED, List.of(recipients)), NOW);
    }

    private static ExportRun run(FileDelivery... steps) {
        return RunBuilder.planned(1, "visits", Trigger.SCHEDULED, NOW)
                .deliveries(List.of(steps))
                .build();
    }
}
