package io.outfeed.examples.leak;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;

/** What may come out nowhere. Each text is found in one place only, so that a leak names its source. */
enum Canary {
    NAME("Clara Kanarienvogel"),
    EMAIL("clara.k@pupils.example"),
    GRADE("4711081547"),
    BORN("1913-12-24"),
    KEY("PUPIL-0815"),
    PARAMETER("tenant-of-clara"),
    DATABASE_PASSWORD("database-secret"),
    WRONG_DATABASE_PASSWORD("wrong-database-secret"),
    SFTP_PASSWORD("sftp-secret"),
    WRONG_SFTP_PASSWORD("wrong-sftp-secret"),
    PASSPHRASE("passphrase-secret"),
    SMTP_PASSWORD("smtp-secret"),
    ACCESS_TOKEN("token-secret"),
    RECIPIENT("parents.of.clara@home.example"),
    /** What a mail server says: it repeats addresses, and its text is shown nowhere. */
    SMTP_TEXT("said-by-the-mail-server"),
    /** What code of the host or a driver says in an exception. */
    MESSAGE("quoted-in-a-message");

    final String text;

    Canary(String text) {
        this.text = text;
    }

    /** The text, and its bytes as hexadecimal digits and as Base64, wherever they begin in a group of three. */
    private Stream<String> forms() {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Stream.concat(
                        Stream.of(text, HexFormat.of().formatHex(bytes)),
                        Stream.of(0, 1, 2).map(shift -> base64(bytes, shift)))
                .map(form -> form.toLowerCase(Locale.ROOT));
    }

    /** Without the characters that have bits of what comes before or after. */
    private static String base64(byte[] bytes, int shift) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        return encoded.substring(shift == 0 ? 0 : shift + 1, encoded.length() - (shifted.length % 3 == 0 ? 0 : 1));
    }

    boolean isIn(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        return forms().anyMatch(lower::contains);
    }

    /** A sentence with a row, and with every secret, as an exception may quote it. */
    static String all() {
        return String.join(
                "; ", Arrays.stream(values()).map(canary -> canary.text).toList());
    }
}
