package io.outfeed.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.outfeed.internal.state.Document;

/** A line of the audit as a text, with a version and a checksum: what a store keeps. */
public final class AuditText {

    private AuditText() {}

    /**
     * Returns what a store keeps.
     *
     * @param entry the line
     * @return lines of printable ASCII characters
     */
    public static String of(AuditEntry entry) {
        Document document = new Document();
        document.put("id", entry.id());
        document.put("at", entry.at());
        document.put("principal", entry.principal());
        document.put("action", entry.action());
        entry.job().ifPresent(job -> document.put("job", job));
        document.put("subject", entry.subject());
        document.put("reason", entry.reason());
        document.put("outcome", entry.outcome());
        document.put("detail", entry.detail());
        return new String(document.asciiBytes(), UTF_8);
    }

    /**
     * Reads a line back.
     *
     * @param text its text
     * @param source names where the text is stored, for the message of a failure
     * @return the line
     * @throws io.outfeed.error.StoreException if the text is damaged, or was written by a newer version
     */
    public static AuditEntry read(String text, String source) {
        return Document.read(source, text.getBytes(UTF_8), AuditText::read);
    }

    private static AuditEntry read(Document document) {
        return new AuditEntry(
                document.text("id"),
                document.instant("at").orElseThrow(),
                document.text("principal"),
                document.text("action"),
                document.find("job"),
                document.text("subject"),
                document.text("reason"),
                AuditEntry.Outcome.valueOf(document.text("outcome")),
                document.text("detail"));
    }
}
