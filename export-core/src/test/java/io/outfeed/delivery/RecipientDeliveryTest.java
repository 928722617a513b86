package io.outfeed.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.outfeed.delivery.RecipientDelivery.Refusal;
import io.outfeed.delivery.RecipientDelivery.State;
import io.outfeed.error.FailureCode;
import io.outfeed.run.file.FileDelivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecipientDeliveryTest {

    private static final Refusal GONE = new Refusal(FailureCode.DESTINATION_MISSING, "550 5.1.1");

    private final RecipientDelivery pending = RecipientDelivery.pending(2, "0a1b2c");

    @Test
    void should_be_repeated_only_if_an_earlier_request_may_have_succeeded() {
        assertThat(pending.toSending().toAccepted().repeated()).isFalse();
        assertThat(pending.toSending().toDeferred(GONE).toSending().toAccepted().repeated())
                .isFalse();

        RecipientDelivery again = pending.toSending().toSending();
        assertThat(again.repeated()).isTrue();
        assertThat(again.toDeferred(GONE).toSending().toAccepted().repeated()).isTrue();
        assertThat(again.toRefused(GONE).repeated()).isTrue();
    }

    @Test
    void should_have_a_refusal_if_and_only_if_it_is_refused_or_deferred() {
        for (State state : State.values()) {
            boolean refused = state == State.REFUSED || state == State.DEFERRED;
            Optional<Refusal> wrong = refused ? Optional.empty() : Optional.of(GONE);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RecipientDelivery(1, "0a1b2c", state, false, wrong));
        }
        assertThat(pending.toRefused(GONE).toSending().refusal()).isEmpty();
    }

    @Test
    void should_not_show_its_key() {
        assertThat(pending.toRefused(GONE)).hasToString("recipient 2: REFUSED (DESTINATION_MISSING, 550 5.1.1)");
        assertThat(pending.toSending()).hasToString("recipient 2: SENDING");
    }

    @Test
    void should_be_replaced_by_its_key_in_the_delivery_of_a_file() {
        RecipientDelivery other = RecipientDelivery.pending(1, "ffff").toSending();
        FileDelivery file = FileDelivery.pending("office", "a.csv")
                .toPrepared(PreparedFile.direct("mail:office"))
                .toRecipient(other)
                .toRecipient(pending.toSending())
                .toRecipient(pending.toNumber(3).toSending().toAccepted());

        assertThat(file.recipients())
                .containsExactly(other, pending.toNumber(3).toSending().toAccepted());
        assertThat(file.toPending().recipients())
                .as("what was accepted stays so")
                .hasSize(2);
    }

    @Test
    void should_be_those_of_the_receipt_when_the_file_is_published() {
        FileDelivery file = FileDelivery.pending("office", "a.csv")
                .toPrepared(PreparedFile.direct("mail:office"))
                .toRecipient(RecipientDelivery.pending(1, "removed").toDeferred(GONE));
        List<RecipientDelivery> recipients = List.of(
                pending.toSending().toSending().toAccepted(),
                RecipientDelivery.pending(3, "3d").toRefused(GONE));
        DeliveryReceipt receipt = new DeliveryReceipt("mail:office", Publication.ACCEPTED, recipients);

        assertThat(file.toPublished(receipt, Instant.EPOCH).recipients()).isEqualTo(recipients);
        assertThat(receipt.repeated()).isTrue();
        assertThat(receipt.asRepeated().recipients()).isEqualTo(recipients);
        assertThat(receipt.refused()).containsExactly(recipients.get(1));
    }
}
