package io.outfeed.mail.internal.digest;

import io.outfeed.notification.Digest;

/** What both the text and the HTML of a digest have beside its notices. */
final class DigestText {

    private DigestText() {}

    static String of(Digest digest, String notifier) {
        return digest.text() + "\n" + footer(notifier) + "\n";
    }

    static String footer(String notifier) {
        return "This message was sent automatically (notifier " + notifier + ").";
    }
}
