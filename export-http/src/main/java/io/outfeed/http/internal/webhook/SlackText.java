package io.outfeed.http.internal.webhook;

import io.outfeed.internal.io.JsonWriter;
import io.outfeed.internal.io.JsonWriter.Layout;
import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notice.Fact;
import java.time.Instant;
import java.util.List;

/**
 * A digest as the text of a message: the first notices with their facts, of the others the headlines, and of what is
 * left the number, so that it is one message.
 */
final class SlackText {

    /** Slack and Mattermost make several messages of a text with more than 4,000 characters. */
    private static final int WITH_FACTS = 3_300;

    private static final int WITH_HEADLINES = 3_900;

    private SlackText() {}

    static String of(Digest digest) {
        StringBuilder body = new StringBuilder();
        JsonWriter json = new JsonWriter(body).beginObject(Layout.INLINE);
        json.name("text").value(text(digest));
        json.endObject();
        return body.toString();
    }

    private static String text(Digest digest) {
        StringBuilder text = new StringBuilder();
        List<Notice> notices = digest.notices();
        for (int i = 0; i < notices.size(); i++) {
            String headline = "*" + escaped(notices.get(i).headline()) + "*\n";
            String full = headline + facts(notices.get(i), digest.at());
            if (text.length() + full.length() <= WITH_FACTS) {
                text.append(full).append('\n');
            } else if (text.length() + headline.length() <= WITH_HEADLINES) {
                text.append(headline);
            } else {
                text.append("and ").append(notices.size() - i).append(" more\n");
                break;
            }
        }
        return text.toString().strip();
    }

    private static String facts(Notice notice, Instant now) {
        StringBuilder text = new StringBuilder();
        for (Fact fact : notice.facts(now)) {
            text.append(fact.label()).append(": ").append(escaped(fact.text())).append('\n');
        }
        return text.toString();
    }

    /** The three characters that Slack asks for; else a name could call a whole channel. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
