package io.outfeed.mail.internal.message;

import io.outfeed.delivery.OutgoingFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Message-IDs: the same file of the same run for the same recipient has the same one, in every process. */
public final class MessageIds {

    private static final int BYTES = 16;

    private MessageIds() {}

    /**
     * An id such as {@code <outfeed.41.9f86d081884c7d659a2feaa0c55ad015@vendor.example>}. The content is part of it:
     * the numbers of runs start at 1 again when a store is lost, and mailboxes drop a message with an id that they
     * have.
     */
    public static String ofFile(String delivery, MailAddress from, MailAddress recipient, OutgoingFile file) {
        String key = String.join(
                "\n",
                file.job(),
                Long.toString(file.run()),
                delivery,
                file.file().path(),
                file.file().sha256());
        return of(Long.toString(file.run()), key, from, recipient);
    }

    /** The id of another message. The same key and recipient have the same one. */
    public static String of(String prefix, String key, MailAddress from, MailAddress recipient) {
        return "<outfeed." + prefix + "." + digest(key + "\n" + recipient.mailbox()) + "@" + from.domain() + ">";
    }

    static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
