package io.outfeed.mail;

import io.outfeed.delivery.OutgoingFile;
import jakarta.mail.internet.InternetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The ids of messages: the same file of the same run for the same recipient has the same one, in every process. */
final class MessageIds {

    private static final int BYTES = 16;

    private MessageIds() {}

    /**
     * Makes an id such as {@code <outfeed.41.9f86d081884c7d659a2feaa0c55ad015@vendor.example>}. The content takes part too:
     * numbers of runs begin anew when a store is lost, and mailboxes drop a message whose id they have.
     */
    static String ofFile(String delivery, InternetAddress from, InternetAddress recipient, OutgoingFile file) {
        String key = String.join(
                "\n",
                file.job(),
                Long.toString(file.run()),
                delivery,
                file.file().path(),
                file.file().sha256());
        return of(Long.toString(file.run()), key, from, recipient);
    }

    /** The same for any other matter. */
    static String of(String prefix, String key, InternetAddress from, InternetAddress recipient) {
        String domain = from.getAddress().substring(from.getAddress().lastIndexOf('@') + 1);
        return "<outfeed." + prefix + "." + digest(key + "\n" + MailAddress.withoutCase(recipient)) + "@" + domain
                + ">";
    }

    private static String digest(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
