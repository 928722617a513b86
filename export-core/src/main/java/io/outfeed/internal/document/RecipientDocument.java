package io.outfeed.internal.document;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.FailureCode;
import io.outfeed.internal.state.Document;

/** Writes and reads what became of a recipient, below a key of a document. */
public final class RecipientDocument {

    private RecipientDocument() {}

    public static void write(Document document, String key, RecipientDelivery recipient) {
        document.put(key + ".number", recipient.number());
        document.put(key + ".key", recipient.key());
        document.put(key + ".state", recipient.state());
        if (recipient.repeated()) {
            document.put(key + ".repeated", "yes");
        }
        recipient.refusal().ifPresent(refusal -> {
            document.put(key + ".code", refusal.code());
            document.put(key + ".status", refusal.status());
        });
    }

    public static RecipientDelivery read(Document document, String key) {
        return new RecipientDelivery(
                (int) document.number(key + ".number"),
                document.text(key + ".key"),
                RecipientDelivery.State.valueOf(document.text(key + ".state")),
                document.find(key + ".repeated").isPresent(),
                document.find(key + ".code")
                        .map(code -> new RecipientDelivery.Refusal(
                                FailureCode.valueOf(code), document.text(key + ".status"))));
    }
}
