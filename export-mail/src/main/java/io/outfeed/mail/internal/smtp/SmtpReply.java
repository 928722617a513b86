package io.outfeed.mail.internal.smtp;

import io.outfeed.error.FailureCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reply of a server, reduced to its codes: its text often repeats the address.
 *
 * @param code the three digits; 0 or less if there was no reply
 * @param codes the digits, and the enhanced status code of RFC 3463 if there is one, such as {@code 550 5.1.1}
 */
public record SmtpReply(int code, String codes) {

    /** The server has closed the connection, or was silent, instead of a reply. */
    public static final SmtpReply NONE = new SmtpReply(0, "no reply");

    private static final Pattern ENHANCED = Pattern.compile("\\A\\d{3}[ -]([245]\\.\\d{1,3}\\.\\d{1,3})\\b");

    static SmtpReply of(int code, String text) {
        Matcher enhanced = ENHANCED.matcher(text);
        return new SmtpReply(code, enhanced.find() ? code + " " + enhanced.group(1) : Integer.toString(code));
    }

    /** Returns a reply that was reduced to its codes before. */
    public static SmtpReply ofCodes(String codes) {
        return codes.equals(NONE.codes) ? NONE : new SmtpReply(Integer.parseInt(codes.substring(0, 3)), codes);
    }

    /** What a refused message or recipient means, by the enhanced status code where there is one. */
    public FailureCode kind() {
        if (codes.endsWith(".2.2")) { // the mailbox is full; servers give it as 452 and as 552
            return FailureCode.DESTINATION_FULL;
        } else if (isTransient() || code <= 0) {
            return FailureCode.DESTINATION_UNAVAILABLE;
        } else if (code == 530 || code == 535) { // the server wants a login first
            return FailureCode.LOGIN_REFUSED;
        } else if (codes.contains(" 5.1.")) {
            return FailureCode.DESTINATION_MISSING;
        }
        return codes.contains(" 5.7.") ? FailureCode.PERMISSION_DENIED : FailureCode.DESTINATION_REFUSED;
    }

    /** Whether the server may reply otherwise later. */
    public boolean isTransient() {
        return code >= 400 && code <= 499;
    }

    /** Whether the message is larger than the server accepts (RFC 1870), where the mailbox is not full. */
    boolean isTooLarge() {
        return codes.endsWith(" 5.3.4") || codes.endsWith(" 5.2.3") || codes.equals("552");
    }

    boolean isPermanent() {
        return code >= 500 && code <= 599;
    }

    /** Whether the server closes the connection. */
    boolean isClosing() {
        return code == 421;
    }
}
