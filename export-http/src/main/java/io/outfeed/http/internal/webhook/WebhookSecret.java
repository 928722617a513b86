package io.outfeed.http.internal.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret of a webhook as Standard Webhooks write it: {@code whsec_}, then 24 to 64 bytes in Base64. */
public final class WebhookSecret {

    public static final String FORM = "a secret is whsec_ and 24 to 64 random bytes in Base64";

    private static final String PREFIX = "whsec_";
    private static final char MAX_ASCII = 127;
    private static final int SHORTEST_KEY = 24;
    private static final int LONGEST_KEY = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        this.key = key;
    }

    /**
     * Reads a secret.
     *
     * @param text not changed
     * @return empty if it has another form
     */
    public static Optional<WebhookSecret> read(char[] text) {
        byte[] encoded = new byte[Math.max(0, text.length - PREFIX.length())];
        try {
            for (int i = 0; i < text.length; i++) {
                if (i < PREFIX.length() ? text[i] != PREFIX.charAt(i) : text[i] > MAX_ASCII) {
                    return Optional.empty();
                } else if (i >= PREFIX.length()) {
                    encoded[i - PREFIX.length()] = (byte) text[i];
                }
            }
            byte[] key = Base64.getDecoder().decode(encoded);
            return key.length < SHORTEST_KEY || key.length > LONGEST_KEY
                    ? Optional.empty()
                    : Optional.of(new WebhookSecret(key));
        } catch (IllegalArgumentException e) { // no Base64
            return Optional.empty();
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** Signs a request: {@code v1,} and HMAC-SHA256 of id, time and body, in Base64. */
    public String sign(String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
