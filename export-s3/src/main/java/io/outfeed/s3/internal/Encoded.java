package io.outfeed.s3.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;

/** Text in headers, which have ASCII only. */
final class Encoded {

    private Encoded() {}

    static String query(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** Returns the text itself if it is not encoded: others have written it. */
    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
