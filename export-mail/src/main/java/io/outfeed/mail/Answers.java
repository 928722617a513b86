package io.outfeed.mail;

import java.util.ArrayList;
import java.util.List;

/** What a server said to one message for each of some recipients, who are numbered here and never named. */
final class Answers {

    private final int recipients;
    private final List<String> refused = new ArrayList<>();
    private final List<String> notNow = new ArrayList<>();
    private int notSent;

    Answers(int recipients) {
        this.recipients = recipients;
    }

    /** A recipient whose message was not accepted. */
    void add(int number, Reply reply) {
        (reply.notNow() ? notNow : refused).add("recipient " + number + " (" + reply.codes() + ")");
    }

    /** Recipients whom nobody could ask for. */
    void notSent(int count) {
        notSent = count;
    }

    boolean allAccepted() {
        return refused.isEmpty() && notNow.isEmpty() && notSent == 0;
    }

    /** Whether nobody is left whom trying again may reach. */
    boolean noneLater() {
        return notNow.isEmpty();
    }

    /** What became of it, as the end of a sentence. */
    @Override
    public String toString() {
        return "was accepted for " + (recipients - refused.size() - notNow.size() - notSent) + " of " + recipients
                + " recipients" + part("refused", refused) + part("not served for now", notNow)
                + (notSent == 0 ? "" : "; not sent to " + notSent);
    }

    private static String part(String what, List<String> recipients) {
        return recipients.isEmpty() ? "" : "; " + what + " " + recipients.size() + ": " + String.join(", ", recipients);
    }
}
