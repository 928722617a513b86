package io.outfeed.mail;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answered, reduced to its codes: the text of an answer often repeats the address.
 *
 * @param code the three digits; 0 or less if there was no answer
 * @param codes the digits, and the enhanced status code of RFC 3463 if there is one, such as {@code 550 5.1.1}
 */
record Reply(int code, String codes) {

    private static final Pattern ENHANCED = Pattern.compile("\\A\\d{3}[ -]([245]\\.\\d{1,3}\\.\\d{1,3})\\b");

    static Reply of(int code, String answer) {
        Matcher enhanced = ENHANCED.matcher(answer);
        return new Reply(code, enhanced.find() ? code + " " + enhanced.group(1) : Integer.toString(code));
    }

    boolean notNow() {
        return code >= 400 && code <= 499;
    }

    boolean refused() {
        return code >= 500 && code <= 599;
    }

    /** The server ends the conversation. */
    boolean closing() {
        return code == 421;
    }
}
