package io.outfeed.mail.internal.message;

import java.nio.charset.StandardCharsets;

/** Encodes the values of header parameters that are not ASCII, by RFC 2231, section 4. */
final class ExtendedParameter {

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";

    private ExtendedParameter() {}

    /** Returns a value with its charset, such as <code>UTF-8''Z%C3%BCrich.csv</code>. */
    static String of(String value) {
        StringBuilder encoded = new StringBuilder("UTF-8''");
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf((char) (b & 0xff)) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b));
            }
        }
        return encoded.toString();
    }
}
