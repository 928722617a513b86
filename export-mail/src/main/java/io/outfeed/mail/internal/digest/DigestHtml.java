package io.outfeed.mail.internal.digest;

import io.outfeed.notification.Digest;
import io.outfeed.notification.Notice;
import io.outfeed.notification.Notice.Fact;
import java.time.Instant;

/**
 * A digest as HTML. Styles are inline, since mail programs drop others, and there are no images, links and scripts.
 * Text has the reader's own colors, and what is less important is half transparent: legible on light and on dark.
 */
final class DigestHtml {

    /** Wide enough for a line of text, and narrower than the pane of a desktop program. */
    private static final String PAGE = "margin:0 auto;padding:12px;max-width:640px;color-scheme:light dark;"
            + "font:16px/1.4 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

    private static final String HEADLINE = "margin:0 0 6px;font-size:17px;line-height:1.3;overflow-wrap:anywhere";
    private static final String LABEL =
            "padding:3px 12px 3px 0;width:84px;text-align:left;vertical-align:top;" + "font-weight:normal;opacity:.7";
    private static final String VALUE = "padding:3px 0;vertical-align:top;overflow-wrap:anywhere";
    private static final String FOOTER =
            "margin:20px 0 0;padding:8px 0 0;border-top:1px solid rgba(128,128,128,.4);" + "font-size:13px;opacity:.7";

    private final StringBuilder html = new StringBuilder();

    private DigestHtml() {}

    static String of(Digest digest, String notifier) {
        DigestHtml page = new DigestHtml();
        page.write(digest, notifier);
        return page.html.toString();
    }

    private void write(Digest digest, String notifier) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\">\n")
                .append("<meta name=\"supported-color-schemes\" content=\"light dark\">\n");
        element("title", "", digest.subject());
        html.append("</head>\n<body style=\"").append(PAGE).append("\">\n");
        digest.inFull().forEach(notice -> notice(notice, digest.at()));
        if (!digest.byHeadline().isEmpty()) {
            element("p", "margin:20px 0 6px", "And " + digest.byHeadline().size() + " more:");
            digest.byHeadline().forEach(notice -> element("p", bar(notice) + ";margin:4px 0", notice.headline()));
        }
        element("p", FOOTER, DigestText.footer(notifier));
        html.append("</body>\n</html>\n");
    }

    private void notice(Notice notice, Instant now) {
        html.append("<div style=\"").append(bar(notice)).append(";margin:0 0 20px\">\n");
        element("h2", HEADLINE, notice.headline());
        html.append("<table style=\"width:100%;border-collapse:collapse;font-size:15px\">\n");
        for (Fact fact : notice.facts(now)) {
            html.append("<tr>");
            element("th", LABEL, fact.label());
            element("td", VALUE, fact.text());
            html.append("</tr>\n");
        }
        html.append("</table>\n</div>\n");
    }

    /** The colors are those of lights in traffic; the headline says in words what they say. */
    private static String bar(Notice notice) {
        String color = switch (notice.kind()) {
            case OPENED -> "#d93025";
            case REMINDER -> "#e37400";
            case ENDED, OPENED_AND_ENDED -> "#188038";
        };
        return "border-left:5px solid " + color + ";padding:2px 0 2px 12px";
    }

    private void element(String name, String style, String text) {
        html.append('<').append(name);
        if (!style.isEmpty()) {
            html.append(" style=\"").append(style).append('"');
        }
        html.append('>').append(escaped(text)).append("</").append(name).append(">\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
